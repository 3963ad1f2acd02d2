"""Reads that cross nouns: what lies in a place, who manages a space, where a person belongs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from acl.vocabulary import SOMEBODY
from hub.access.columns import HOMES
from hub.access.models import Grant, Group, GroupMember, Person, Place
from hub.access.viewer import Viewer
from hub.nouns.people.queries import who
from hub.things.kind import Kind
from hub.things.kinds import lying_at as rows_lying_at
from hub.things.thing import Lying
from hub.web.pages import Who

MOST_MANAGERS = 10
OWN = aliased(Place)


@dataclass(frozen=True)
class Listed:
    """One page of a list of what lies in a place, and how many there are in all."""

    things: list[Lying]
    total: int


def lying_at(viewer: Viewer, place: Place, page: int, size: int) -> Listed:
    """What lies right at a place, by title, as far as the viewer may see it.

    Two queries where there is one kind of such things; with more, a query more for each kind on the page.
    """
    kinds, session = viewer.kinds, viewer.session
    counts = (_seen_at(viewer, kind, place, func.count()).scalar_subquery() for kind in kinds.lying)
    total = sum(session.execute(select(*counts)).one())
    if len(kinds.lying) == 1:
        (kind,) = kinds.lying
        listed = _seen_at(viewer, kind, place, kind.model).order_by(kind.titled, kind.columns.id)
        return Listed(list(session.scalars(listed.offset((page - 1) * size).limit(size))), total)
    each = (
        _seen_at(viewer, kind, place, literal(kind.columns.node_prefix).concat(kind.columns.id), kind.titled)
        for kind in kinds.lying
    )
    every = union_all(*each).subquery()
    node, title = every.c
    nodes = session.scalars(select(node).order_by(title, node).offset((page - 1) * size).limit(size)).all()
    rows = rows_lying_at(session, kinds, nodes)
    return Listed([rows[found] for found in nodes if found in rows], total)


def _seen_at(viewer: Viewer, kind: Kind, place: Place, *what: Any) -> Select[*tuple[Any, ...]]:
    columns = kind.columns
    return select(*what).select_from(kind.model).where(kind.only, columns.place == place.id, viewer.where(columns))


def managers_of(viewer: Viewer, place: Place, *, member: bool = False) -> tuple[Who, ...]:
    """Whom to ask: the people whom grants make managers of a place, by name, of those whose pages the viewer sees.

    A member knows all of them. One query for each of grants and people.
    """
    words = viewer.session.scalars(
        select(Grant.principal).where(Grant.node == place.id, Grant.can == "manage", _in_force(viewer.today))
    ).all()
    handles = [w.partition(":")[2] for w in words if w.startswith(SOMEBODY)]
    people = select(Person, OWN.name).join(OWN, OWN.id == Person.organisation_id).order_by(Person.name, Person.id)
    rows = viewer.session.execute(people.where(Person.handle.in_(handles), Person.status == "active"))
    found = (who(viewer, person, organisation) for person, organisation in rows)
    return tuple(each for each in found if each.href or member)[:MOST_MANAGERS]


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


def _in_force(today: date) -> ColumnElement[bool]:
    return Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= today)
