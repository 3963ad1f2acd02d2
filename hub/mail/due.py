"""Which letters may leave now: those that are due, and no more of them than the operator lets the server be given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.mail.models import SENT, WAITING, RefusedAddress, SentLetter

AT_ONCE: Final = 50
WINDOW: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Ready:
    """A letter that is due, with the person as they are now."""

    letter: SentLetter
    name: str
    welcome: bool
    """Whether they may sign in: they are active, and their organisation is not blocked. Nobody known is welcome too."""
    refused: str = ""
    """What a mail server has said to its address before, if that was no for good."""


def due_letters(session: Session, now: datetime, most: int = AT_ONCE) -> list[Ready]:
    """The oldest letters that are due, up to so many; those that were tried least come first."""
    # as no index has it: of two, SQLite would choose the one by which it has to sort all letters that wait
    due = func.coalesce(SentLetter.due_at, SentLetter.created_at) <= now
    asked = (
        select(SentLetter, Person.name, Person.status, Place.blocked_at, RefusedAddress.said)
        .outerjoin(Person, Person.id == SentLetter.person_id)
        .outerjoin(Place, Place.id == Person.organisation_id)
        .outerjoin(RefusedAddress, RefusedAddress.address == func.lower(SentLetter.address))
        .where(SentLetter.state == WAITING, due)
        .order_by(SentLetter.attempts, SentLetter.created_at)
        .limit(most)
    )
    return [
        Ready(letter, name or "", status in {"active", None} and blocked is None, refused or "")
        for letter, name, status, blocked, refused in session.execute(asked)
    ]


def next_due(parts: Parts) -> datetime | None:
    """When the next letter that waits may leave; None where none waits."""
    with parts.database.reading() as session:
        due = session.scalar(select(func.min(SentLetter.due_at)).where(SentLetter.state == WAITING))
        if due is None or room_for(parts, session):
            return due
        return max(due, (_oldest_within(session, parts.clock.now()) or due) + WINDOW)


def room_for(parts: Parts, session: Session) -> int:
    """How many letters may leave now, so that no more leave within a minute than the operator has said."""
    if parts.mail.server is None:
        return AT_ONCE
    left = select(func.count()).where(SentLetter.sent_at > parts.clock.now() - WINDOW, SentLetter.state == SENT)
    return max(0, min(AT_ONCE, parts.mail.a_minute - (session.scalar(left) or 0)))


def _oldest_within(session: Session, now: datetime) -> datetime | None:
    return session.scalar(select(func.min(SentLetter.sent_at)).where(SentLetter.sent_at > now - WINDOW))
