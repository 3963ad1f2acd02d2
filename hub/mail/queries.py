"""Reading letters: a page of the list, one, how many wait or failed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.mail.models import FAILED, WAITING, RefusedAddress, SentLetter


@dataclass(frozen=True)
class Counts:
    """How the mail stands."""

    waiting: int
    failed: int
    oldest: datetime | None
    """When the oldest letter was written that waits for the server, and not for the hours of its reader."""
    error: str
    """What keeps it; empty when it was not tried yet."""


def counts_of(session: Session, failed_since: datetime | None = None) -> Counts:
    """How many letters wait and how many failed (of those written since then), in two queries."""
    failed = SentLetter.state == FAILED
    if failed_since is not None:
        failed &= SentLetter.created_at >= failed_since
    in_time = (SentLetter.kind != "") & (SentLetter.attempts == 0)
    rows = session.execute(
        select(SentLetter.state, func.count(), func.min(case((~in_time, SentLetter.created_at))))
        .where(or_(SentLetter.state == WAITING, failed))
        .group_by(SentLetter.state)
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    count, oldest = found.get(WAITING, (0, None))
    waiting = select(SentLetter.error).where(SentLetter.state == WAITING).order_by(SentLetter.created_at).limit(1)
    return Counts(count, found.get(FAILED, (0, None))[0], oldest, (session.scalar(waiting) or "") if count else "")


def unreachable(session: Session, organisation_id: str) -> int:
    """How many active people of an organisation have an address that a mail server refuses. One query."""
    refused = select(func.count(Person.id)).join(RefusedAddress, RefusedAddress.address == func.lower(Person.email))
    return session.scalar(refused.where(Person.organisation_id == organisation_id, Person.status == "active")) or 0


def letters_of(
    session: Session, state: str, page: int, size: int
) -> tuple[list[tuple[SentLetter, Person | None]], int]:
    """One page (from 1) of letters in a state, or in any, newest first, with whom they are to; and their number."""
    wanted = [SentLetter.state == state] if state else []
    total = session.scalar(select(func.count()).select_from(SentLetter).where(*wanted)) or 0
    rows = session.execute(
        select(SentLetter, Person)
        .outerjoin(Person, Person.id == SentLetter.person_id)
        .where(*wanted)
        .order_by(SentLetter.created_at.desc(), SentLetter.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [(row[0], row[1]) for row in rows], total


def letter_by_id(session: Session, letter_id: str) -> tuple[SentLetter, Person | None] | None:
    """A letter and whom it is to, where that is known."""
    row = session.execute(
        select(SentLetter, Person)
        .outerjoin(Person, Person.id == SentLetter.person_id)
        .where(SentLetter.id == letter_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None
