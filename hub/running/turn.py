"""Whose turn it is to work: one worker for a database, whatever the machine; every other one stands by.

The lock is a file's on one machine, and PostgreSQL's over several. PostgreSQL lets it go with its connection, which may
break while the worker lives. So each turn has a number, raised as it begins, and a unit of work asks as it begins
whether it is still its worker's turn, and holds the number until its end: what the last worker had under way is waited
for, and nothing of it begins afterwards.
"""

import platform
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from hub.access.models import WorkerTurn
from hub.ground.clock import Clock
from hub.ground.db import Database
from hub.ground.errors import Conflict, Unavailable
from hub.ground.locks import WORKER_LOCK, locked_file
from hub.ground.schema import check_schema
from hub.ground.unit_of_work import unit_of_work

log = structlog.get_logger(__name__)

ADVISORY_LOCK: Final = 7_410_012
"""PostgreSQL's lock that the worker holds as long as it lives."""
STAND_BY: Final = 1.0
"""Seconds between two tries to get the lock."""


class Held:
    """The lock; on PostgreSQL it hangs on a connection, which is used by nobody else."""

    def __init__(self, connection: Connection | None = None) -> None:
        self.connection = connection

    def still(self) -> bool:
        """Whether the lock is still held: PostgreSQL's ends with its connection."""
        if self.connection is None:
            return True
        try:
            self.connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True


@contextmanager
def only_worker(data: Path, database: Database) -> Iterator[Held]:
    """Hold the worker's lock; raises Conflict when another worker has it, or stands by on this machine."""
    with locked_file(data / WORKER_LOCK):
        if database.is_sqlite:
            yield Held()
            return
        with database.engine.connect() as pooled:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(text(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})")).scalar():
                raise Conflict("Another machine runs the worker of this database. Stop the hub there first.")
            try:
                yield Held(connection)
            finally:
                connection.invalidate()  # the server lets the lock go with the connection


@contextmanager
def turn_of(stop: threading.Event, data: Path, database: Database, clock: Clock) -> Iterator[Held | None]:
    """Stand by until the lock is free, then hold it and begin a turn; None where `stop` came before that.

    Raises SchemaError where the database is of another version of the hub by then.
    """
    with ExitStack() as stack:
        held, last_said = None, ""
        while held is None and not stop.is_set():
            try:
                held = stack.enter_context(only_worker(data, database))
                break
            except Conflict:
                said = f"another one is at work{_where(database)}, and this one takes over within seconds when it ends"
            except SQLAlchemyError as error:
                said = f"the database does not answer ({' '.join(str(error).split())[:200]})"
            if said != last_said:
                log.info("WORKER STANDS BY", because=said)
                last_said = said
            stop.wait(STAND_BY)
        if held is not None:
            check_schema(database)
            begin(database, clock)
        yield held


def begin(database: Database, clock: Clock) -> None:
    """Begin a turn, once all that the last worker has under way is over. This process writes while it lasts."""
    with unit_of_work(database, clock) as uow:
        number = uow.session.execute(
            update(WorkerTurn)
            .values(number=WorkerTurn.number + 1, machine=platform.node()[:255], since=uow.now)
            .returning(WorkerTurn.number)
        ).scalar_one()
    if not database.is_sqlite:
        database.before_writing = lambda session: _refuse_if_over(session, number)


def last_turn(session: Session) -> WorkerTurn:
    """Whose turn it is, or was last."""
    return session.get_one(WorkerTurn, 1)


def _refuse_if_over(session: Session, number: int) -> None:
    there = session.scalar(select(WorkerTurn.number).with_for_update(read=True))
    if there != number:
        raise Unavailable("Another worker has taken over, so this one writes nothing more. It stands by from now on.")


def _where(database: Database) -> str:
    """On which machine, as a part of a sentence; empty where that cannot be said."""
    try:
        with database.reading() as session:
            turn = last_turn(session)
    except SQLAlchemyError:
        return ""
    return f" on {turn.machine}, since {turn.since:%d %B %Y %H:%M} UTC" if turn.since else ""
