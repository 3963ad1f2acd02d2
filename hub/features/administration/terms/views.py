"""Writing and publishing the terms of an organisation, and saying how soon its reports are answered."""

from dataclasses import dataclass, replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, Fact, news, seal
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.seals import as_problem
from hub.features.administration.terms.pages import TermsAdminPage, TermsEditPage
from hub.features.conduct.reports.settings import MOST_DAYS, answer_within, set_answer_within
from hub.features.conduct.terms.queries import accepted_by, holds_for, last_number, version_of, versions_of
from hub.features.conduct.terms.service import accept_terms, check_terms, publish_terms
from hub.features.conduct.terms.usual import USUAL
from hub.features.conduct.terms.views import row_of
from hub.ground.errors import Invalid
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.nouns.documents.forms import lines_of
from hub.things.words import counted
from hub.web.fields import number_in
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem
from hub.web.render import render

CHANGED: Final = 409
ASKS: Final = (
    Choice("yes", "Ask everybody again", "Nobody goes on before they accept it, also whoever accepted an earlier one."),
    Choice("no", "Ask only those who have accepted none yet", "For a mended word or a clearer sentence."),
)


@dataclass(frozen=True)
class TermsForm:
    """The fields of the form, as they came."""

    body: str
    note: str = ""
    asks: str = ""
    problems: tuple[Problem, ...] = ()


@blueprint.get("/admin/<slug:organisation>/terms")
@declares("organisation:administer")
def show_terms(organisation: str) -> Response:
    """What holds now."""
    return _page(administered(organisation))


@blueprint.post("/admin/<slug:organisation>/terms/reports")
@declares("organisation:administer")
@acts
def save_answer_within(organisation: str) -> BaseResponse:
    """Change how soon reports are answered."""
    place, sent = administered(organisation), request.form.get("answer_within", "").strip()
    if (since := news(_days(place))) is not None:
        return _page(place, sent, (Problem("answer_within", as_problem(since)),))
    days = number_in(sent)
    if days is None or not 0 < days <= MOST_DAYS:
        return _page(place, sent, (Problem("answer_within", f"Enter a number of days from 1 to {MOST_DAYS}"),))
    with acting() as uow:
        set_answer_within(uow, place, days)
    say(f"Reports are to be answered within {counted(days, 'working day', 'working days')}.")
    return redirect(f"/admin/{place.path}/terms", code=303)


@blueprint.get("/admin/<slug:organisation>/terms/edit")
@declares("organisation:administer")
def edit_terms(organisation: str) -> Response:
    """The text that holds now in a form, or what is usual."""
    place = administered(organisation)
    holds = version_of(g.db, place.id, last_number(g.db, place.id))
    return _edit_page(place, typed_into(TermsForm(holds.body if holds else USUAL)))


@blueprint.post("/admin/<slug:organisation>/terms/edit")
@declares("organisation:administer", costs="write")
@acts
def save_terms(organisation: str) -> BaseResponse:
    """Publish it; wrong input comes back with what to mend."""
    place = administered(organisation)
    first = not last_number(g.db, place.id)
    form, preview = _read(request.form, first=first), request.form.get("do") == "preview"
    since = news(_number(place))
    if preview:
        return _edit_page(place, replace(form, problems=()), preview=True)
    if form.problems:
        return _edit_page(place, form)
    if since is not None:
        return _edit_page(place, form, since=since or (NOT_SHOWN,))
    with acting() as uow:
        found = publish_terms(uow, place, form.body, form.note, asks=form.asks == "yes")
        if holds_for(viewer(), place.id):
            accept_terms(uow, viewer().person, place.id, found.number)
        drafts.sent(uow)
    asked = "Everybody is asked to accept it." if found.asks else "Whoever accepted an earlier one is not asked again."
    say(f"Version {found.number} is published. {asked}")
    return redirect(f"/admin/{place.path}/terms", code=303)


def _read(fields: MultiDict[str, str], *, first: bool) -> TermsForm:
    form = TermsForm(lines_of(fields.get("body", "")), fields.get("note", "").strip(), fields.get("asks", ""))
    try:
        check_terms(form.body, form.note, first=first)
    except Invalid as refused:
        return replace(form, problems=(Problem(refused.field, str(refused)),))
    if not first and form.asks not in {choice.value for choice in ASKS}:
        return replace(form, problems=(Problem("asks", "Select whether everybody is asked again"),))
    return form


def _number(place: Place) -> tuple[Fact, ...]:
    """Which version the form replaces."""
    number = last_number(g.db, place.id)
    return (Fact("terms", str(number), lambda: f"Somebody published version {number} meanwhile."),)


def _days(place: Place) -> tuple[Fact, ...]:
    days = answer_within(g.db, place.id)
    told = f"Nothing was saved: somebody changed this to {days} meanwhile."
    return (Fact("days", str(days), lambda: told),)


def _page(place: Place, sent: str | None = None, problems: tuple[Problem, ...] = ()) -> Response:
    versions = versions_of(g.db, [place.id]).get(place.id, [])
    holds = versions[0] if versions else None
    accepted, of = accepted_by(viewer(), place.id) if holds else (0, 0)
    here = f"/admin/{place.path}/terms"
    return render(
        TermsAdminPage(
            title="Terms and reports",
            crumbs=crumbs(place),
            problems=problems,
            tabs=tabs(place, "Terms"),
            edit_href=f"{here}/edit",
            number=holds.number if holds else 0,
            published=holds.published_at if holds else None,
            accepted=f"{accepted:,} of {counted(of, 'person has', 'people have')} accepted it." if holds else "",
            body=holds.body if holds else USUAL,
            revision=f"terms/{place.id}/{holds.number}" if holds else "terms/usual",
            versions=tuple(row_of(each, place.path) for each in versions),
            action=f"{here}/reports",
            seen=seal(_days(place)),
            answer_within=str(answer_within(g.db, place.id)) if sent is None else sent,
        )
    )


def _edit_page(place: Place, form: TermsForm, *, preview: bool = False, since: tuple[str, ...] = ()) -> Response:
    here = f"/admin/{place.path}/terms"
    return render(
        TermsEditPage(
            title="The next version of your terms",
            crumbs=crumbs(place, Crumb("Terms and reports", here)),
            problems=form.problems,
            tabs=tabs(place, "Terms"),
            action=f"{here}/edit",
            cancel_href=here,
            body=form.body,
            note=form.note,
            asks=form.asks,
            choices=ASKS if last_number(g.db, place.id) else (),
            preview=preview,
            seen=seal(_number(place)),
            news=since,
        ),
        CHANGED if since else 200,
    )
