"""The letter to a person or guest who was given a place or a document by hand. It names neither, nor what they hold."""

from sqlalchemy import select

from acl.store import Snapshot
from acl.vocabulary import PERSON, SOMEBODY
from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.access.subjects import load_subject
from hub.access.viewer import Judged, Viewer
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter, post
from hub.web.filters import day
from hub.web.pages import Who


def receiver_of(uow: UnitOfWork, parts: Parts, snapshot: Snapshot, grant: Grant) -> Viewer | None:
    """The person or guest to whom something was given, as policy sees them from then on; None for many at once."""
    person = _person(uow, grant.principal)
    if person is None:
        return None
    return Viewer(person, load_subject(uow.session, person), snapshot, parts.today, uow.session, parts.kinds)


def tell(
    uow: UnitOfWork, parts: Parts, snapshot: Snapshot, thing: Judged, grant: Grant, *, what: str, link: str
) -> str:
    """Write to whom something was given (`what` it is, in a word); returns the letter's id, empty for no letter.

    Nobody is where policy keeps it from them all the same: they would learn of something that they cannot see.
    """
    receiver, giver = receiver_of(uow, parts, snapshot, grant), _person(uow, f"{PERSON}{grant.given_by}")
    if receiver is None or receiver.person is giver or not receiver.sees(thing):
        return ""
    until = f" until {day(grant.until).striptags()}" if grant.until else ""
    letter = Letter(
        to=receiver.person,
        subject="You have been given access",
        lines=(f"{_by(uow, receiver, giver)} has given you access to a {what} in the hub{until}.",),
        link=link,
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
