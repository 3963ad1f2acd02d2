"""Reads of people."""

import re
from collections.abc import Collection, Iterable
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from hub.access.known_place import known_place
from hub.access.models import Person, Place
from hub.access.viewer import Viewer
from hub.ground.unit_of_work import SYSTEM
from hub.web.pages import Who


def person_by_handle(session: Session, handle: str) -> Person | None:
    """The person of a handle, to be judged by the caller."""
    return session.scalar(select(Person).where(Person.handle == handle))


MOST_WORDS = 8
HANDLED = re.compile(r"^(?:[^/]*: )?(?P<handle>[a-z0-9-]+/[a-z0-9.-]+)(?=$|[,:; ])")
"""A text that begins with a handle, or with where it comes from and a handle."""
NOBODY = Who("Somebody who is not here any more")


def named(viewer: Viewer, subject_ids: Iterable[str], session: Session | None = None) -> dict[str, Who]:
    """The people behind `person:` and `guest:` words, with their organisations, for pages: word -> who. One query.

    They are a part of something that the viewer sees: named whether or not their own page is hidden, linked if not.
    """
    handles = {word.partition(":")[2] for word in subject_ids if word}
    if not handles:
        return {}
    return named_as(viewer, (session or viewer.session).scalars(_of_handles(), {"handles": sorted(handles)}))


def named_as(viewer: Viewer, people: Iterable[Person]) -> dict[str, Who]:
    """The same of people who are loaded."""
    return {person.subject_id: who(viewer, person, _organisation(viewer, person)) for person in people}


@cache
def _of_handles() -> Select[Person]:
    return select(Person).where(Person.handle.in_(bindparam("handles", expanding=True)))


def _organisation(viewer: Viewer, person: Person) -> str:
    found = known_place(viewer.snapshot, person.organisation_id)
    return found.name if found else ""


def who(viewer: Viewer, person: Person, organisation: str) -> Who:
    """One person of an organisation, for pages."""
    return Who(person.name, organisation, f"/people/{person.handle}" if viewer.sees(person) else "")


def holding(words: str) -> list[ColumnElement[bool]]:
    """For each word: that name, handle or address of a person holds it, large or small letters.

    What all people of an organisation have in common counts only where it is written out: `leeds/`, `@leeds.gov.uk`.
    """
    return [_holds(re.sub(r"([%_\\])", r"\\\1", word.lower())) for word in words.split()[:MOST_WORDS]]


def _holds(word: str) -> ColumnElement[bool]:
    handle, address = ("" if "/" in word else "%/"), ("" if "@" in word else "%@")
    likes = {Person.name: f"%{word}%", Person.handle: f"{handle}%{word}%", Person.email: f"%{word}%{address}"}
    return or_(*(func.lower(column).like(like, escape="\\") for column, like in likes.items()))


def people_by_id(viewer: Viewer, ids: Iterable[str]) -> list[tuple[Person, Who]]:
    """People, by name, whom the viewer may see, as they are named. One query."""
    wanted = select(Person, Place.name).join(Place, Place.id == Person.organisation_id)
    rows = viewer.session.execute(wanted.where(Person.id.in_(list(ids))).order_by(Person.name, Person.id)).all()
    seen = {person.id for person in viewer.kept([person for person, _ in rows])}
    return [(person, who(viewer, person, organisation)) for person, organisation in rows if person.id in seen]


def in_names(session: Session, said: Collection[str]) -> dict[str, str]:
    """What was kept as a handle, alone or with words after it, as people read it: text -> text. One query.

    "leeds/sam, who moved leeds/housing" becomes "Sam Okafor of Leeds City Council, who moved leeds/housing". What names
    nobody stays as it is.
    """
    told = {text: "the hub itself" if text == SYSTEM else text for text in said}
    texts = {text: found for text in said if (found := HANDLED.search(text))}
    if not texts:
        return told
    handles = sorted({found["handle"] for found in texts.values()})
    wanted = select(Person.handle, Person.name, Place.name).join(Place, Place.id == Person.organisation_id)
    rows = session.execute(wanted.where(Person.handle.in_(handles)))
    people = {handle: str(Who(name, organisation)) for handle, name, organisation in rows}
    return told | {
        text: f"{text[: found.start('handle')]}{people[found['handle']]}{text[found.end('handle') :]}"
        for text, found in texts.items()
        if found["handle"] in people
    }
