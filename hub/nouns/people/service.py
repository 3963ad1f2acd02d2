"""Use cases of people, groups and what they are given."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from acl.directory import ROOT
from acl.vocabulary import ORDERED_ACTIONS
from hub.access.models import Grant, Group, GroupMember, Person, Place
from hub.access.places import SLUG
from hub.access.reserved import PEOPLE
from hub.access.subjects import bump_epochs
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.feeds import end_feeds_of

PRINCIPAL = re.compile(r"(person|guest|group):[a-z0-9-]+/[a-z0-9-]+|org:[a-z0-9-]+")
STATUSES = ("active", "suspended", "left")


@dataclass(frozen=True)
class NewPerson:
    """What is needed to add a person; `handle` is `leeds/sam-okafor`."""

    handle: str
    name: str
    email: str = ""
    job_title: str = ""
    kind: str = "staff"


@dataclass(frozen=True)
class NewGrant:
    """What someone is given: `principal` is a `who` word, `node` a place id or `doc:ID`."""

    principal: str
    can: str
    node: str
    organisation_id: str
    given_by: str
    source: str = "membership"
    reason: str = ""
    marking: str = "any"
    state: str = "published"
    until: date | None = None


def add_person(uow: UnitOfWork, organisation: Place, new: NewPerson) -> Person:
    """Add a person of an organisation; raises Invalid for a bad handle, Conflict for one that was ever used."""
    slug, _, own = new.handle.partition("/")
    if slug != organisation.path or not SLUG.fullmatch(own):
        raise Invalid(f"A handle is the organisation and a name: {organisation.path}/sam-okafor.", "handle")
    if own in PEOPLE:
        raise Invalid(f"Nobody can be called “{own}” alone in addresses: give them a longer short name.", "handle")
    if not new.name.strip():
        raise Invalid("Give the person's name.", "name")
    if new.kind not in {"staff", "guest"}:
        raise Invalid("A person is staff or a guest.", "kind")
    if uow.session.scalar(select(Person.id).where(Person.handle == new.handle)):
        raise Conflict(f"{new.handle} is taken. Handles are never given out again: choose another one.")
    person = Person(
        id=new_id(),
        organisation_id=organisation.id,
        handle=new.handle,
        kind=new.kind,
        name=new.name.strip(),
        email=new.email.strip(),
        job_title=new.job_title,
        status="active",
        access_epoch=1,
        created_at=uow.now,
    )
    uow.session.add(person)
    uow.session.flush()
    uow.enqueue(f"person:{person.id}")
    uow.record("person:add", person.subject_id, organisation.id)
    return person


def set_status(uow: UnitOfWork, person: Person, status: str) -> None:
    """Suspend a person, note that they left, or let them in again; binds their next request.

    The secret addresses of whoever is kept out end for good, and so do the admissions of guests for whom somebody
    answered who has left.
    """
    if status not in STATUSES:
        raise Invalid(f"A person is one of: {', '.join(STATUSES)}.", "status")
    person.status = status
    person.access_epoch += 1
    if status != "active":
        end_feeds_of(uow, person)
    if status == "left":
        end_sponsored_by(uow, person)
    uow.enqueue(f"person:{person.id}")
    uow.record("person:status", person.subject_id, person.organisation_id, status)


def add_group(uow: UnitOfWork, organisation: Place, handle: str, name: str) -> Group:
    """Add a group, named `group:<handle>` in policy. The platform's own groups are `platform/<name>`."""
    slug, _, own = handle.partition("/")
    owner = organisation.path or ROOT
    if slug != owner or not SLUG.fullmatch(own):
        raise Invalid(f"A group's handle is the organisation and a name: {owner}/housing.", "handle")
    if uow.session.scalar(select(Group.id).where(Group.handle == handle)):
        raise Conflict(f"There is a group {handle} already.")
    group = Group(id=new_id(), organisation_id=organisation.id, handle=handle, name=name)
    uow.session.add(group)
    uow.session.flush()
    uow.record("group:add", f"group:{handle}", organisation.id)
    return group


NO_GUESTS = "Guests belong to no group: give them a place of their own instead."


def add_member(uow: UnitOfWork, group: Group, person: Person) -> None:
    """Put a person into a group. Guests hold their one handle and nothing else, so they are refused."""
    if person.kind == "guest":
        raise Invalid(NO_GUESTS, "person")
    if uow.session.get(GroupMember, (group.id, person.id)) is None:
        uow.session.add(GroupMember(group_id=group.id, person_id=person.id))
        person.access_epoch += 1
        uow.session.flush()
        uow.record("group:join", f"group:{group.handle}", group.organisation_id, person.handle)


def remove_member(uow: UnitOfWork, group: Group, person: Person) -> None:
    """Take a person out of a group; binds their next request."""
    membership = uow.session.get(GroupMember, (group.id, person.id))
    if membership is not None:
        uow.session.delete(membership)
        person.access_epoch += 1
        uow.record("group:leave", f"group:{group.handle}", group.organisation_id, person.handle)


def give(uow: UnitOfWork, new: NewGrant) -> Grant:
    """Give a person, group or organisation an action on a thing; binds their next request."""
    if not PRINCIPAL.fullmatch(new.principal):
        raise Invalid(f"{new.principal} is not a person, guest, group or organisation.", "principal")
    if new.can not in ORDERED_ACTIONS:
        raise Invalid(f"What can be given is one of: {', '.join(ORDERED_ACTIONS)}.", "can")
    if new.principal.startswith("guest:") and (new.until is None or not new.reason.strip()):
        raise Invalid("A guest needs an end date and a reason.", "until")
    grant = Grant(
        id=new_id(),
        principal=new.principal,
        can=new.can,
        node=new.node,
        organisation_id=new.organisation_id,
        marking=new.marking,
        state=new.state,
        until=new.until,
        source=new.source,
        given_by=new.given_by,
        reason=new.reason,
        created_at=uow.now,
    )
    uow.session.add(grant)
    uow.session.flush()
    bump_epochs(uow, new.principal)
    uow.record("grant:give", f"grants:{grant.id}", new.organisation_id, f"{new.principal} {new.can} {new.node}")
    return grant


def give_again(uow: UnitOfWork, grant: Grant) -> None:
    """Undo the end of a grant: it holds again with its role, last day and reason; binds the holders' next request."""
    if grant.ended_at is not None:
        grant.ended_at = None
        bump_epochs(uow, grant.principal)
        uow.record("grant:again", f"grants:{grant.id}", grant.organisation_id)


def end_grant(uow: UnitOfWork, grant: Grant) -> None:
    """Take back what was given; binds the next request of everyone who held it."""
    if grant.ended_at is None:
        grant.ended_at = uow.now
        bump_epochs(uow, grant.principal)
        uow.record("grant:end", f"grants:{grant.id}", grant.organisation_id)


def end_sponsored_by(uow: UnitOfWork, sponsor: Person) -> int:
    """Take back what guests were admitted to for whom somebody answers; returns how much that was."""
    mine = (Grant.given_by == sponsor.handle, Grant.source == "guest", Grant.ended_at.is_(None))
    found = uow.session.scalars(select(Grant).where(*mine).order_by(Grant.id)).all()
    for grant in found:
        end_grant(uow, grant)
    return len(found)


def end_grants_on(uow: UnitOfWork, node: str) -> None:
    """Take back all that was given on a thing itself."""
    given = select(Grant).where(Grant.node == node, Grant.ended_at.is_(None)).order_by(Grant.id)
    for grant in uow.session.scalars(given).all():
        end_grant(uow, grant)
