"""Reads of the desk. What a viewer may not see does not come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, not_, or_, select

from hub.access.columns import FOLDERS, HOMES
from hub.access.membership import given_to
from hub.access.models import Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.nouns.documents.models import DOCUMENTS, Document, Revision
from hub.things.columns import among

MOST_SPACES = 12
MOST_OTHERS = 6
MOST_DRAFTS = 10
MOST_RECENT = 10
NEWEST = 100
"""So many of the newest are looked at before all are."""
MOST_PLACES = 50
"""So many places are offered to whoever adds something."""


@dataclass(frozen=True)
class Changed:
    """A document that somebody else added or changed, and the space of the viewer's that it lies in."""

    document: Document
    author: str
    """Their `who` word."""
    added: bool
    space_id: str


def my_drafts(viewer: Viewer) -> list[Document]:
    """The viewer's own drafts, last changed first."""
    mine = (Document.owner == viewer.subject.id, Document.state == "draft", viewer.where(DOCUMENTS))
    found = select(Document).where(*mine).order_by(Document.changed_at.desc(), Document.id)
    return list(viewer.session.scalars(found.limit(MOST_DRAFTS)))


def changed_since(viewer: Viewer, spaces: Sequence[Place], since: datetime) -> list[Changed]:
    """The documents in some spaces that others changed after a moment, the newest first, at most `NEWEST`.

    What the viewer saved last themselves is no news to them. Of spaces inside one another the nearest is named.
    """
    if not spaces:
        return []
    own = (Revision.author == viewer.subject.id) & (Revision.created_at == Document.changed_at)
    rows = viewer.session.execute(
        select(Document, Revision.author, Revision.number, PlaceClosure.ancestor_id)
        .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
        .join(PlaceClosure, PlaceClosure.descendant_id == Document.place_id)
        .where(among(PlaceClosure.ancestor_id, [space.id for space in spaces]))
        .where(Document.changed_at > since, not_(own), viewer.where(DOCUMENTS))
        .order_by(Document.changed_at.desc(), Document.id, PlaceClosure.depth)
        .limit(NEWEST)
    )
    found: dict[str, Changed] = {}
    for document, author, number, space_id in rows:
        found.setdefault(document.id, Changed(document, author, number == 1, space_id))
    return list(found.values())


def spaces_at_hand(viewer: Viewer) -> tuple[list[Place], list[Place]]:
    """The spaces of which the viewer is a member, by name; where there are none, others whose home pages they may see.

    Those are of the viewer's organisation, first what they may edit. Of a guest's, nothing: their organisation is the
    one that they come from.
    """
    member = among(Place.id, given_to(viewer))
    near = or_(member, among(Place.organisation_id, viewer.subject.orgs))
    order = (case((member, 0), (viewer.where(HOMES, "edit"), 1), else_=2), Place.name, Place.id)
    found = select(Place, member).where(Place.kind == "space", viewer.where(HOMES), near)
    rows = viewer.session.execute(found.order_by(*order).limit(MOST_SPACES)).all()
    mine = [place for place, is_member in rows if is_member]
    return mine, [] if mine else [place for place, _ in rows[:MOST_OTHERS]]


def recent_documents(viewer: Viewer) -> list[Document]:
    """The documents that changed last, of those that the viewer may see.

    Most people may see some of the very newest, which costs nothing to find out; only for others is everything sifted.
    """
    newest: Select[Any] = select(Document).order_by(Document.changed_at.desc(), Document.id)
    looked_at = list(viewer.session.scalars(newest.limit(NEWEST)))
    found = viewer.kept(looked_at)
    if len(found) < MOST_RECENT and len(looked_at) == NEWEST:
        found = list(viewer.session.scalars(newest.where(viewer.where(DOCUMENTS)).limit(MOST_RECENT)))
    return found[:MOST_RECENT]


def places_to_add_in(viewer: Viewer, what: str, find: str) -> list[Place]:
    """Where the viewer may add a page, a file, a folder or a space, own spaces first; one more than are offered."""
    if what == "space":
        allowed: ColumnElement[bool] = (Place.kind == "organisation") & viewer.where(HOMES, "make-spaces")
    else:
        action = "manage" if what == "folder" else "edit"
        allowed = or_(
            (Place.kind == "space") & viewer.where(HOMES, action),
            (Place.kind == "folder") & viewer.where(FOLDERS, action),
        )
    named = [Place.name.icontains(word, autoescape=True) for word in find.split()]
    order = (case((among(Place.id, given_to(viewer)), 0), else_=1), Place.path)
    found = select(Place).where(Place.state == "published", allowed, *named).order_by(*order)
    return list(viewer.session.scalars(found.limit(MOST_PLACES + 1)))
