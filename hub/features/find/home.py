"""The home page: a person's spaces and drafts, what changed there since they were here last, and the newest of all."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, case, not_, or_, select

from hub.access.columns import HOMES
from hub.access.membership import given_to, standings
from hub.access.models import Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.access.where import among
from hub.features.find.pages import HomePage
from hub.ground.clock import day_of
from hub.nouns.documents.models import DOCUMENTS, Document, Revision
from hub.nouns.documents.words import type_in_words
from hub.nouns.people.queries import named
from hub.web.pages import DocumentRow, Notice, PlaceRow, Who

MOST_SPACES = 12
MOST_OTHERS = 6
MOST_DOCUMENTS = 10
FIRST_LOOK = timedelta(days=30)
"""What somebody who was never here before is shown as new."""
NEWEST = 100
"""So many of the newest are looked at before all are."""


def home_page(viewer: Viewer, last_visit: datetime | None, now: datetime, notices: Iterable[Notice] = ()) -> HomePage:
    """The page, in at most nine queries. `last_visit` is None for somebody who was never here before."""
    mine, others = spaces_of(viewer)
    spaces = [*mine, *others]
    drafts = my_drafts(viewer)
    changed = changed_since(viewer, spaces, last_visit or now - FIRST_LOOK)
    above = {document.id for document in (*drafts, *changed)}
    recent = [document for document in recent_documents(viewer) if document.id not in above]
    listed = [*drafts, *changed, *recent]
    places = _seen_places(viewer, [d.place_id for d in listed], [s.organisation_id or "" for s in spaces])
    owners = named(viewer, {d.owner for d in listed})
    standing = standings(viewer, others)
    return HomePage(
        given_name=viewer.person.name.split()[0] if viewer.person.name.split() else "",
        notices=tuple(notices),
        spaces=tuple(_space_row(space, places) for space in mine),
        others=tuple(_space_row(space, places, standing[space.id]) for space in others),
        writes=bool(drafts or viewer.kept(spaces, "edit")),
        drafts=tuple(_row(document, places, owners) for document in drafts),
        last_visit=last_visit,
        changed=tuple(_row(document, places, owners) for document in changed),
        recent=tuple(_row(document, places, owners) for document in recent),
    )


def my_drafts(viewer: Viewer) -> list[Document]:
    """The viewer's own drafts, last changed first."""
    mine = (Document.owner == viewer.subject.id, Document.state == "draft", viewer.where(DOCUMENTS))
    found = select(Document).where(*mine).order_by(Document.changed_at.desc(), Document.id)
    return list(viewer.session.scalars(found.limit(MOST_DOCUMENTS)))


def changed_since(viewer: Viewer, spaces: list[Place], since: datetime) -> list[Document]:
    """The documents in some spaces that others changed after a moment, as far as the viewer may see them.

    What the viewer saved last themselves is no news to them.
    """
    below = select(PlaceClosure.descendant_id).where(among(PlaceClosure.ancestor_id, [space.id for space in spaces]))
    own = (Revision.author == viewer.subject.id) & (Revision.created_at == Document.changed_at)
    newest = (
        select(Document)
        .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
        .where(Document.changed_at > since, Document.place_id.in_(below), not_(own))
        .order_by(Document.changed_at.desc(), Document.id)
    )
    return _first_seen(viewer, newest) if spaces else []


def spaces_of(viewer: Viewer) -> tuple[list[Place], list[Place]]:
    """The spaces of which the viewer is a member, by name; and others whose home pages they may see, in one query.

    Those others are of their organisation, first what they may edit. Of a guest's, nothing: their organisation is the
    one that they come from.
    """
    given = given_to(viewer)
    mine = among(Place.id, given)
    order = (case((mine, 0), (viewer.where(HOMES, "edit"), 1), else_=2), Place.name, Place.id)
    own = among(Place.organisation_id, viewer.subject.orgs) & not_(mine)
    listed = [
        Place.id.in_(
            select(Place.id)
            .where(Place.kind == "space", viewer.where(HOMES), some)
            .order_by(*order)
            .limit(most)
            .correlate(None)
        )
        for some, most in ((mine, MOST_SPACES), (own, MOST_OTHERS))
    ]
    found = viewer.session.scalars(select(Place).where(or_(*listed)).order_by(*order)).all()
    return [space for space in found if space.id in given], [space for space in found if space.id not in given]


def recent_documents(viewer: Viewer) -> list[Document]:
    """The documents that changed last, of those that the viewer may see."""
    return _first_seen(viewer, select(Document).order_by(Document.changed_at.desc(), Document.id))


def _first_seen(viewer: Viewer, newest: Select[Document]) -> list[Document]:
    """The first of a list that the viewer may see.

    Most people may see some of the very newest, which costs nothing to find out; only for others is everything sifted.
    """
    looked_at = list(viewer.session.scalars(newest.limit(NEWEST)))
    found = viewer.kept(looked_at)
    if len(found) < MOST_DOCUMENTS and len(looked_at) == NEWEST:
        found = list(viewer.session.scalars(newest.where(viewer.where(DOCUMENTS)).limit(MOST_DOCUMENTS)))
    return found[:MOST_DOCUMENTS]


def _row(document: Document, places: dict[str, Place], owners: dict[str, Who]) -> DocumentRow:
    return DocumentRow(
        title=document.title,
        href=f"/documents/{document.id}",
        kind=type_in_words(document.type),
        marking=document.marking,
        state=document.state,
        changed=day_of(document.changed_at),
        owner=str(owners[document.owner]) if document.owner in owners else "",
        place=places[document.place_id].name if document.place_id in places else "",
        place_href=f"/places/{places[document.place_id].path}" if document.place_id in places else "",
    )


def _seen_places(viewer: Viewer, *ids: Iterable[str]) -> dict[str, Place]:
    wanted = sorted({place_id for some in ids for place_id in some if place_id})
    rows = viewer.session.scalars(select(Place).where(Place.id.in_(wanted))).all() if wanted else ()
    return {place.id: place for place in viewer.kept(list(rows))}


def _space_row(space: Place, places: dict[str, Place], standing: str = "") -> PlaceRow:
    organisation = places.get(space.organisation_id or "")
    return PlaceRow(
        name=space.name,
        href=f"/places/{space.path}",
        kind="space",
        description=space.description,
        marking=space.marking,
        audience=space.audience,
        organisation=organisation.name if organisation else "",
        standing=standing,
    )
