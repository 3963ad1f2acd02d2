"""Reads that cross nouns: what lies in a place, who manages a space, where a person belongs."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, func, or_, select, union_all
from sqlalchemy.orm import aliased

from acl.vocabulary import GUEST, PERSON, SOMEBODY
from hub.access.columns import HOMES
from hub.access.models import Grant, Group, GroupMember, Person, Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.nouns.people.queries import who
from hub.nouns.spaces.pins import MOST_PINNED, pins_at
from hub.things.kind import Kind
from hub.things.kinds import lying_at
from hub.things.listing import Order, by_change, count_of, nodes_of, page_of
from hub.things.thing import Lying
from hub.web.pages import Who

MOST_MANAGERS = 10
OWN = aliased(Place)


MOST_LISTED = 10_000
"""Things of one kind that a list counts and leads to, as search does."""

Which = Callable[[Viewer, Kind], ColumnElement[bool]]
"""Which things of a kind are in a list of the `place` that its statement is asked with."""


def right_here(viewer: Viewer, kind: Kind) -> ColumnElement[bool]:
    """What lies right at the place, as far as the viewer may see it."""
    return (kind.columns.place == bindparam("place")) & viewer.where(kind.columns)


def here_or_below(viewer: Viewer, kind: Kind) -> ColumnElement[bool]:
    """What lies at the place or below it, likewise."""
    below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == bindparam("place"))
    return kind.columns.place.in_(below) & viewer.where(kind.columns)


def how_many(viewer: Viewer, which: Which, place: Place) -> int:
    """How many files are in a list, up to `MOST_LISTED` of each kind. One query."""
    return sum(viewer.session.execute(viewer.statement(_counting, which), {"place": place.id}).one())


def listed(viewer: Viewer, which: Which, place: Place, order: Order, page: int, size: int) -> list[Lying]:
    """A page of a list of files, the first being 1: a query, and where they are of several kinds one more for each."""
    return _page(viewer, which, place, order, viewer.kinds.filed, (page - 1) * size, size)


def latest(viewer: Viewer, place: Place, most: int) -> list[Lying]:
    """What changed last at a place or below it, of whatever kind, the newest first. A query for each kind."""
    order = Order(by_change, down=True)
    found = [
        thing
        for kind in viewer.kinds.lying
        if kind.changed is not None
        for thing in _page(viewer, here_or_below, place, order, (kind,), 0, most)
    ]
    return sorted(found, key=lambda thing: viewer.kinds.face(thing).changed, reverse=True)[:most]


def _page(
    viewer: Viewer, which: Which, place: Place, order: Order, kinds: tuple[Kind, ...], skip: int, most: int
) -> list[Lying]:
    values = {"place": place.id, "skip": skip, "most": most}
    statement = viewer.statement(_paging, which, order, tuple(kind.prefix for kind in kinds))
    return page_of(viewer.session, viewer.kinds, kinds, statement, values)


def _counting(viewer: Viewer, which: Which) -> Select[*tuple[int, ...]]:
    return count_of(viewer.kinds.filed, lambda kind: which(viewer, kind), MOST_LISTED)


def _paging(viewer: Viewer, which: Which, order: Order, prefixes: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    kinds = [viewer.kinds[prefix] for prefix in prefixes]
    return nodes_of(kinds, lambda kind: which(viewer, kind), order)


def by_owner(kind: Kind) -> ColumnElement[Any]:
    """The name of its owner; nothing where that is nobody."""
    word = kind.columns.owner
    handle = func.substr(word, case((word.startswith(PERSON), len(PERSON) + 1), else_=len(GUEST) + 1))
    name = select(func.lower(Person.name)).where(Person.handle == handle).scalar_subquery()
    return func.coalesce(name, "")


def pinned_at(viewer: Viewer, space: Place) -> tuple[list[Lying], str]:
    """What is pinned to a space's overview and lies in it, as far as the viewer may see it; and its cover's node.

    One query, and one for each kind among what is pinned.
    """
    pins = pins_at(viewer.session, space.id)
    nodes = [pin.node for pin in pins if not pin.is_cover]
    rows = lying_at(viewer.session, viewer.kinds, nodes) if nodes else {}
    seen = viewer.kept([rows[node] for node in nodes if node in rows])
    within = [thing for thing in seen if space.id in viewer.snapshot.tree.within(thing.place_id)]
    return within[:MOST_PINNED], next((pin.node for pin in pins if pin.is_cover), "")


def managers_of(viewer: Viewer, place: Place, *, member: bool = False) -> tuple[Who, ...]:
    """Whom to ask: the people whom grants make managers of a place, by name, of those whose pages the viewer sees.

    A member knows all of them. One query.
    """
    rows = viewer.session.execute(_managers(), {"place": place.id, "today": viewer.today})
    found = (who(viewer, person, organisation) for person, organisation in rows)
    return tuple(each for each in found if each.href or member)[:MOST_MANAGERS]


@cache
def _managers() -> Select[Person, str]:
    given = Grant.node == bindparam("place"), Grant.can == "manage", _in_force(bindparam("today"))
    handles = [
        select(func.substr(Grant.principal, len(kind) + 1)).where(Grant.principal.startswith(kind), *given)
        for kind in SOMEBODY
    ]
    people = select(Person, OWN.name).join(OWN, OWN.id == Person.organisation_id).order_by(Person.name, Person.id)
    return people.where(Person.handle.in_(union_all(*handles)), Person.status == "active")


def spaces_of(viewer: Viewer, person: Person, most: int = 100) -> list[Place]:
    """The spaces that a person was given, themselves or through a group, as far as it is the viewer's to know.

    Who belongs to a space is for those who belong to it too, or manage it: its home page alone tells nobody of it. Who
    is in a group is for those of its organisation.
    """
    groups = (
        select("group:" + Group.handle)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.person_id == person.id)
    )
    if viewer.person.id != person.id:
        groups = groups.where(Group.organisation_id.in_(sorted(viewer.subject.orgs)))
    given = select(Grant.node).where(
        or_(Grant.principal == person.subject_id, Grant.principal.in_(groups)), _in_force(viewer.today)
    )
    own = select(Grant.node).where(Grant.principal.in_(sorted(viewer.subject.holds)), _in_force(viewer.today))
    shared = or_(Place.id.in_(own), viewer.where(HOMES, "manage"))
    return list(
        viewer.session.scalars(
            select(Place)
            .where(Place.kind == "space", Place.id.in_(given), viewer.where(HOMES), shared)
            .order_by(Place.name)
            .limit(most)
        )
    )


def _in_force(today: date | BindParameter[date]) -> ColumnElement[bool]:
    return Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= today)
