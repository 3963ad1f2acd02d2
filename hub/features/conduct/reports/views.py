"""The list of those who see to reports, and what they do about one."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.reports import service
from hub.features.conduct.reports.cases import case_page, facts_of_case, is_done, may_pass_on, row_of_case
from hub.features.conduct.reports.pages import ReportsPage
from hub.features.conduct.reports.queries import Reported, days_of, report_for, reports_for
from hub.features.conduct.reports.thing_cases import answered_page, thing_case_page, thing_rows
from hub.features.conduct.reports.things import thing_report_for, things_for
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.nouns.people.queries import named
from hub.nouns.talk.service import post_for_writing
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

CHANGED = 409
MANAGERS = "Only those who manage the place pass a report on, and once."


@blueprint.get("/reports")
@declares("report:list")
def list_reports() -> Response:
    """What waits for the viewer, a row for each post or thing, the oldest first."""
    viewer().visible("manage")
    things = things_for(viewer())
    cases: dict[tuple[str, int], list[Reported]] = {}
    for each in reports_for(viewer()):
        cases.setdefault((each.report.node, each.report.number), []).append(each)
    firsts = [some[0] for some in cases.values()]
    whose = {first.thing.organisation_id for first in firsts} | {thing.organisation_id for _, thing in things}
    days = days_of(g.db, whose) if whose else {}
    people = named(viewer(), {first.post.author for first in firsts} | {thing.owner for _, thing in things} - {""})
    rows = [row_of_case(some, days, people) for some in cases.values()] + thing_rows(things, days, people)
    return render(ReportsPage(cases=tuple(sorted(rows, key=lambda row: row.at))))


@blueprint.get("/reports/<id:report_id>")
@declares("report:answer")
def show_report(report_id: str) -> Response:
    """One post or thing that was reported, and who reported it."""
    viewer().visible("manage")
    of_thing = thing_report_for(viewer(), report_id)
    return thing_case_page(*of_thing) if of_thing is not None else case_page(_mine(report_id))


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
    if what != "withdraw" and thing_report_for(viewer(), report_id) is not None:
        return answered_page(report_id, what)
    found, note = _mine(report_id), request.form.get(f"{what}-note", "")
    since = news(facts_of_case(found))
    if is_done(found):
        return case_page(found, CHANGED)
    if what == "pass-on" and not may_pass_on(found):
        raise NotPermitted(MANAGERS)
    if since is not None:
        return case_page(found, CHANGED, since or (NOT_SHOWN,), {what: note})
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
        return case_page(found, 422, (), {what: note}, (Problem(f"{what}-note", str(refused)),))
    say(said)
    return redirect("/reports", code=303)


def _mine(report_id: str) -> Reported:
    viewer().visible("manage")
    found = report_for(viewer(), report_id)
    if found is None:
        raise NotFound
    return found
