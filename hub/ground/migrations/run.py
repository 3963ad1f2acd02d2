"""Alembic, run by the program itself: one transaction, one migration at a time, whoever else tries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from hub.ground.db import Database
from hub.ground.errors import Unavailable

ADVISORY_LOCK = 7_410_011
"""PostgreSQL's lock that a migration holds until its end."""
_LIMITS = ("SET LOCAL lock_timeout = '10s'", "SET LOCAL statement_timeout = '30min'")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection that is in a transaction already."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str, works_from: str = "") -> None:
    """Bring the database up to a revision, and note the oldest whose program `works_from` it then.

    Raises Unavailable when another program holds it.
    """

    def step(config: Config) -> None:
        command.upgrade(config, revision)
        if works_from:
            note = text("UPDATE hub_state SET works_from = :oldest")
            config.attributes["connection"].execute(note, {"oldest": works_from})

    _run(database, step)


def downgrade(database: Database, revision: str) -> None:
    """Take the database down to a revision (`base` for nothing). For tests and rescue."""
    _run(database, lambda config: command.downgrade(config, revision))


def _run(database: Database, step: Callable[[Config], None]) -> None:
    try:
        with changing(database) as connection:
            step(configuration(connection))
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise Unavailable(f"The database was not changed: {reason}. Stop the hub and try again.") from error


@contextmanager
def changing(database: Database) -> Iterator[Connection]:
    """A connection in a transaction that alone may change the schema; committed at the end, or rolled back whole."""
    with database.engine.connect() as pooled:
        connection = pooled.execution_options(hub_writes=True)
        if database.is_sqlite:
            yield from _on_sqlite(connection)
        else:
            with connection.begin():
                connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
                for limit in _LIMITS:
                    connection.exec_driver_sql(limit)
                yield connection


def _on_sqlite(connection: Connection) -> Iterator[Connection]:
    """Batch mode drops and renames tables: foreign keys are off meanwhile, and checked before the end."""
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise Unavailable("The database closed its connection.")
    switch = raw.cursor()
    switch.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise Unavailable(f"The migration would break {len(broken)} links between tables; nothing was changed.")
    finally:
        switch.execute("PRAGMA foreign_keys=ON")
        switch.close()
