"""How long a session lasts, and how many somebody has at once: the hub's limits, or an organisation's own within them.

An organisation's own bind the next request of each of its people: they stand in the query that opens it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from hub.access.models import Person, Place, SessionLimits, SignedInSession
from hub.access.parts import Parts
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork

PROOF_LASTS: Final = timedelta(minutes=15)
"""So long after somebody proved who they are, nothing asks them again."""
SHORTEST_IDLE: Final = 5
"""Minutes. Shorter than that nobody reads a page."""


@dataclass(frozen=True)
class Limits:
    """The limits that hold for somebody's sessions."""

    idle: timedelta
    lasts: timedelta
    at_once: int

    def hold(self, row: SignedInSession, now: datetime) -> bool:
        """Whether a session that nobody has ended is open still."""
        return now - row.seen_at < self.idle and now - row.created_at < self.lasts and now < row.expires_at


@dataclass(frozen=True)
class Wanted:
    """What an organisation wants of the sessions of its people; None leaves each as the hub has it."""

    idle_minutes: int | None = None
    hours: int | None = None
    at_once: int | None = None


def proved_lately(row: SignedInSession, now: datetime) -> bool:
    """Whether the person of a session has proved who they are so lately that nothing asks them again."""
    return row.proved_at is not None and now - row.proved_at < PROOF_LASTS


def in_force(parts: Parts, own: SessionLimits | None) -> Limits:
    """The hub's limits, or an organisation's own where these are closer."""
    return Limits(
        timedelta(minutes=_closer(parts.session_idle_minutes, own.idle_minutes if own else None)),
        timedelta(hours=_closer(parts.session_hours, own.hours if own else None)),
        _closer(parts.sessions_at_once, own.at_once if own else None),
    )


def limits_of(session: Session, parts: Parts, organisation_id: str) -> Limits:
    """The limits for the people of an organisation."""
    return in_force(parts, session.get(SessionLimits, organisation_id))


def set_limits(uow: UnitOfWork, parts: Parts, organisation: Place, wanted: Wanted) -> None:
    """Let an organisation have just these limits of its own; raises Invalid for what is wider than the hub's."""
    most = parts.session_idle_minutes, parts.session_hours, parts.sessions_at_once
    _check("idle_minutes", wanted.idle_minutes, range(SHORTEST_IDLE, most[0] + 1))
    _check("hours", wanted.hours, range(1, most[1] + 1))
    _check("at_once", wanted.at_once, range(1, most[2] + 1))
    row = uow.session.get(SessionLimits, organisation.id)
    if row is None:
        row = SessionLimits(organisation_id=organisation.id)
        uow.session.add(row)
    row.idle_minutes, row.hours, row.at_once = wanted.idle_minutes, wanted.hours, wanted.at_once
    uow.session.flush()
    told = f"idle {wanted.idle_minutes} hours {wanted.hours} at once {wanted.at_once}"
    uow.record("organisation:sessions", organisation.id, organisation.id, told)


def end_sessions_of(uow: UnitOfWork, person: Person, which: ColumnElement[bool]) -> int:
    """End those of a person's open sessions that are meant; returns how many that was."""
    ended = uow.session.execute(
        update(SignedInSession)
        .where(
            SignedInSession.person_id == person.id,
            SignedInSession.ended_at.is_(None),
            SignedInSession.expires_at > uow.now,
            which,
        )
        .values(ended_at=uow.now)
        .returning(SignedInSession.handle_hash)
    ).all()
    uow.record("person:end-sessions", person.subject_id, person.organisation_id, str(len(ended)))
    return len(ended)


def still_open(rows: Iterable[SignedInSession], limits: Limits, now: datetime) -> list[SignedInSession]:
    """Those of somebody's sessions that are open."""
    return [row for row in rows if row.ended_at is None and limits.hold(row, now)]


def _closer(hub: int, own: int | None) -> int:
    return hub if own is None else min(hub, own)


def _check(field: str, number: int | None, allowed: range) -> None:
    if number is not None and number not in allowed:
        raise Invalid(f"Enter a number from {allowed.start} to {allowed.stop - 1}, or leave it empty", field)
