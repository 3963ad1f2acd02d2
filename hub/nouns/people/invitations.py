"""Inviting a colleague of another council by work e-mail address.

Whoever invites is told the same in the same time, whoever has the address and whether anybody does: nothing is looked
up until the worker writes the letter. Nobody is known by an address here: it is compared at one place only, `claim`,
with what the issuer of the organisation that has proved its domain confirms of whoever signs in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from config.mail import is_address
from federation.claims import email_domain
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.forgetting import forget
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.organisations.models import OrganisationDomain
from hub.nouns.people.models import Invitation

LASTS: Final = timedelta(days=30)
KEPT: Final = timedelta(days=30)
"""So long the address is kept once it is over."""
MOST_A_DAY: Final = 20
MOST_OPEN: Final = 200
"""At one place."""
OWN, THEIRS, THEY, STAFF = aliased(Place), aliased(Place), aliased(Person), aliased(Person)


@dataclass(frozen=True)
class NewInvitation:
    """Whom somebody wants at a place, and as what."""

    email: str
    role: str
    until: date | None
    reason: str


@dataclass(frozen=True)
class Invited:
    """An invitation, whoever sent it, and the name of their organisation; and the same of whoever accepted it."""

    invitation: Invitation
    inviter: Person
    organisation: str
    accepted: Person | None = None
    """Who said yes, while they are active; None before."""
    accepted_organisation: str = ""


def canonical(email: str) -> str:
    """A mail address as two of them are compared; raises Invalid for what is none."""
    domain = email_domain(email.strip())
    if domain is None or not is_address(email.strip()):
        raise Invalid("Enter a work e-mail address, like name@york.gov.uk", "email")
    return _alike(f"{email.strip().rpartition('@')[0]}@{domain}")


def invite(uow: UnitOfWork, place: Place, inviter: Person, new: NewInvitation) -> Invitation:
    """Keep an invitation, in place of an open one of the same address to the same place. Raises Invalid.

    Asks nothing about the address but whether it is one, so that nobody learns from the answer who is here.
    """
    email = canonical(new.email)
    uow.session.get_one(Person, inviter.id, with_for_update=True)  # one at a time, in every process
    today = select(func.count()).where(
        Invitation.inviter_id == inviter.id, Invitation.created_at > uow.now - timedelta(days=1)
    )
    if (uow.session.scalar(today) or 0) >= MOST_A_DAY:
        raise Invalid(f"You have invited {MOST_A_DAY} people within a day, which is the most: go on tomorrow", "email")
    open_ = (Invitation.place_id == place.id, is_open(uow.now))
    if (uow.session.scalar(select(func.count()).where(*open_)) or 0) >= MOST_OPEN:
        raise Invalid(f"{MOST_OPEN} invitations to this place are open: call some back first", "email")
    uow.session.execute(update(Invitation).where(*open_, Invitation.email == email).values(ended_at=uow.now))
    made = Invitation(
        id=new_id(),
        place_id=place.id,
        email=email,
        inviter_id=inviter.id,
        role=new.role,
        until=new.until,
        reason=new.reason,
        created_at=uow.now,
        expires_at=uow.now + LASTS,
    )
    uow.session.add(made)
    uow.session.flush()
    uow.record("place:invite", place.id, place.organisation_id, new.role)
    return made


def claim(uow: UnitOfWork, person: Person, email: str) -> None:
    """Note that a member of staff signed in with an address that the owner of its domain confirmed: it is they.

    To be called by signing in alone, once the person is recognised by issuer and subject. It gives them nothing.
    """
    mine = Invitation.email == _alike(email), Invitation.person_id.is_(None), is_open(uow.now)
    uow.session.execute(update(Invitation).where(*mine).values(person_id=person.id))


def is_open(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """That an invitation is neither over nor called back, and that no membership has come of it."""
    return Invitation.ended_at.is_(None) & (Invitation.expires_at > now)


def to_answer(session: Session, person_id: str, now: datetime) -> list[Invited]:
    """The invitations that somebody may accept, the newest first. One query."""
    mine = Invitation.person_id == person_id, Invitation.accepted_at.is_(None), Invitation.declined_at.is_(None)
    return _found(session, *mine, is_open(now))


def at_place(session: Session, place_id: str, now: datetime) -> list[Invited]:
    """The invitations to a place that are open, the newest first. One query."""
    return _found(session, Invitation.place_id == place_id, is_open(now))


def who_accepted(place_id: str) -> Select[str | None]:
    """The ids of those who accepted an invitation to a place that was not called back."""
    return select(Invitation.person_id).where(
        Invitation.place_id == place_id, Invitation.accepted_at.is_not(None), Invitation.ended_at.is_(None)
    )


def accepted_by(session: Session, place_id: str, person_id: str, now: datetime) -> Invitation | None:
    """The invitation to a place that somebody has accepted, while nothing has come of it yet."""
    wanted = Invitation.place_id == place_id, Invitation.person_id == person_id, Invitation.accepted_at.is_not(None)
    return session.scalar(select(Invitation).where(*wanted, is_open(now)).order_by(Invitation.accepted_at.desc()))


def waiting_for(session: Session, person_id: str, now: datetime) -> list[tuple[Invitation, Person | None, Place]]:
    """What invitations have to say to somebody: those to them, and those of theirs that were accepted. One query."""
    rows = session.execute(_waiting(), {"person": person_id, "now": now})
    return [(row[0], row[1], row[2]) for row in rows]


@cache
def _waiting() -> Select[Invitation, Person, Place]:
    person: BindParameter[str] = bindparam("person")
    theirs = Invitation.person_id == person, Invitation.accepted_at.is_(None), Invitation.declined_at.is_(None)
    own = Invitation.inviter_id == person, Invitation.accepted_at.is_not(None)
    return (
        select(Invitation, Person, Place)
        .join(Place, Place.id == Invitation.place_id)
        .outerjoin(Person, Person.id == Invitation.person_id)
        .where(is_open(bindparam("now")), or_(and_(*theirs), and_(*own)))
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(MOST_A_DAY)
    )


def not_added_yet(session: Session, organisation_id: str, now: datetime) -> list[Invited]:
    """Whom others invite by an address that is an organisation's own, and nobody of it has here yet. One query.

    For its administrators alone, who say who its people are.
    """
    own = OrganisationDomain.organisation_id == organisation_id, OrganisationDomain.verified.is_(True)
    domains = select(OrganisationDomain.domain).where(*own, Invitation.email.endswith("@" + OrganisationDomain.domain))
    known = exists().where(STAFF.organisation_id == organisation_id, func.lower(STAFF.email) == Invitation.email)
    theirs = Invitation.person_id.is_(None), domains.exists(), ~known
    return _found(session, *theirs, Person.organisation_id != organisation_id, is_open(now))


def answer(uow: UnitOfWork, person: Person, invitation_id: str, *, yes: bool) -> Invitation:
    """Accept an invitation, or decline it, of which nobody is told. Raises NotFound for others' and those over."""
    row = uow.session.get(Invitation, invitation_id, with_for_update=True)
    if row is None or row.person_id != person.id or _is_over(row, uow.now) or row.accepted_at or row.declined_at:
        raise NotFound
    if yes:
        row.accepted_at = uow.now
        uow.record("invitation:accept", row.place_id, person.organisation_id)
    else:
        row.declined_at = uow.now
    return row


def call_back(uow: UnitOfWork, place: Place, invitation_id: str) -> Invitation:
    """End an invitation to a place; raises Conflict where it is over already, NotFound for one to another place."""
    row = uow.session.get(Invitation, invitation_id, with_for_update=True)
    if row is None or row.place_id != place.id:
        raise NotFound
    if _is_over(row, uow.now):
        raise Conflict("This invitation is over already. Look at the members as they are now.")
    row.ended_at = uow.now
    uow.record("invitation:call-back", place.id, place.organisation_id)
    return row


def fulfil(uow: UnitOfWork, place_id: str, person_id: str) -> None:
    """A membership has come of it: somebody's invitations to a place are over."""
    theirs = Invitation.place_id == place_id, Invitation.person_id == person_id, is_open(uow.now)
    uow.session.execute(update(Invitation).where(*theirs).values(ended_at=uow.now))


def tidy(parts: Parts) -> int:
    """Forget invitations that have been over for a while, with their addresses; returns how many."""
    past = parts.clock.now() - KEPT
    return forget(
        parts.database, parts.clock, Invitation, or_(Invitation.expires_at < past, Invitation.ended_at < past)
    )


def _alike(email: str) -> str:
    """An address whose domain is plain already, as two of them are compared."""
    return email.casefold()


def _is_over(row: Invitation, now: datetime) -> bool:
    return row.ended_at is not None or row.expires_at <= now


def _found(session: Session, *wanted: ColumnElement[bool]) -> list[Invited]:
    yes = (THEY.id == Invitation.person_id) & Invitation.accepted_at.is_not(None) & (THEY.status == "active")
    rows = session.execute(
        select(Invitation, Person, OWN.name, THEY, THEIRS.name)
        .join(Person, Person.id == Invitation.inviter_id)
        .join(OWN, OWN.id == Person.organisation_id)
        .outerjoin(THEY, yes)
        .outerjoin(THEIRS, THEIRS.id == THEY.organisation_id)
        .where(*wanted)
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(MOST_OPEN)
    )
    return [Invited(*row) for row in rows]
