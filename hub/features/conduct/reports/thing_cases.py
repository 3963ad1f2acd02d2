"""A thing that was reported, with all its reports, as those see it who decide; and what they decide."""

from datetime import datetime

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import parts, viewer
from hub.access.models import Person
from hub.audience.acting import acting
from hub.audience.sealing import NOT_SHOWN, Fact, digest, news, seal, shown
from hub.features.conduct.reports import answering
from hub.features.conduct.reports.pages import CasePage, CaseRow, ReportShown
from hub.features.conduct.reports.queries import days_of
from hub.features.conduct.reports.things import reports_of_thing, revision_of, thing_report_for
from hub.features.conduct.reports.topics import about_thing, surroundings
from hub.features.conduct.reports.words import DONE, IN_SHORT, LEFT
from hub.ground.clock import working_days_after
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import ThingReport
from hub.things.thing import Lying
from hub.web.filters import moment
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send, Who
from hub.web.render import render

CHANGED = 409
MANAGERS = "Only those who manage the place pass a report on, and once."
TO_OTHERS = "Pass on to the administrators"
SAID = {
    "leave": "It stays as it is. Those who reported it are told why.",
    "done": "Those who reported it are told what was done, and so is whose it is.",
    "pass-on": "It is passed on to those who look after the organisation.",
}


def thing_rows(some: list[tuple[ThingReport, Lying]], days: dict[str, int], people: dict[str, Who]) -> list[CaseRow]:
    """Things in the list, a row for each, of all their reports that wait."""
    cases: dict[str, list[tuple[ThingReport, Lying]]] = {}
    for each in some:
        cases.setdefault(each[0].node, []).append(each)
    return [_row([report for report, _ in case], case[0][1], days, people) for case in cases.values()]


def thing_case_page(
    report: ThingReport,
    thing: Lying,
    status: int = 200,
    since: tuple[str, ...] = (),
    notes: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    """One thing that was reported; `since` is what changed meanwhile, `notes` what was typed into which form."""
    here, typed, about = f"/reports/{report.id}", notes or {}, about_thing(thing)
    together = [each for each in reports_of_thing(g.db, thing.node) if each.outcome_at == report.outcome_at]
    reporters = _reporters(together)
    people = named(viewer(), {report.outcome_by, *reporters.values()} - {""})
    due = working_days_after(together[0].at, days_of(g.db, [thing.organisation_id])[thing.organisation_id])
    facts, (_, whose) = _facts(thing), surroundings(thing, itself=True)
    passes = not report.outcome and not report.passed_on and viewer().sees(thing, "manage")
    return render(
        CasePage(
            title=f"“{about.text}” was reported",
            crumbs=(Crumb("Reported posts and documents", "/reports"),),
            problems=problems,
            whose=whose,
            about=about,
            reports=tuple(_shown(each, revision_of(viewer(), thing), reporters, people) for each in together),
            due=due,
            overdue=not report.outcome and due < parts().clock.now(),
            done=_done(report, people),
            done_note=report.note,
            leave_action="" if report.outcome else f"{here}/leave",
            seen_to_action="" if report.outcome else f"{here}/done",
            pass_on=Send(TO_OTHERS, f"{here}/pass-on", (shown(facts),)) if passes else None,
            seen=seal(facts),
            news=since,
            leave_note=typed.get("leave", ""),
            done_typed=typed.get("done", ""),
        ),
        status,
    )


def answered_page(report_id: str, what: str) -> BaseResponse:
    """Do what a form of the page says; raises NotFound where it is not the viewer's to see to."""
    viewer().visible("manage")
    found = thing_report_for(viewer(), report_id)
    if found is None:
        raise NotFound
    (report, thing), note = found, request.form.get(f"{what}-note", "")
    since = news(_facts(thing))
    if report.outcome:
        return thing_case_page(report, thing, CHANGED)
    if what == "pass-on" and (report.passed_on or not viewer().sees(thing, "manage")):
        raise NotPermitted(MANAGERS)
    if since is not None:
        return thing_case_page(report, thing, CHANGED, since or (NOT_SHOWN,), {what: note})
    by = viewer().subject.id
    try:
        with acting() as uow:
            if what == "pass-on":
                answering.pass_on(uow, thing, by)
            else:
                answering.answer(uow, thing, by, LEFT if what == "leave" else DONE, note)
    except Invalid as refused:
        return thing_case_page(report, thing, 422, (), {what: note}, (Problem(f"{what}-note", str(refused)),))
    say(SAID[what])
    return redirect("/reports", code=303)


def _facts(thing: Lying) -> tuple[Fact, ...]:
    """What the page showed: the thing as it reads, who reported it, and whether it is passed on."""
    reports = [each for each in reports_of_thing(g.db, thing.node) if not each.outcome]
    passed = any(each.passed_by for each in reports)
    return (
        Fact("revision", str(revision_of(viewer(), thing)), lambda: "It was changed meanwhile."),
        Fact("reports", digest(*(each.id for each in reports)), lambda: "Somebody else reported it meanwhile."),
        Fact("passed", "yes" if passed else "no", lambda: "It was passed on meanwhile."),
    )


def _row(reports: list[ThingReport], thing: Lying, days: dict[str, int], people: dict[str, Who]) -> CaseRow:
    first, place = reports[0], viewer().place(thing.place_id)
    due = working_days_after(first.at, days[thing.organisation_id])
    return CaseRow(
        href=f"/reports/{first.id}",
        icon="document",
        title=about_thing(thing).text,
        place=place.name if place else "",
        by=people.get(thing.owner, NOBODY),
        body="",
        reasons=", ".join(dict.fromkeys(IN_SHORT.get(each.why, "") for each in reports)),
        reports=len(reports),
        at=first.at,
        due=due,
        overdue=due < parts().clock.now(),
        passed_on=any(each.passed_on for each in reports),
    )


def _reporters(reports: list[ThingReport]) -> dict[str, str]:
    wanted = select(Person).where(Person.id.in_({each.reporter_id for each in reports}))
    return {person.id: person.subject_id for person in g.db.scalars(wanted)}


def _shown(report: ThingReport, revision: int, reporters: dict[str, str], people: dict[str, Who]) -> ReportShown:
    return ReportShown(
        who=people.get(reporters.get(report.reporter_id, ""), NOBODY),
        at=report.at,
        why=IN_SHORT.get(report.why, ""),
        words=report.words,
        edited=revision > report.revision,
    )


def _done(report: ThingReport, people: dict[str, Who]) -> str:
    if not report.outcome:
        return ""
    by = "You" if report.outcome_by == viewer().subject.id else str(people.get(report.outcome_by, NOBODY))
    return f"{by} {'left it as it is' if report.outcome == LEFT else 'saw to it'}{_at(report.outcome_at)}."


def _at(at: datetime | None) -> str:
    return f" on {moment(at).striptags()}" if at else ""
