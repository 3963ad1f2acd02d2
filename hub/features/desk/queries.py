"""Reads of the desk. What a viewer may not see does not come back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, not_, or_, select

from acl.visibility import narrowed
from hub.access.columns import FOLDERS, HOMES
from hub.access.known_place import KnownPlace
from hub.access.membership import given_to
from hub.access.models import Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.access.where import where
from hub.things.columns import among
from hub.things.kind import Kind
from hub.things.thing import Lying

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
    """A thing that somebody else added or changed, and the space of the viewer's that it lies in."""

    thing: Lying
    author: str
    """Their `who` word."""
    added: bool
    space_id: str


def my_drafts(viewer: Viewer) -> list[Lying]:
    """The viewer's own drafts, last changed first. One query for each kind that lies in places."""
    found = [thing for mine in viewer.statement(_drafts) for thing in viewer.session.scalars(mine)]
    return _last_changed(viewer, viewer.kept(found))[:MOST_DRAFTS]


def _drafts(viewer: Viewer) -> list[Select[Any]]:
    """What is looked at: people see their own drafts, but for those that a line denies them. Of files alone."""
    return [
        _newest(kind).where(kind.columns.owner == viewer.subject.id, kind.model.state == "draft").limit(NEWEST)
        for kind in _in_time(viewer)
        if kind.filed
    ]


def changed_since(viewer: Viewer, spaces: Sequence[KnownPlace], since: datetime) -> list[Changed]:
    """What lies in some spaces and others changed after a moment, the newest first, at most `NEWEST`.

    What the viewer saved last themselves is no news to them. Of spaces inside one another the nearest is named. One
    query for each kind that lies in places.
    """
    if not spaces:
        return []
    found: dict[str, Changed] = {}
    for changed in viewer.statement(_changed, *(space.id for space in spaces)):
        for thing, author, added, space_id in viewer.session.execute(changed, {"since": since}):
            found.setdefault(thing.node, Changed(thing, author, bool(added), space_id))
    things = _last_changed(viewer, [each.thing for each in found.values()])
    return [found[thing.node] for thing in things[:NEWEST]]


def _changed(viewer: Viewer, *spaces: str) -> list[Select[Any]]:
    """Asked with the moment `since` which."""
    around = viewer.snapshot.tree.around(spaces)
    seen = narrowed(viewer.visible(), lambda node: node in around or ":" in node)
    return [_changed_of(viewer, kind, spaces, where(seen, kind.columns)) for kind in _in_time(viewer)]


def _changed_of(viewer: Viewer, kind: Kind, spaces: Iterable[str], seen: ColumnElement[bool]) -> Select[Any]:
    by: Any = kind.columns.owner if kind.saved_by is None else kind.saved_by
    own = (by == viewer.subject.id) & ((kind.changed if kind.saved_at is None else kind.saved_at) == kind.changed)
    return (
        _newest(kind)
        .add_columns(by, kind.added, PlaceClosure.ancestor_id)
        .join(PlaceClosure, PlaceClosure.descendant_id == kind.columns.place)
        .where(among(PlaceClosure.ancestor_id, spaces), kind.changed > bindparam("since"), not_(own), seen)
        .order_by(PlaceClosure.depth)
        .limit(NEWEST)
    )


def spaces_at_hand(viewer: Viewer) -> tuple[Sequence[KnownPlace], Sequence[KnownPlace]]:
    """The spaces of which the viewer is a member, by name; where there are none, others whose home pages they may see.

    Those are of the viewer's organisation, first what they may edit. Of a guest's, nothing: their organisation is the
    one that they come from. No query.
    """
    return viewer.statement(_at_hand)


def _at_hand(viewer: Viewer) -> tuple[Sequence[KnownPlace], Sequence[KnownPlace]]:
    mine = _spaces(viewer, given_to(viewer))
    if mine:
        return tuple(sorted(mine, key=_by_name)[:MOST_SPACES]), ()
    tree = viewer.snapshot.tree
    others = _spaces(viewer, (node for own in viewer.subject.orgs for node in tree.descendants(own)))
    others.sort(key=lambda space: (not viewer.sees(space, "edit"), *_by_name(space)))
    return (), tuple(others[:MOST_OTHERS])


def _spaces(viewer: Viewer, nodes: Iterable[str]) -> list[KnownPlace]:
    return [place for place in viewer.places(nodes).values() if place.kind == "space"]


def _by_name(space: KnownPlace) -> tuple[str, str]:
    return space.name, space.id


def recent_things(viewer: Viewer) -> list[Lying]:
    """What changed last, of what lies in places and the viewer may see.

    Most people may see some of the very newest, which costs nothing to find out; only for others is everything sifted.
    """
    recent: list[Lying] = []
    for kind in _in_time(viewer):
        looked_at = list(viewer.session.scalars(_newest(kind).limit(NEWEST)))
        found = viewer.kept(looked_at)
        if len(found) < MOST_RECENT and len(looked_at) == NEWEST:
            found = list(viewer.session.scalars(_newest(kind).where(viewer.where(kind.columns)).limit(MOST_RECENT)))
        recent += found[:MOST_RECENT]
    return _last_changed(viewer, recent)[:MOST_RECENT]


def _in_time(viewer: Viewer) -> list[Kind]:
    """The kinds that lie in places and say when each was changed."""
    return [kind for kind in viewer.kinds.lying if kind.changed is not None]


def _newest(kind: Kind) -> Select[Any]:
    return select(kind.model).where(kind.only).order_by(kind.changed.desc(), kind.columns.id)


def _last_changed(viewer: Viewer, things: Iterable[Lying]) -> list[Lying]:
    """The last changed first; those that are alike as they come."""
    return sorted(things, key=lambda thing: viewer.kinds.face(thing).changed, reverse=True)


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
