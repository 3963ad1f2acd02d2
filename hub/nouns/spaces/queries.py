"""Reads of places. What a viewer may not see does not come back."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from acl.directory import GONE
from hub.access.columns import FOLDERS, HOMES
from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.db import row_of
from hub.ground.errors import NotFound
from hub.nouns.spaces.services import spaces_about

MOST_CHILDREN = 500


def place_by_path(session: Session, path: str) -> Place | None:
    """The place at a path, to be judged by the caller."""
    return session.scalar(_at_path(), {"path": path})


@cache
def _at_path() -> Select[Place]:
    return select(Place).where(Place.path == bindparam("path"))


def place_by_id(session: Session, place_id: str) -> Place | None:
    """The place of an id, to be judged by the caller."""
    return row_of(session, Place, place_id)


def place_for_writing(session: Session, place_id: str) -> Place:
    """A place into which something is put, kept from being deleted meanwhile; raises NotFound where it is gone."""
    found = session.get(Place, place_id, with_for_update={"read": True, "key_share": True})
    if found is None or found.kind == GONE:
        raise NotFound
    return found


@dataclass(frozen=True)
class Line:
    """The way from an organisation down to a place that something visible lies at, as far as the viewer may see it."""

    seen: list[KnownPlace]
    """The ancestors that the viewer may see, the organisation first, the place itself last."""

    @property
    def organisation(self) -> KnownPlace | None:
        """The organisation that owns it, if the viewer may see it."""
        return next((p for p in self.seen if p.kind == "organisation"), None)

    @property
    def space(self) -> KnownPlace | None:
        """The nearest space, if the viewer may see it."""
        return next((p for p in reversed(self.seen) if p.kind == "space"), None)


def line_of(viewer: Viewer, place_id: str) -> Line:
    """The line of a place at which lies something that the viewer has been found to see. No query."""
    tree = viewer.snapshot.tree
    above = reversed(tree.chain(place_id)) if tree.get(place_id) else ()
    return Line(list(viewer.places(above).values()))


def children_of(viewer: Viewer, place: Place) -> list[KnownPlace]:
    """The spaces and folders right below a place that the viewer may see, by name. No query."""
    below = viewer.places(viewer.snapshot.tree.children(place.id)).values()
    seen = (child for child in below if child.kind in {"space", "folder"})
    return sorted(seen, key=lambda child: (child.name, child.id))[:MOST_CHILDREN]


def looks_empty(viewer: Viewer, place: Place) -> bool:
    """Whether the viewer may see nothing that lies in a place. Two queries, since one may have been added just now."""
    held = (
        select(kind.columns.id).where(kind.only, kind.columns.place == place.id, viewer.where(kind.columns)).exists()
        for kind in viewer.kinds.lying
    )
    return viewer.session.scalar(_child(viewer, place)) is None and not viewer.session.scalar(select(or_(*held)))


def _child(viewer: Viewer, place: Place) -> Select[str]:
    seen = or_(
        (Place.kind == "space") & viewer.where(HOMES),
        (Place.kind == "folder") & viewer.where(FOLDERS),
    )
    return select(Place.id).where(Place.parent_id == place.id, seen).limit(1)


@dataclass(frozen=True)
class Sought:
    """Which spaces are asked for: of one organisation (its id), about one service (its word), by words of the name."""

    organisation_id: str = ""
    service: str = ""
    find: str = ""


def spaces_for(viewer: Viewer, sought: Sought, page: int, size: int) -> tuple[list[Place], int]:
    """A page of the spaces that the viewer may see, by name, and how many there are."""
    wanted = [Place.name.icontains(word, autoescape=True) for word in sought.find.split()]
    if sought.organisation_id:
        wanted.append(Place.organisation_id == sought.organisation_id)
    if sought.service:
        wanted.append(Place.id.in_(spaces_about(sought.service)))
    found = select(Place).where(Place.kind == "space", viewer.where(HOMES), *wanted)
    total = viewer.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = viewer.session.scalars(found.order_by(Place.name, Place.id).offset((page - 1) * size).limit(size))
    return list(rows), total


def spaces_per_organisation(viewer: Viewer) -> dict[str, int]:
    """How many spaces of each organisation the viewer may see: organisation id -> count."""
    rows = viewer.session.execute(
        select(Place.organisation_id, func.count())
        .where(Place.kind == "space", viewer.where(HOMES))
        .group_by(Place.organisation_id)
    )
    return {organisation: count for organisation, count in rows if organisation}
