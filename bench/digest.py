"""Daily letters: put on their way in the morning, judged and written as they leave, into the folder.

`digest` writes all of a morning for 20,000 people. Within `talk` a part of them get theirs, beside a million posts:
each letter takes as long however many there are. The bar is held by processor time, which a busy machine leaves as it
is.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import insert, select, update

from bench.table import Row, took
from bench.town import Size, town_of
from config.settings import Settings
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.app import build_parts
from hub.features.hearing.letters import letters_round
from hub.ground.unit_of_work import unit_of_work
from hub.mail.jobs import letters_round as send_letters
from hub.nouns.organisations.models import OrganisationDomain
from hub.nouns.talk.models import Notice
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import NewThread, open_thread

PEOPLE, READERS, NEWS = 20_000, 1_000, 10
TOWN: Final = Size(documents=2_000, people=PEOPLE, lookers=1, crowded=200)
THREADS: Final = 2_000
AT_ONCE: Final = 500
BAR = 600.0
"""Seconds for all of them."""
MORNING = datetime(2026, 11, 3, 8, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 3, 1, tzinfo=UTC)


class _Morning:
    """A clock that stands at ten past eight."""

    def now(self) -> datetime:
        return MORNING


def main() -> list[Row]:
    """The letters of one morning to everybody, of a hub in which nothing else is done."""
    with town_of(TOWN) as data:
        parts = build_parts(Settings(data=data))
        try:
            _talk(parts)
            return [digest(parts, PEOPLE)]
        finally:
            parts.engine.close()
            parts.database.close()


def digest(parts: Parts, readers: int = READERS) -> Row:
    """How long the letters of a morning take, by the rate at which those of some readers did."""
    parts = replace(parts, clock=_Morning())
    readers = _fill(parts, readers)
    done: list[int] = []

    def send() -> None:
        done.append(sum(iter(partial(letters_round, parts), 0)))
        done.append(sum(iter(partial(send_letters, parts), 0)))

    time = took(send)
    written, left = done
    if written != readers or left < readers * 0.9:  # some may read none of it
        raise RuntimeError(f"{readers} people, {written} letters written, {left} sent")
    wall, cpu = (PEOPLE / written * seconds for seconds in (time.wall, time.cpu))
    name = f"talk: daily letters for {PEOPLE:,} people"
    return Row(name, f"{cpu:.0f} s of the processor, {wall:.0f} s", f"at most {BAR:.0f} s", met=cpu <= BAR)


def _talk(parts: Parts) -> None:
    """Conversations of a post each, in all spaces."""
    with parts.database.reading() as session:
        spaces = session.scalars(select(Place).where(Place.kind == "space")).all()
        authors = session.scalars(select(Person).where(Person.kind == "staff").limit(len(spaces))).all()
    for begin in range(0, THREADS, AT_ONCE):
        with unit_of_work(parts.database, parts.clock) as uow:
            for number in range(begin, begin + AT_ONCE):
                place, author = (rows[number % len(rows)] for rows in (spaces, authors))
                open_thread(uow, place, author, NewThread("discussion", f"Floods {number}", "How do you model them?"))


def _fill(parts: Parts, most: int) -> int:
    """Addresses at proved domains, and news of conversations of all spaces for each reader; how many these are."""
    with parts.database.engine.begin() as connection:
        organisations = connection.execute(select(Place.id, Place.path).where(Place.kind == "organisation")).all()
        domains = [
            {"domain": f"{path}.example", "organisation_id": own, "verified": True} for own, path in organisations
        ]
        connection.execute(insert(OrganisationDomain), domains)
        for own, path in organisations:
            address = Person.id + f"@{path}.example"
            connection.execute(update(Person).where(Person.organisation_id == own).values(email=address))
        staff = (Person.kind == "staff", Person.status == "active")
        readers = connection.scalars(select(Person.id).where(*staff).order_by(Person.id).limit(most)).all()
        connection.execute(Notice.__table__.delete())
        threads = connection.scalars(select(Thread.id).order_by(Thread.id).limit(READERS)).all()
        connection.execute(
            insert(Notice), [_notice(who, threads, n, m) for n, who in enumerate(readers) for m in range(NEWS)]
        )
    return len(readers)


def _notice(who: str, threads: Any, reader: int, number: int) -> dict[str, Any]:
    about = threads[(reader * NEWS + number) % len(threads)]
    return {"person_id": who, "node": f"thread:{about}", "number": 1, "because": "follow", "at": NIGHT}
