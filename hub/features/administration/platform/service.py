"""Use cases of those who run the whole hub: adding an organisation, inviting its first administrator, blocking it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from acl.directory import ROOT
from hub.access.models import Group, GroupMember, Person, Place, SignedInSession
from hub.access.parts import Parts
from hub.access.places import bump_generation
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.policies.service import adopt_default
from hub.features.signin.service import NewIssuer, add_issuer
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.people.service import remove_member

INVITED_BY_PAGE = timedelta(hours=24)
"""An invitation that is sent on by somebody at another organisation takes longer than one at a shared desk."""


@dataclass(frozen=True)
class Blocked:
    """Whom a block keeps out, and how many of their sessions it ended."""

    people: int
    sessions: int


def add_whole_organisation(uow: UnitOfWork, parts: Parts, new: NewOrganisation, issuer: NewIssuer | None) -> Place:
    """Add an organisation with its default policy and, where there is one, its issuer; raises Invalid or Conflict."""
    place = add_organisation(uow, new)
    adopt_default(uow, place)
    if issuer is not None:
        add_issuer(uow, parts, place, issuer)
    return place


def block(uow: UnitOfWork, organisation: Place, by: Person) -> Blocked:
    """Keep everybody of an organisation out from their next request on, guests too; raises Invalid for one's own."""
    if organisation.id == by.organisation_id:
        raise Invalid("You belong to this organisation: blocking it would shut you out, and nobody could undo it.")
    people = _let_in(uow, organisation, out=True)
    ended = uow.session.execute(
        update(SignedInSession)
        .where(
            SignedInSession.person_id.in_(select(Person.id).where(Person.organisation_id == organisation.id)),
            SignedInSession.ended_at.is_(None),
            SignedInSession.expires_at > uow.now,
        )
        .values(ended_at=uow.now)
        .returning(SignedInSession.handle_hash)
        .execution_options(synchronize_session=False)
    ).all()
    uow.record("organisation:block", organisation.id, organisation.id, f"{people} people, {len(ended)} sessions")
    return Blocked(people, len(ended))


def unblock(uow: UnitOfWork, organisation: Place) -> None:
    """Let the people of an organisation in again. Sessions that were ended stay so: they sign in anew."""
    _let_in(uow, organisation, out=False)
    uow.record("organisation:unblock", organisation.id, organisation.id)


def leave_platform(uow: UnitOfWork, group: Group, person: Person) -> None:
    """Take somebody out of the administrators of the hub; raises Invalid where nobody would be left."""
    refuse_last(uow, person)
    remove_member(uow, group, person)


def refuse_last(uow: UnitOfWork, person: Person) -> None:
    """Raise Invalid where a person is the last active administrator of the hub: nobody could undo what follows."""
    inside = (
        select(Person.id)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .join(Group, Group.id == GroupMember.group_id)
        .join(Place, Place.id == Person.organisation_id)
        .where(Group.handle == f"{ROOT}/{ADMINISTRATORS}", Person.status == "active", Place.blocked_at.is_(None))
    )
    if list(uow.session.scalars(inside.limit(2))) == [person.id]:
        raise Invalid(f"{person.name} is the last administrator of the hub. Add another one first.")


def _let_in(uow: UnitOfWork, organisation: Place, *, out: bool) -> int:
    """Shut an organisation's people out, or let them in; returns how many are active. Their next request knows."""
    organisation.generation = bump_generation(uow)
    organisation.blocked_at = uow.now if out else None
    own = Person.organisation_id == organisation.id
    uow.session.execute(
        update(Person)
        .where(own)
        .values(access_epoch=Person.access_epoch + 1)
        .execution_options(synchronize_session=False)
    )
    uow.session.flush()
    active = select(func.count()).select_from(Person).where(own, Person.status == "active")
    return uow.session.scalar(active) or 0
