"""“I have read this”: organisations ask their own people to say so, of any thing that people talk about."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.models import MustRead, ReadReceipt


def is_asked(person: Person, asked: MustRead) -> bool:
    """Whether a request goes to somebody: to staff of the organisation, but whoever asks."""
    own = person.kind == "staff" and person.organisation_id == asked.organisation_id
    return own and person.subject_id != asked.asked_by


def request_of(viewer: Viewer, node: str) -> MustRead | None:
    """What the viewer's own organisation asks of a thing. One query."""
    return viewer.session.get(MustRead, (node, viewer.person.organisation_id))


def receipts_of(session: Session, node: str, organisation_id: str) -> dict[str, datetime]:
    """Who of an organisation said that they have read a thing, by id, and when. One query."""
    wanted = select(ReadReceipt.person_id, ReadReceipt.at).join(Person, Person.id == ReadReceipt.person_id)
    own = (ReadReceipt.node == node, Person.organisation_id == organisation_id)
    return dict(iter(session.execute(wanted.where(*own))))


def ask_to_read(uow: UnitOfWork, node: str, asker: Person, by_date: date | None, today: date) -> None:
    """Ask all staff of the asker's organisation who can read a thing; again: by another day.

    Raises Invalid for a day that is past, and Conflict for a guest.
    """
    if asker.kind != "staff":
        raise Conflict("Only staff can ask this, of their own organisation.")
    if by_date is not None and by_date < today:
        raise Invalid("The day by which it is to be read must be today or later", "by")
    row = uow.session.get(MustRead, (node, asker.organisation_id))
    if row is None:
        own = MustRead(node=node, organisation_id=asker.organisation_id, asked_by=asker.subject_id, at=uow.now)
        own.by_date = by_date
        uow.session.add(own)
    else:
        row.by_date = by_date
    uow.session.flush()


def ask_no_more(uow: UnitOfWork, node: str, organisation_id: str) -> None:
    """Ask nobody of an organisation any more; what people said stays."""
    row = uow.session.get(MustRead, (node, organisation_id))
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()


def say_read(uow: UnitOfWork, node: str, person: Person) -> None:
    """Say that one has read it, once; raises Conflict for whom nobody asks."""
    asked = uow.session.get(MustRead, (node, person.organisation_id))
    if asked is None or not is_asked(person, asked):
        raise Conflict("Nobody asks you any more to say that you have read this.")
    if uow.session.get(ReadReceipt, (node, person.id)) is None:
        uow.session.add(ReadReceipt(node=node, person_id=person.id, at=uow.now))
        uow.session.flush()
