"""One transaction for each use case: the act, its audit entry and its outbox messages commit together or not at all.

Services take the unit of work as their first argument, flush where they need an id, and never commit: this module
does, once, when the block ends without an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hub.ground.clock import Clock
from hub.ground.db import Base, Database, Moment
from hub.ground.outbox import INDEX, OutboxMessage

SYSTEM = "system"
"""The actor of what the hub itself does, or the operator at the command line."""
NOW = "now"
"""Under this name the session holds the moment at which its unit of work acts (`Session.info`)."""


class AuditEntry(Base):
    """What someone did: written in the transaction of the act. Holds ids and handles, never titles or text."""

    __tablename__ = "audit_entries"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor: Mapped[str] = mapped_column(String(120))
    """Handle of the person, or `system`."""
    act: Mapped[str] = mapped_column(String(60))
    """`noun:verb`, such as `document:add`."""
    object: Mapped[str] = mapped_column(String(120), default="")
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    detail: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True)
class UnitOfWork:
    """An open transaction, the moment at which it acts, and who acts."""

    session: Session
    now: datetime
    actor: str = SYSTEM

    def enqueue(self, about: str, topic: str = INDEX) -> int:
        """Leave a message in the outbox; returns its id (a number that grows)."""
        message = OutboxMessage(topic=topic, about=about, created_at=self.now)
        self.session.add(message)
        self.session.flush()
        return message.id

    def record(self, act: str, subject: str = "", organisation_id: str | None = None, detail: str = "") -> None:
        """Write the audit entry of an act (`noun:verb`) done to `subject`."""
        self.session.add(
            AuditEntry(
                at=self.now,
                actor=self.actor,
                act=act,
                object=subject,
                organisation_id=organisation_id,
                detail=detail,
            )
        )


@contextmanager
def unit_of_work(database: Database, clock: Clock, actor: str = SYSTEM) -> Iterator[UnitOfWork]:
    """Open a unit of work; commit at the end of the block, roll back on any error."""
    with database.writing() as session:
        now = session.info[NOW] = clock.now()
        yield UnitOfWork(session, now, actor)
        session.commit()


@contextmanager
def act_of(uow: UnitOfWork) -> Iterator[UnitOfWork]:
    """The part of an open unit of work that writes: committed at the end of the block, undone by any error."""
    try:
        yield uow
        uow.session.commit()
    except BaseException:
        uow.session.rollback()
        raise


def alone(uow: UnitOfWork, word: str) -> None:
    """Wait for every other unit of work that is `alone` with this word, and let others wait until this one ends.

    On SQLite one writes at a time anyway.
    """
    if uow.session.get_bind().dialect.name == "postgresql":
        uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(word, 0))))
