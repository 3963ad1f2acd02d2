"""A post that was reported, with all its reports, as those see it who decide."""

from datetime import datetime
from typing import Final

from flask import Response, g
from sqlalchemy import select

from hub.access.guard import parts, viewer
from hub.access.models import Person
from hub.audience.sealing import Fact, digest, seal, shown
from hub.features.conduct.reports.pages import CasePage, CaseRow, ReportShown
from hub.features.conduct.reports.queries import Reported, days_of, reports_of
from hub.features.conduct.reports.topics import post_href, quoted, surroundings, title_of
from hub.features.conduct.reports.words import IN_SHORT, LEFT
from hub.ground.clock import working_days_after
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import PostReport
from hub.web.filters import moment
from hub.web.pages import Crumb, Problem, Send, Who
from hub.web.render import render

BEGINS: Final = 200
"""Characters of a post in the list."""
TO_OTHERS: Final = "Pass on to the administrators"
LIST: Final = Crumb("Reported posts and documents", "/reports")


def may_pass_on(found: Reported) -> bool:
    """Whether the viewer may leave it to those who look after the organisation."""
    return not found.report.passed_on and viewer().sees(found.thing, "manage")


def is_done(found: Reported) -> bool:
    """Whether somebody has decided it, or the post is withdrawn in another way."""
    return bool(found.report.outcome) or found.post.withdrawn_at is not None


def facts_of_case(found: Reported) -> tuple[Fact, ...]:
    """What a page showed of a case: the post as it reads, how many reported it, and whether it is passed on."""
    reports = [each for each in reports_of(g.db, found.post) if not each.outcome]
    passed = any(each.passed_by for each in reports)
    return (
        Fact("revision", str(found.post.revision), lambda: "The post was edited meanwhile."),
        Fact("reports", digest(*(each.id for each in reports)), lambda: "Somebody else reported it meanwhile."),
        Fact("passed", "yes" if passed else "no", lambda: "It was passed on meanwhile."),
    )


def row_of_case(some: list[Reported], days: dict[str, int], people: dict[str, Who]) -> CaseRow:
    """A post in the list, of all its reports that wait; `days` are those of each organisation."""
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


def case_page(
    found: Reported,
    status: int = 200,
    since: tuple[str, ...] = (),
    notes: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    """One post that was reported; `since` is what changed meanwhile, `notes` what was typed into which form."""
    thing, post, here = found.thing, found.post, f"/reports/{found.report.id}"
    done, typed = is_done(found), notes or {}
    reports = reports_of(g.db, post)
    together = [each for each in reports if each.outcome_at == found.report.outcome_at]
    reporters = {row.id: row.subject_id for row in _reporters(together)}
    words = {post.author, post.withdrawn_by, found.report.outcome_by, *reporters.values()} - {""}
    people = named(viewer(), words)
    days = days_of(g.db, [thing.organisation_id])[thing.organisation_id]
    due = working_days_after(together[0].at, days)
    facts = facts_of_case(found)
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
            pass_on=None if done or not may_pass_on(found) else Send(TO_OTHERS, f"{here}/pass-on", (shown(facts),)),
            seen=seal(facts),
            news=since,
            leave_note=typed.get("leave", ""),
            withdraw_note=typed.get("withdraw", ""),
        ),
        status,
    )


def _reporters(reports: list[PostReport]) -> list[Person]:
    wanted = {each.reporter_id for each in reports}
    return list(g.db.scalars(select(Person).where(Person.id.in_(wanted))))


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
