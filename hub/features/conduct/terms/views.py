"""The terms that hold for somebody: reading them, accepting them."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from federation.transaction import safe_return_path
from hub.access.guard import declares, parts, viewer
from hub.access.places import place_at
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.models import TermsVersion
from hub.features.conduct.terms.pages import AcceptPage, TermsPage, TermsShown, TermsVersionPage, VersionRow
from hub.features.conduct.terms.queries import OwnTerms, holds_for, last_number, own_terms, version_of, versions_of
from hub.features.conduct.terms.service import accept_terms
from hub.features.conduct.terms.usual import USUAL
from hub.ground.errors import Conflict, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.web.fields import number_in
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Crumb
from hub.web.render import render

CHANGED = 409


@blueprint.get("/terms")
@declares("terms:show")
def show_terms() -> Response:
    """What holds for the viewer, what they accepted, and what it said before."""
    viewer().visible()
    found = own_terms(viewer())
    versions = versions_of(g.db, [each.organisation.id for each in found])
    shown = tuple(_shown(each, versions.get(each.organisation.id, [])) for each in found)
    return render(TermsPage(terms=shown or (_usual(),)))


@blueprint.get("/terms/<slug:organisation>/<int:number>")
@declares("terms:show")
def show_version(organisation: str, number: int) -> Response:
    """One version, for those for whom its terms hold and those who look after the organisation."""
    viewer().visible()
    place = place_at(g.db, organisation)
    if place is None or place.kind != "organisation":
        raise NotFound
    if not holds_for(viewer(), place.id) and not viewer().sees(place, "administer"):
        raise NotFound
    found = version_of(g.db, place.id, number)
    if found is None:
        raise NotFound
    return render(
        TermsVersionPage(
            title=f"Terms of {place.name}, version {number}",
            crumbs=(Crumb("Terms and conduct", "/terms"),),
            organisation=place.name,
            row=row_of(found, place.path),
            body=found.body,
            revision=_revision(found),
            holds=number == last_number(g.db, place.id),
        )
    )


@blueprint.get("/accept-terms")
@declares("terms:show")
def ask() -> BaseResponse:
    """The terms that the viewer has yet to accept, one organisation's after another's."""
    viewer().visible()
    return _ask(_wanted(request.args.get("next")))


@blueprint.post("/accept-terms")
@declares("terms:show")
def accept() -> BaseResponse:
    """Note that the viewer accepts the version that they read; then on to where they were going."""
    viewer().visible()
    organisation, wanted = request.form.get("organisation", ""), _wanted(request.form.get("next"))
    if not holds_for(viewer(), organisation):
        raise NotFound
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            accept_terms(uow, viewer().person, organisation, number_in(request.form.get("number")) or 0)
    except Conflict as refused:
        return _ask(wanted, str(refused))
    say("Thank you. You find these terms under “Terms” at the end of each page.")
    return redirect(wanted, code=303)


def _ask(wanted: str, news: str = "") -> BaseResponse:
    found = next((each for each in own_terms(viewer()) if each.owed), None)
    if found is None or found.version is None:
        return redirect(wanted, code=303)
    version = found.version
    return render(
        AcceptPage(
            organisation=found.organisation.name,
            organisation_id=found.organisation.id,
            number=version.number,
            published=version.published_at,
            note=version.note if found.accepted else "",
            body=version.body,
            revision=_revision(version),
            guest=viewer().person.kind == "guest",
            again=bool(found.accepted),
            wanted=wanted,
            news=news,
        ),
        CHANGED if news else 200,
    )


def row_of(version: TermsVersion, path: str) -> VersionRow:
    """A version in a list; `path` is its organisation's."""
    href = f"/terms/{path}/{version.number}"
    return VersionRow(version.number, href, version.published_at, version.note, version.asks)


def _shown(own: OwnTerms, versions: list[TermsVersion]) -> TermsShown:
    version, name = own.version, own.organisation.name
    if version is None:
        return _usual(name)
    rows = [row_of(each, own.organisation.path) for each in versions]
    accepted = ""
    if own.accepted_at is not None:
        accepted = f"You accepted version {own.accepted} on {day(own.accepted_at).striptags()}."
    earlier = tuple(row for row in rows if row.number != version.number)
    return TermsShown(name, version.body, _revision(version), version.number, version.published_at, accepted, earlier)


def _usual(name: str = "") -> TermsShown:
    return TermsShown(name, USUAL, "terms/usual")


def _revision(version: TermsVersion) -> str:
    return f"terms/{version.organisation_id}/{version.number}"


def _wanted(path: str | None) -> str:
    """Where somebody was going, if that is one of our paths and not the question itself; else home."""
    safe = safe_return_path(path)
    return "/" if safe.partition("?")[0] == "/accept-terms" else safe
