"""Reporting a thing that people comment on, and seeing to it."""

from typing import Any

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, of_each_kind, parts, viewer
from hub.access.models import Person
from hub.audience.acting import acts
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.reports import answering
from hub.features.conduct.reports.pages import ReportPage
from hub.features.conduct.reports.queries import days_of
from hub.features.conduct.reports.reporting import SAID, ReportForm
from hub.features.conduct.reports.service import NewReport, check_report
from hub.features.conduct.reports.thing_cases import answered_page
from hub.features.conduct.reports.things import own_thing_report, revision_of
from hub.features.conduct.reports.topics import about_thing, managed_by_others, owner_id, surroundings, who_looks
from hub.features.conduct.reports.words import LEFT, REASONS
from hub.ground.errors import Invalid, NotPermitted
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.nouns.documents.forms import lines_of
from hub.nouns.talk.models import ThingReport
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.fields import number_in
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

OWN = "This is your own. You may change it, or withdraw it, where it stands."


def _rule(kind: Kind) -> str:
    return f"{kind.pages}<id:own>/report" if kind.talk else ""


@of_each_kind(blueprint, _rule)
@declares("report:add")
def ask_why_thing(prefix: str, own: str) -> Response:
    """What is wrong with it; or what became of the viewer's report."""
    return _page(_reportable(prefix, own), typed_into(ReportForm()))


@of_each_kind(blueprint, _rule, method="POST")
@declares("report:add", costs="write")
def send_thing_report(prefix: str, own: str) -> BaseResponse:
    """Keep the report; a second one of the same person adds nothing."""
    thing = _reportable(prefix, own)
    form = ReportForm(request.form.get("why", ""), lines_of(request.form.get("words", "")))
    try:
        check_report(form.why, form.words)
    except Invalid as refused:
        return _page(thing, form, (Problem(refused.field, str(refused)),))
    managers, now = managed_by_others(thing, owner_id(g.db, thing)), revision_of(viewer(), thing)
    new = NewReport(form.why, form.words, number_in(request.form.get("revision")) or now)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        reporter = uow.session.get_one(Person, viewer().person.id, with_for_update=True)
        added = answering.report_thing(uow, thing, now, reporter, new, passed_on=not managers)
        drafts.sent(uow)
    looks = who_looks(thing, _days(thing), managers=managers)
    say(SAID.format(looks) if added else "You reported this before: nothing was added.", "success" if added else "info")
    return redirect(f"{viewer().kinds.face(thing).href}/report", code=303)


@blueprint.post("/reports/<id:report_id>/done")
@declares("report:answer")
@acts
def see_to(report_id: str) -> BaseResponse:
    """Say what was done about a thing; those who reported it are told, and whose it is."""
    return answered_page(report_id, "done")


def _reportable(prefix: str, own: str) -> Lying:
    kind = parts().kinds[prefix]
    thing: Any = viewer().read(g.db.get(kind.model, own))
    if thing.owner == viewer().subject.id:
        raise NotPermitted(OWN)
    found: Lying = thing
    return found


def _days(thing: Lying) -> int:
    return days_of(g.db, [thing.organisation_id])[thing.organisation_id]


def _page(thing: Lying, form: ReportForm, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose = surroundings(thing, itself=True)
    href, now = viewer().kinds.face(thing).href, revision_of(viewer(), thing)
    before = own_thing_report(g.db, viewer().person.id, thing.node)
    own = before if before is not None and answering.still_holds(before, now) else None
    managers = managed_by_others(thing, owner_id(g.db, thing))
    about = about_thing(thing)
    return render(
        ReportPage(
            title=f"Report “{about.text}”" if own is None else "You reported this",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            about=about,
            who_looks=who_looks(thing, _days(thing), managers=managers),
            action=f"{href}/report" if own is None else "",
            cancel_href=href,
            choices=REASONS,
            why=form.why,
            words=form.words,
            revision=now,
            said=_became(own) if own else "",
        )
    )


def _became(own: ThingReport) -> str:
    when = f"You reported it on {day(own.at).striptags()}."
    if own.outcome == LEFT:
        return f"{when} It was looked at and stays as it is: {own.note}"
    return f"{when} It was seen to: {own.note}" if own.outcome else f"{when} It waits for an answer."
