"""The home page: the spaces that a person belongs to, and the documents that changed last."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from hub.access.columns import HOMES
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.access.where import among
from hub.clock import day_of
from hub.documents.models import DOCUMENTS, Document
from hub.documents.words import type_in_words
from hub.find.pages import HomePage
from hub.people.queries import people_by_subject
from hub.web.pages import DocumentRow, PlaceRow

MOST_SPACES = 12
MOST_DOCUMENTS = 10
NEWEST = 100
"""So many of the newest are looked at before all are."""


def home_page(viewer: Viewer) -> HomePage:
    """The page, in at most six queries."""
    spaces = my_spaces(viewer)
    recent = recent_documents(viewer)
    places = _seen_places(viewer, [d.place_id for d in recent], [s.organisation_id or "" for s in spaces])
    owners = people_by_subject(viewer.session, {d.owner for d in recent if d.owner})
    return HomePage(
        given_name=viewer.person.name.split()[0] if viewer.person.name.split() else "",
        spaces=tuple(_space_row(space, places) for space in spaces),
        recent=tuple(
            DocumentRow(
                title=document.title,
                href=f"/documents/{document.id}",
                kind=type_in_words(document.type),
                marking=document.marking,
                state=document.state,
                changed=day_of(document.changed_at),
                owner=owners[document.owner].name if document.owner in owners else "",
                place=places[document.place_id].name if document.place_id in places else "",
                place_href=f"/places/{places[document.place_id].path}" if document.place_id in places else "",
            )
            for document in recent
        ),
    )


def my_spaces(viewer: Viewer) -> list[Place]:
    """Spaces that the viewer was given or works in (may edit), by name; after them the others of their organisation."""
    given = [rule.where.removeprefix("node:") for rule in viewer.subject.grants if _in_force(rule.until, viewer)]
    works_in = or_(among(Place.id, given), viewer.where(HOMES, "edit"))
    mine = _spaces(viewer, works_in, MOST_SPACES)
    if len(mine) < MOST_SPACES and viewer.subject.orgs:
        known = {space.id for space in mine}
        others = _spaces(viewer, among(Place.organisation_id, viewer.subject.orgs), MOST_SPACES)
        mine += [space for space in others if space.id not in known][: MOST_SPACES - len(mine)]
    return mine


def recent_documents(viewer: Viewer) -> list[Document]:
    """The documents that changed last, of those that the viewer may see.

    Most people may see some of the very newest, which costs nothing to find out; only for others is everything sifted.
    """
    newest = select(Document).order_by(Document.changed_at.desc(), Document.id)
    found = viewer.kept(list(viewer.session.scalars(newest.limit(NEWEST))))
    if len(found) < MOST_DOCUMENTS:
        found = list(viewer.session.scalars(newest.where(viewer.where(DOCUMENTS)).limit(MOST_DOCUMENTS)))
    return found[:MOST_DOCUMENTS]


def _spaces(viewer: Viewer, condition: ColumnElement[bool], most: int) -> list[Place]:
    seen = select(Place).where(Place.kind == "space", viewer.where(HOMES), condition)
    return list(viewer.session.scalars(seen.order_by(Place.name, Place.id).limit(most)))


def _in_force(until: str, viewer: Viewer) -> bool:
    return until == "-" or viewer.today.isoformat() <= until


def _seen_places(viewer: Viewer, *ids: Iterable[str]) -> dict[str, Place]:
    wanted = sorted({place_id for some in ids for place_id in some if place_id})
    rows = viewer.session.scalars(select(Place).where(Place.id.in_(wanted))).all() if wanted else ()
    return {place.id: place for place in viewer.kept(list(rows))}


def _space_row(space: Place, places: dict[str, Place]) -> PlaceRow:
    organisation = places.get(space.organisation_id or "")
    return PlaceRow(
        name=space.name,
        href=f"/places/{space.path}",
        kind="space",
        description=space.description,
        marking=space.marking,
        audience=space.audience,
        organisation=organisation.name if organisation else "",
    )
