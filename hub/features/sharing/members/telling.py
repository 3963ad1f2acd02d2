"""The letter to a person or guest who was given a place by hand. It names neither the place nor what lies in it."""

from sqlalchemy import select

from acl.store import Snapshot
from acl.vocabulary import PERSON, SOMEBODY
from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.access.subjects import load_subject
from hub.access.viewer import Viewer
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter, post
from hub.web.filters import day
from hub.web.pages import Who


def tell(uow: UnitOfWork, parts: Parts, snapshot: Snapshot, place: Place, grant: Grant) -> str:
    """Write to whom a place was given; returns the letter's id, empty where nobody is written to.

    Nobody is where policy keeps the place from them all the same: they would learn of something that they cannot see.
    """
    person, giver = (_person(uow, handle) for handle in (grant.principal, f"{PERSON}{grant.given_by}"))
    if person is None or person is giver:
        return ""
    receiver = Viewer(person, load_subject(uow.session, person), snapshot, parts.today, uow.session, parts.kinds)
    if not receiver.sees(place):
        return ""
    until = f" until {day(grant.until).striptags()}" if grant.until else ""
    letter = Letter(
        to=person,
        subject="You have been given access",
        lines=(f"{_by(uow, receiver, giver)} has given you access to a place in the hub{until}.",),
        link=f"/places/{place.path}",
    )
    return post(uow, letter)


def _person(uow: UnitOfWork, principal: str) -> Person | None:
    if not principal.startswith(SOMEBODY):
        return None
    return uow.session.scalar(select(Person).where(Person.handle == principal.partition(":")[2]))


def _by(uow: UnitOfWork, receiver: Viewer, giver: Person | None) -> str:
    """The giver, where the receiver may know of them: a guest knows their sponsor."""
    if giver is None or not (receiver.person.kind == "guest" or receiver.sees(giver)):
        return "Somebody who manages it"
    return str(Who(giver.name, uow.session.get_one(Place, giver.organisation_id).name))
