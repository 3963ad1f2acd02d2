"""Reads of people."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.viewer import Viewer


def person_by_handle(session: Session, handle: str) -> Person | None:
    """The person of a handle, to be judged by the caller."""
    return session.scalar(select(Person).where(Person.handle == handle))


def people_by_subject(session: Session, subject_ids: Iterable[str]) -> dict[str, Person]:
    """The people behind `person:` and `guest:` words: word -> person. One query for all."""
    handles = {word.partition(":")[2] for word in subject_ids}
    found = session.scalars(select(Person).where(Person.handle.in_(sorted(handles)))).all()
    return {person.subject_id: person for person in found}


def people_by_id(viewer: Viewer, ids: Iterable[str]) -> list[Person]:
    """People, by name, whom the viewer may see."""
    found = viewer.session.scalars(select(Person).where(Person.id.in_(list(ids))).order_by(Person.name, Person.id))
    return viewer.kept(list(found))
