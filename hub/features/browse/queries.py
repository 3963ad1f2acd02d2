"""Reads that cross nouns: who manages a space, where a person belongs."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from acl.vocabulary import SOMEBODY
from hub.access.columns import HOMES
from hub.access.models import Grant, Group, GroupMember, Person, Place
from hub.access.viewer import Viewer
from hub.nouns.people.queries import who
from hub.web.pages import Who

MOST_MANAGERS = 10
OWN = aliased(Place)


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
