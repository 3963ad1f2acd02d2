"""The list of those who see to reports, and what they do about one."""

from datetime import datetime

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, Fact, digest, news, seal, shown
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.reports import service
from hub.features.conduct.reports.pages import CasePage, CaseRow, ReportShown, ReportsPage
from hub.features.conduct.reports.queries import Reported, days_of, report_for, reports_for, reports_of
from hub.features.conduct.reports.topics import post_href, quoted, surroundings, title_of
from hub.features.conduct.reports.words import IN_SHORT, LEFT
from hub.ground.clock import working_days_after
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import PostReport
from hub.nouns.talk.service import post_for_writing
from hub.web.filters import moment
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send, Who
from hub.web.render import render

CHANGED = 409
BEGINS = 200
"""Characters of a post in the list."""
MANAGERS = "Only those who manage the place pass a report on, and once."
TO_OTHERS = "Pass on to the administrators"
LIST = Crumb("Reported posts", "/reports")


@blueprint.get("/reports")
@declares("report:list")
def list_reports() -> Response:
    """What waits for the viewer, a row for each post, the oldest first."""
    viewer().visible("manage")
    cases: dict[tuple[str, int], list[Reported]] = {}
    for each in reports_for(viewer()):
        cases.setdefault((each.report.node, each.report.number), []).append(each)
    firsts = [some[0] for some in cases.values()]
    days = days_of(g.db, {first.thing.organisation_id for first in firsts}) if firsts else {}
    people = named(viewer(), {first.post.author for first in firsts})
    return render(ReportsPage(cases=tuple(_row(some, days, people) for some in cases.values())))


@blueprint.get("/reports/<id:report_id>")
@declares("report:answer")
def show_report(report_id: str) -> Response:
    """One post that was reported, and who reported it."""
    return _page(_mine(report_id))


@blueprint.post("/reports/<id:report_id>/leave")
@declares("report:answer")
@acts
def leave(report_id: str) -> BaseResponse:
    """Let the post stand; those who reported it are told why."""
    return _answer(report_id, "leave", "It stays as it is. Those who reported it are told why.")


@blueprint.post("/reports/<id:report_id>/withdraw")
@declares("report:answer")
@acts
def take_out(report_id: str) -> BaseResponse:
    """Withdraw the post; the reason stands in its place."""
    return _answer(report_id, "withdraw", "It is withdrawn. Your reason stands in its place.")


@blueprint.post("/reports/<id:report_id>/pass-on")
@declares("report:answer")
@acts
def pass_on(report_id: str) -> BaseResponse:
    """Leave it to those who look after the organisation."""
    return _answer(report_id, "pass-on", "It is passed on to those who look after the organisation.")


def _answer(report_id: str, what: str, said: str) -> BaseResponse:
    found, note = _mine(report_id), request.form.get(f"{what}-note", "")
    since = news(_facts(found))
    if _is_done(found):
        return _page(found, CHANGED)
    if what == "pass-on" and not _passes(found):
        raise NotPermitted(MANAGERS)
    if since is not None:
        return _page(found, CHANGED, since or (NOT_SHOWN,), {what: note})
    by = viewer().subject.id
    try:
        with acting() as uow:
            post = post_for_writing(uow.session, found.post.node, found.post.number)
            if what == "pass-on":
                service.pass_on(uow, found.thing, post, by)
            else:
                do = service.leave if what == "leave" else service.take_out
                do(uow, found.thing, post, by, note)
    except Invalid as refused:
        return _page(found, 422, (), {what: note}, (Problem(f"{what}-note", str(refused)),))
    say(said)
    return redirect("/reports", code=303)


def _mine(report_id: str) -> Reported:
    viewer().visible("manage")
    found = report_for(viewer(), report_id)
    if found is None:
        raise NotFound
    return found


def _passes(found: Reported) -> bool:
    """Whether the viewer may leave it to those who look after the organisation."""
    return not found.report.passed_on and viewer().sees(found.thing, "manage")


def _is_done(found: Reported) -> bool:
    return bool(found.report.outcome) or found.post.withdrawn_at is not None


def _facts(found: Reported) -> tuple[Fact, ...]:
    """What a page showed of a case: the post as it reads, how many reported it, and whether it is passed on."""
    reports = [each for each in reports_of(g.db, found.post) if not each.outcome]
    passed = any(each.passed_by for each in reports)
    return (
        Fact("revision", str(found.post.revision), lambda: "The post was edited meanwhile."),
        Fact("reports", digest(*(each.id for each in reports)), lambda: "Somebody else reported it meanwhile."),
        Fact("passed", "yes" if passed else "no", lambda: "It was passed on meanwhile."),
    )


def _row(some: list[Reported], days: dict[str, int], people: dict[str, Who]) -> CaseRow:
    first = some[0]
    due = working_days_after(first.report.at, days[first.thing.organisation_id])
    place = viewer().place(first.thing.place_id)
    body = " ".join(first.post.body.split())
    return CaseRow(
        href=f"/reports/{first.report.id}",
        title=title_of(first.thing),
        place=place.name if place else "",
        by=people.get(first.post.author, NOBODY),
        body=body if len(body) <= BEGINS else f"{body[:BEGINS].rsplit(' ', 1)[0]} …",
        reasons=", ".join(dict.fromkeys(IN_SHORT.get(each.report.why, "") for each in some)),
        reports=len(some),
        at=first.report.at,
        due=due,
        overdue=due < parts().clock.now(),
        passed_on=any(each.report.passed_on for each in some),
    )


def _page(
    found: Reported,
    status: int = 200,
    since: tuple[str, ...] = (),
    notes: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    thing, post, here = found.thing, found.post, f"/reports/{found.report.id}"
    done, typed = _is_done(found), notes or {}
    reports = reports_of(g.db, post)
    together = [each for each in reports if each.outcome_at == found.report.outcome_at]
    reporters = {row.id: row.subject_id for row in _reporters(together)}
    words = {post.author, post.withdrawn_by, found.report.outcome_by, *reporters.values()} - {""}
    people = named(viewer(), words)
    days = days_of(g.db, [thing.organisation_id])[thing.organisation_id]
    due = working_days_after(together[0].at, days)
    facts = _facts(found)
    _, whose = surroundings(thing)
    return render(
        CasePage(
            title=f"A post in “{title_of(thing)}”",
            crumbs=(LIST,),
            problems=problems,
            whose=whose,
            post=quoted(thing, post, people),
            earlier_href=f"{post_href(thing, post.number)}/earlier" if post.revision > 1 and not done else "",
            reports=tuple(_shown(each, post.revision, reporters, people) for each in together),
            due=due,
            overdue=not done and due < parts().clock.now(),
            done=_done(found, people) if done else "",
            done_note=(found.report.note or post.reason) if done else "",
            leave_action="" if done else f"{here}/leave",
            withdraw_action="" if done else f"{here}/withdraw",
            pass_on=None if done or not _passes(found) else Send(TO_OTHERS, f"{here}/pass-on", (shown(facts),)),
            seen=seal(facts),
            news=since,
            leave_note=typed.get("leave", ""),
            withdraw_note=typed.get("withdraw", ""),
        ),
        status,
    )


def _reporters(reports: list[PostReport]) -> list[Person]:
    wanted = {each.reporter_id for each in reports}
    return list(g.db.query(Person).where(Person.id.in_(wanted)))


def _shown(report: PostReport, revision: int, reporters: dict[str, str], people: dict[str, Who]) -> ReportShown:
    return ReportShown(
        who=people.get(reporters.get(report.reporter_id, ""), NOBODY),
        at=report.at,
        why=IN_SHORT.get(report.why, ""),
        words=report.words,
        edited=revision > report.revision,
    )


def _done(found: Reported, people: dict[str, Who]) -> str:
    report, post = found.report, found.post
    if report.outcome == LEFT:
        return f"{_by(report.outcome_by, people)} left it as it is{_at(report.outcome_at)}."
    return f"{_by(post.withdrawn_by, people)} withdrew it{_at(post.withdrawn_at)}."


def _by(word: str, people: dict[str, Who]) -> str:
    return "You" if word == viewer().subject.id else str(people.get(word, NOBODY))


def _at(at: datetime | None) -> str:
    return f" on {moment(at).striptags()}" if at else ""
