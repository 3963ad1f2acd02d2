"""Daily letters: put on their way in the morning, judged and written as they leave, into the folder.

Of fewer people than the bar speaks of: each letter takes as long however many there are.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from bench.table import Row
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.features.hearing.letters import letters_round
from hub.mail.jobs import letters_round as send_letters
from hub.nouns.organisations.models import OrganisationDomain
from hub.nouns.talk.models import Notice
from hub.nouns.threads.models import Thread

PEOPLE, READERS, NEWS = 20_000, 1_000, 10
BAR = 600.0
"""Seconds for all of them."""
MORNING = datetime(2026, 11, 3, 8, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 3, 1, tzinfo=UTC)


class _Morning:
    """A clock that stands at ten past eight."""

    def now(self) -> datetime:
        return MORNING


def digest(parts: Parts) -> Row:
    """How long the letters of a morning take, by the rate at which some of them did."""
    parts = replace(parts, clock=_Morning())
    _fill(parts)
    start, written, left = time.perf_counter(), 0, 0
    while done := letters_round(parts):
        written += done
    while done := send_letters(parts):
        left += done
    if written != READERS or left < READERS * 0.9:  # some may read none of it
        raise RuntimeError(f"{READERS} people, {written} letters written, {left} sent")
    rate = written / (time.perf_counter() - start)
    takes = PEOPLE / rate
    name = f"talk: daily letters for {PEOPLE:,} people"
    return Row(name, f"{takes:.0f} s, {rate:.0f} a second", f"at most {BAR:.0f} s", met=takes <= BAR)


def _fill(parts: Parts) -> None:
    """Addresses at proved domains, and news of conversations of all spaces for each of the readers."""
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
        readers = connection.scalars(select(Person.id).where(*staff).order_by(Person.id).limit(READERS)).all()
        connection.execute(Notice.__table__.delete())
        threads = connection.scalars(select(Thread.id).order_by(Thread.id).limit(READERS)).all()
        connection.execute(
            insert(Notice), [_notice(who, threads, n, m) for n, who in enumerate(readers) for m in range(NEWS)]
        )


def _notice(who: str, threads: Any, reader: int, number: int) -> dict[str, Any]:
    about = threads[(reader * NEWS + number) % len(threads)]
    return {"person_id": who, "node": f"thread:{about}", "number": 1, "because": "follow", "at": NIGHT}
