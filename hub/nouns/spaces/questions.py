"""The one space for each service in which councils ask one another: a council joins it, and leaves it, by itself.

It lies in an organisation without staff, so it is nobody's. Its page is seen by all staff; what lies in it, by those of
the organisations that joined: each time one grant, given by whoever administers the organisation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from hub.access.models import Grant, Person, Place
from hub.access.places import NewPlace
from hub.access.viewer import Viewer
from hub.ground.errors import Conflict
from hub.ground.ids import plain_letters
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import NewGrant, end_grant, give
from hub.nouns.spaces.models import QuestionSpace, Service
from hub.nouns.spaces.service import add_space
from hub.nouns.spaces.services import services_around, set_services
from hub.things.columns import among

FOR_ALL = "Every council may join this space, and that stays so: neither its audience nor its place can be changed."
ABOUT = "Questions about {name}, from any council to all. Each council joins, and leaves, by itself."
JOINED, LOOKS_AFTER = "Their organisation joined the space", "Was the first to join, and looks after the space"
_TOP = "up to OFFICIAL"


@dataclass(frozen=True, slots=True)
class Questions:
    """A service, as it is shown now, and its question space."""

    service: Service
    space: Place


def question_spaces(session: Session) -> list[Questions]:
    """Every question space that there is, by the name of its service. One query."""
    found = (
        select(Service, Place)
        .join(QuestionSpace, QuestionSpace.service_id == Service.id)
        .join(Place, Place.id == QuestionSpace.place_id)
        .where(Place.kind == "space")
        .order_by(func.lower(Service.name))
    )
    return [Questions(*row) for row in session.execute(found)]


def questions_about(session: Session, service_id: str) -> Place | None:
    """The question space of a service; None where there is none, or it was deleted."""
    wanted = select(Place).join(QuestionSpace, QuestionSpace.place_id == Place.id)
    return session.scalar(wanted.where(QuestionSpace.service_id == service_id, Place.kind == "space"))


def question_spaces_for(
    session: Session, every: Sequence[Questions], near: Sequence[str], words: Iterable[str]
) -> list[str]:
    """The ids of those of services that words speak of, then of those that some spaces are about. One query."""
    said = {plain_letters(word) for word in words}
    named = [each.space.id for each in every if said & set(plain_letters(each.service.name).split())]
    around = services_around(session, near) if every else set()
    return list(dict.fromkeys((*named, *(each.space.id for each in every if each.service.id in around))))


def is_question_space(viewer: Viewer, place: Place) -> bool:
    """Whether a place is one. One query, and none of a place of the viewer's own organisation, which it never is."""
    if place.organisation_id in viewer.subject.orgs:
        return False
    return viewer.session.scalar(select(QuestionSpace.place_id).where(QuestionSpace.place_id == place.id)) is not None


def open_questions(uow: UnitOfWork, service: Service, sector: Place) -> Place:
    """Make the question space of a service, in the organisation of all; raises Conflict where there is one."""
    if questions_about(uow.session, service.id) is not None:
        raise Conflict(f"{service.name} has its question space already")
    about = ABOUT.format(name=service.name)
    new = NewPlace("space", service.id, f"{service.name}: questions", "OFFICIAL", "restricted", about)
    space = add_space(uow, sector, new)
    set_services(uow, space, [service.id])
    uow.session.merge(QuestionSpace(service_id=service.id, place_id=space.id))
    uow.session.flush()
    uow.record("service:questions", service.id, space.organisation_id, space.id)
    return space


def who_joined(session: Session, space_ids: Iterable[str], today: date) -> dict[str, list[str]]:
    """The organisations that joined each of these spaces, by their slugs. One query."""
    found: dict[str, list[str]] = {space: [] for space in space_ids}
    rows = select(Grant.node, Grant.principal).where(
        among(Grant.node, found), Grant.principal.like("org:%"), _in_force(today)
    )
    for node, principal in session.execute(rows.order_by(Grant.principal)):
        found[node].append(principal.removeprefix("org:"))
    return found


def what_joining_gives(space: Place, organisation: Place, by: Person, *, first: bool) -> tuple[NewGrant, ...]:
    """What an organisation is given that joins; and whoever joins where nobody looks after the space (`first`)."""

    def new(principal: str, can: str, state: str, reason: str) -> NewGrant:
        owner = space.organisation_id or ""
        return NewGrant(principal, can, space.id, owner, by.handle, reason=reason, marking=_TOP, state=state)

    joined = new(f"org:{organisation.path}", "comment", "published", JOINED)
    return (joined, new(by.subject_id, "manage", "any", LOOKS_AFTER)) if first else (joined,)


def is_looked_after(session: Session, space: Place, today: date) -> bool:
    """Whether somebody who is still there manages a space by name, or a group does."""
    active = select(Person.id).where(Person.status == "active", Grant.principal == "person:" + Person.handle).exists()
    wanted = select(Grant.id).where(Grant.node == space.id, Grant.can == "manage", _in_force(today))
    return session.scalar(wanted.where(or_(Grant.principal.like("group:%"), active)).limit(1)) is not None


def held_by(session: Session, space_ids: Iterable[str], organisation: Place) -> dict[str, list[Grant]]:
    """All that an organisation, its groups and its people were given on spaces, and has not ended. One query."""
    found: dict[str, list[Grant]] = {space: [] for space in space_ids}
    own = organisation.path
    theirs = or_(
        Grant.principal == f"org:{own}", *(Grant.principal.startswith(f"{word}:{own}/") for word in ("person", "group"))
    )
    wanted = select(Grant).where(among(Grant.node, found), Grant.ended_at.is_(None), theirs)
    for grant in session.scalars(wanted.order_by(Grant.id)):
        found[grant.node].append(grant)
    return found


def join(uow: UnitOfWork, space: Place, organisation: Place, gifts: Sequence[NewGrant]) -> None:
    """Let an organisation take part: its staff read, ask and answer from their next request on."""
    for gift in gifts:
        give(uow, gift)
    uow.record("questions:join", space.id, organisation.id, organisation.path)


def leave(uow: UnitOfWork, space: Place, organisation: Place) -> None:
    """Let an organisation, its groups and its people take part no longer. What they said stays, with its records."""
    for grant in held_by(uow.session, [space.id], organisation)[space.id]:
        end_grant(uow, grant)
    uow.record("questions:leave", space.id, organisation.id, organisation.path)


def _in_force(today: date) -> ColumnElement[bool]:
    """That a grant holds on a day: a condition on grants."""
    return and_(Grant.ended_at.is_(None), or_(Grant.until.is_(None), Grant.until >= today))
