"""Who came, and is not let in before somebody has said that it is they: kept, shown to whoever answers for them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from federation.errors import FederationError, NotYet
from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.features.signin.identities import admit
from hub.features.signin.models import Arrival, Issuer
from hub.ground.errors import Conflict
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork

_FIRM, _GUEST = aliased(Place), aliased(Person)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who came, whose place it would be, and through whose sign-in they came."""

    arrival: Arrival
    person: Person
    organisation: str
    issuer: str


def note_arrival(uow: UnitOfWork, issuer: Issuer, subject: str, claims: "Claims", why: NotYet) -> None:
    """Keep that somebody came, once for each subject and place; what was refused stays refused."""
    same = (Arrival.person_id == why.person_id, Arrival.issuer_id == issuer.id, Arrival.subject == subject)
    if uow.session.scalar(select(Arrival.id).where(*same)) is not None:
        return
    uow.session.add(
        Arrival(
            id=new_id(),
            person_id=why.person_id,
            issuer_id=issuer.id,
            subject=subject,
            pending_id=why.pending_id,
            decider=why.decider,
            name=claims.name,
            email=claims.email,
            email_verified=claims.verified,
            came_at=uow.now,
        )
    )
    uow.record("arrival:note", why.person_id, issuer.organisation_id, why.code)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the issuer said of whoever came, as it is shown to whoever decides."""

    name: str
    email: str
    verified: bool


def waiting_for(session: Session, person: Person, theirs: ColumnElement[bool]) -> list[Waiting]:
    """Who waits for a decision of somebody: by their sponsorship, or as it is `theirs` to administer. One query."""
    rows = session.execute(
        select(Arrival, _GUEST, _FIRM.name, Issuer.issuer)
        .join(_GUEST, _GUEST.id == Arrival.person_id)
        .join(_FIRM, _FIRM.id == _GUEST.organisation_id)
        .join(Issuer, Issuer.id == Arrival.issuer_id)
        .where(_waits(person, theirs))
        .order_by(Arrival.came_at, Arrival.id)
    )
    return [Waiting(*row) for row in rows]


def count_for(person: Person, theirs: ColumnElement[bool]) -> ColumnElement[int]:
    """How many that are, as a part of one SELECT."""
    count = select(func.count(Arrival.id)).join(_GUEST, _GUEST.id == Arrival.person_id).where(_waits(person, theirs))
    return count.correlate(None).scalar_subquery()


def _waits(person: Person, theirs: ColumnElement[bool]) -> ColumnElement[bool]:
    sponsored = exists().where(
        Grant.principal == "guest:" + _GUEST.handle,
        Grant.given_by == person.handle,
        Grant.source == "guest",
        Grant.ended_at.is_(None),
    )
    may = or_(theirs, (_GUEST.kind == "guest") & sponsored)
    return Arrival.decided_at.is_(None) & (_GUEST.status == "active") & may


def decide(uow: UnitOfWork, parts: Parts, arrival: Arrival, *, yes: bool) -> Person:
    """Admit whoever came, or refuse them; raises Conflict where it was decided before, or cannot be any more."""
    if arrival.decided_at is not None:
        raise Conflict("This was decided meanwhile.")
    person = uow.session.get_one(Person, arrival.person_id)
    if yes:
        try:
            person = admit(uow, parts, arrival)
        except FederationError as error:
            raise Conflict(
                f"{person.name}'s place is taken, or theirs no more. If somebody shall come, make a new link."
            ) from error
    arrival.decided_at, arrival.admitted = uow.now, yes
    uow.record("arrival:admit" if yes else "arrival:refuse", person.subject_id, person.organisation_id, arrival.id)
    return person
