"""Whose turn it is to work: one worker for a database. Its lock is a file's, and PostgreSQL's over several machines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hub.ground.db import Database
from hub.ground.errors import Conflict
from hub.ground.locks import WORKER_LOCK, locked_file

ADVISORY_LOCK: Final = 7_410_012
"""PostgreSQL's lock that the worker holds as long as it lives."""


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
    """Hold the worker's lock; raises Conflict when another worker has it."""
    with locked_file(data / WORKER_LOCK):
        if database.is_sqlite:
            yield Held()
            return
        with database.engine.connect() as pooled:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(text(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})")).scalar():
                raise Conflict(
                    "Another machine runs the worker of this database already. Start this hub with "
                    "“hub serve --web-only”, or stop the other one first."
                )
            try:
                yield Held(connection)
            finally:
                connection.invalidate()  # the server lets the lock go with the connection
