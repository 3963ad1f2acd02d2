"""Reads for those who administer the whole hub."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.store import PLATFORM_FILE
from hub.access.models import Group, GroupMember, Hold, Person, Place, SignedInSession
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.policies.models import PolicyAlarm
from hub.features.signin.models import ACTIVE, Issuer
from hub.mail.models import FAILED, SentLetter
from hub.nouns.organisations.models import Organisation, OrganisationDomain
from hub.nouns.people.queries import holding


@dataclass(frozen=True)
class Line:
    """An organisation in the list of all."""

    place: Place
    kind: str
    people: int
    issuer: str
    """Status of its issuer; empty without one."""


@dataclass(frozen=True)
class Crew:
    """Who there is of an organisation."""

    kind: str
    staff: int
    guests: int
    sessions: int


@dataclass(frozen=True)
class Needs:
    """What waits for those who run the hub."""

    alarm: bool
    """Whether the working copy of the hub's own policy on disk is refused."""
    failed: int
    """Letters that could not be sent."""
    holds: int
    """Rights that wait for their word."""


def needs_of_the_hub(since: datetime) -> tuple[ColumnElement[Any], ...]:
    """What waits for those who run the hub, of letters those written since a moment: the fields of `Needs`, as columns.

    So that it is asked for together with how their own organisation stands.
    """
    alarm = exists().where(PolicyAlarm.name.ilike(f"{PLATFORM_FILE.removesuffix('csv')}%"))
    failed = select(func.count()).where(SentLetter.state == FAILED, SentLetter.created_at >= since)
    holds = select(func.count()).where(Hold.confirmed_at.is_(None))
    return alarm, failed.scalar_subquery(), holds.scalar_subquery()


def organisations(session: Session, words: str, page: int, size: int) -> tuple[list[Line], int]:
    """One page of the organisations whose name, short name or mail domain holds every word, and how many there are."""
    found = (Place.kind == "organisation", *_named(words))
    total = session.scalar(select(func.count()).select_from(Place).where(*found)) or 0
    people = select(func.count()).where(Person.organisation_id == Place.id, Person.status == "active")
    issuer = (
        select(Issuer.status)
        .where(Issuer.organisation_id == Place.id)
        .order_by(Issuer.status != ACTIVE, Issuer.created_at)
        .limit(1)
    )
    wanted = (
        select(Place, Organisation.kind, people.scalar_subquery(), func.coalesce(issuer.scalar_subquery(), ""))
        .join(Organisation, Organisation.id == Place.id)
        .where(*found)
        .order_by(func.lower(Place.name), Place.id)
    )
    rows = session.execute(wanted.limit(size).offset((page - 1) * size))
    return [Line(place, kind, count, status) for place, kind, count, status in rows], total


def crew_of(session: Session, organisation: Place, now: datetime) -> Crew:
    """How many active people an organisation has, and how many sessions of theirs are open; one query."""
    own = (Person.organisation_id == organisation.id, Person.status == "active")
    opened = (
        select(func.count())
        .select_from(SignedInSession)
        .join(Person, Person.id == SignedInSession.person_id)
        .where(Person.organisation_id == organisation.id, SignedInSession.ended_at.is_(None))
        .where(SignedInSession.expires_at > now)
    )
    row = session.execute(
        select(
            Organisation.kind,
            select(func.count()).select_from(Person).where(*own, Person.kind == "staff").scalar_subquery(),
            select(func.count()).select_from(Person).where(*own, Person.kind == "guest").scalar_subquery(),
            opened.scalar_subquery(),
        ).where(Organisation.id == organisation.id)
    ).one()
    return Crew(*row)


def administrators(session: Session, handle: str, most: int = 100) -> list[Person]:
    """The members of a group of administrators, by name."""
    return list(
        session.scalars(
            select(Person)
            .join(GroupMember, GroupMember.person_id == Person.id)
            .join(Group, Group.id == GroupMember.group_id)
            .where(Group.handle == handle)
            .order_by(func.lower(Person.name), Person.id)
            .limit(most)
        )
    )


def could_run_the_hub(session: Session, words: str, most: int) -> list[Person]:
    """Active staff of any organisation who do not run the hub yet, and match the words."""
    inside = (
        exists()
        .where(GroupMember.person_id == Person.id, GroupMember.group_id == Group.id)
        .where(Group.handle == f"{ROOT}/{ADMINISTRATORS}")
    )
    wanted = (Person.kind == "staff", Person.status == "active", ~inside)
    found = select(Person).where(*wanted, *holding(words)).order_by(func.lower(Person.name), Person.id)
    return list(session.scalars(found.limit(most)))


def _named(words: str) -> list[ColumnElement[bool]]:
    def holds(word: str) -> ColumnElement[bool]:
        domain = (
            exists()
            .where(OrganisationDomain.organisation_id == Place.id)
            .where(OrganisationDomain.domain.icontains(word, autoescape=True))
        )
        name = Place.name.icontains(word, autoescape=True)
        return or_(name, Place.path.icontains(word, autoescape=True), domain)

    return [holds(word) for word in words.split()[:8]]
