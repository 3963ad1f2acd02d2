"""Reads of people."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Person, Place
from hub.access.viewer import Viewer
from hub.web.pages import Who


def person_by_handle(session: Session, handle: str) -> Person | None:
    """The person of a handle, to be judged by the caller."""
    return session.scalar(select(Person).where(Person.handle == handle))


def people_by_subject(session: Session, subject_ids: Iterable[str]) -> dict[str, Person]:
    """The people behind `person:` and `guest:` words: word -> person. One query for all."""
    handles = {word.partition(":")[2] for word in subject_ids}
    found = session.scalars(select(Person).where(Person.handle.in_(sorted(handles)))).all()
    return {person.subject_id: person for person in found}


NOBODY = Who("Somebody who is not here any more")


def named(viewer: Viewer, subject_ids: Iterable[str], session: Session | None = None) -> dict[str, Who]:
    """The people behind `person:` and `guest:` words, with their organisations, for pages: word -> who. One query.

    They are a part of something that the viewer sees: named whether or not their own page is hidden, linked if not.
    """
    handles = {word.partition(":")[2] for word in subject_ids if word}
    if not handles:
        return {}
    wanted = select(Person, Place.name).join(Place, Place.id == Person.organisation_id)
    rows = (session or viewer.session).execute(wanted.where(Person.handle.in_(sorted(handles))))
    return {person.subject_id: who(viewer, person, organisation) for person, organisation in rows}


def who(viewer: Viewer, person: Person, organisation: str) -> Who:
    """One person of an organisation, for pages."""
    return Who(person.name, organisation, f"/people/{person.handle}" if viewer.sees(person) else "")


def people_by_id(viewer: Viewer, ids: Iterable[str]) -> list[Person]:
    """People, by name, whom the viewer may see."""
    found = viewer.session.scalars(select(Person).where(Person.id.in_(list(ids))).order_by(Person.name, Person.id))
    return viewer.kept(list(found))
