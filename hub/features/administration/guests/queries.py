"""Reads of guests: whom an organisation's spaces have admitted, and where somebody could be admitted."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from hub.access.columns import HOMES
from hub.access.models import Grant, Person, Place
from hub.access.viewer import Viewer
from hub.features.signin.models import Issuer
from hub.nouns.organisations.models import Organisation
from hub.nouns.organisations.queries import has_staff
from hub.nouns.people.queries import holding
from hub.web.pages import Who

MOST_PLACES = 500
MOST_OFFERED = 20


@dataclass(frozen=True)
class Admission:
    """A guest, what they were given, and the firm that they work for."""

    grant: Grant
    person: Person
    firm: Place


def admissions(session: Session, organisation: Place, page: int, size: int) -> tuple[list[Admission], int]:
    """One page of what guests were given in an organisation and has not been ended, the first to end first."""
    there = _admitted(organisation)
    total = session.scalar(select(func.count()).select_from(there.subquery())) or 0
    rows = session.execute(there.order_by(Grant.until, Grant.id).limit(size).offset((page - 1) * size))
    return [Admission(grant, person, firm) for grant, person, firm in rows], total


def admission(session: Session, organisation: Place, grant_id: str) -> Admission | None:
    """One of them."""
    row = session.execute(_admitted(organisation).where(Grant.id == grant_id)).one_or_none()
    return Admission(row[0], row[1], row[2]) if row else None


def of_firm(session: Session, organisation: Place, firm: str) -> list[Admission]:
    """All of them whose guests work for one firm, by its short name."""
    rows = session.execute(_admitted(organisation).where(Place.path == firm).order_by(Grant.id))
    return [Admission(grant, person, place) for grant, person, place in rows]


def firms_with_guests(session: Session, organisation: Place) -> list[tuple[Place, int]]:
    """The firms whose people are guests of an organisation, by name, with how many people of each."""
    rows = session.execute(
        select(Place, func.count(Person.id.distinct()))
        .join(Person, Person.organisation_id == Place.id)
        .join(Grant, Grant.principal == "guest:" + Person.handle)
        .where(Grant.organisation_id == organisation.id, Grant.ended_at.is_(None))
        .group_by(Place.id)
        .order_by(func.lower(Place.name))
    )
    return [(place, count) for place, count in rows]


def firms_with_issuers(session: Session, firms: Iterable[str]) -> set[str]:
    """Those of some firms, by id, whose guests sign in through an issuer of theirs."""
    wanted = select(Issuer.organisation_id).where(Issuer.organisation_id.in_(sorted(set(firms))))
    return set(session.scalars(wanted))


def firms(viewer: Viewer, own: Place) -> list[Place]:
    """The organisations, but councils, that guests could come from, of those that the viewer may see."""
    rows = viewer.session.scalars(
        select(Place)
        .join(Organisation, Organisation.id == Place.id)
        .where(Organisation.kind != "council", has_staff(), Place.id != own.id, Place.blocked_at.is_(None))
        .order_by(func.lower(Place.name), Place.id)
        .limit(MOST_PLACES)
    ).all()
    return viewer.kept(list(rows))


def spaces_to_open(viewer: Viewer, organisation: Place) -> list[Place]:
    """The spaces of an organisation that the viewer manages, by path."""
    own = (Place.organisation_id == organisation.id, Place.kind == "space", viewer.where(HOMES, "manage"))
    return list(viewer.session.scalars(select(Place).where(*own).order_by(Place.path).limit(MOST_PLACES)))


def sponsors(session: Session, handles: Iterable[str]) -> dict[str, tuple[Person, Who]]:
    """The people of these handles, as they are named."""
    wanted = select(Person, Place.name).join(Place, Place.id == Person.organisation_id)
    rows = session.execute(wanted.where(Person.handle.in_(sorted(set(handles)))))
    return {person.handle: (person, Who(person.name, organisation)) for person, organisation in rows}


def could_sponsor(session: Session, organisation: Place, words: str) -> list[Person]:
    """The active staff of an organisation whom words may mean, by name, at most one more than are offered.

    Each word is in a name, a handle or an e-mail address; who has just that name, handle or address comes alone. For
    those who administer the organisation.
    """
    staff = (Person.organisation_id == organisation.id, Person.kind == "staff", Person.status == "active")
    wanted = select(Person).where(*staff, *holding(words)).order_by(func.lower(Person.name), Person.id)
    typed = words.strip().lower()
    exact = or_(
        func.lower(Person.name) == typed,
        func.lower(Person.email) == typed,
        Person.handle.in_((typed, f"{organisation.path}/{typed}")),
    )
    if not typed:
        return []
    return list(session.scalars(wanted.where(exact).limit(MOST_OFFERED + 1))) or list(
        session.scalars(wanted.limit(MOST_OFFERED + 1))
    )


def _admitted(organisation: Place) -> Select[Grant, Person, Place]:
    return (
        select(Grant, Person, Place)
        .join(Person, "guest:" + Person.handle == Grant.principal)
        .join(Place, Place.id == Person.organisation_id)
        .where(Grant.organisation_id == organisation.id, Grant.ended_at.is_(None))
    )
