"""The database: SQLite by default, PostgreSQL in production. Reads and writes open differently."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    String,
    bindparam,
    create_engine,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

from hub.ground.letters import one_line

Row = TypeVar("Row")

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


APPLICATION = "knowledge-hub"
"""How PostgreSQL knows the hub's connections."""
POOL, OVERFLOW = 8, 8
"""Connections to PostgreSQL that each process keeps, and how many more it opens when all are in use."""
ALIVE = {"keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 10_000}
"""How soon this side notices that the server's machine is gone: seconds, tries, milliseconds."""
ALIVE_THERE = ("tcp_keepalives_idle = 4", "tcp_keepalives_interval = 1", "tcp_keepalives_count = 3")
"""How soon the server notices that this machine is gone, and lets go of its locks."""


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite forgets time zones; this gives them back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they mean a different moment on every machine."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Line(TypeDecorator[str]):
    """What people read as one line: a name, a title, a file's name. The column holds `one_line` of what it is given."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """One line, also where rows are written or sought without objects."""
        return None if value is None else one_line(value)


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _hold_lines(_class: type[Base], _key: str, attribute: InstrumentedAttribute[Any]) -> None:
    """Let an object hold what its `Line` columns will, so that nobody shows the one and stores the other."""
    columns = getattr(attribute.property, "columns", ())
    if columns and isinstance(columns[0].type, Line):
        event.listen(attribute, "set", _as_one_line, retval=True)


def _as_one_line(_object: object, value: str | None, _old: object, _initiator: object) -> str | None:
    return None if value is None else one_line(value)


class WritingSession(Session):
    """A session of a unit of work, apart from those that only read."""


class Database:
    """One engine, two ways to open it: `reading()` for a consistent look, `writing()` for a unit of work."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine = _make_engine(str(self.url.render_as_string(hide_password=False)))
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.before_writing: Callable[[Session], None] = lambda _: None
        """What is asked as each transaction begins that may write; raises where this process must not any more."""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing.

        A database that goes away when all was read is no error: what was read stands.
        """
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        connection = self.engine.connect()
        session = Session(connection.execution_options(**options), expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            with suppress(DBAPIError):  # there is nothing to roll back where nobody is
                session.close()
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed by `hub/ground/unit_of_work.py`, rolled back on any error.

        On SQLite it opens with BEGIN IMMEDIATE: a transaction that reads first and writes later would be refused
        at once, whatever the busy timeout, when another writer came between.
        """
        with self.engine.connect() as connection:
            opened = connection.execution_options(hub_writes=True)
            with WritingSession(opened, expire_on_commit=False) as session:
                self.before_writing(session)
                yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return _postgresql(url)
    engine = create_engine(
        url, hide_parameters=True, pool_use_lifo=True, connect_args={"timeout": 10, "check_same_thread": False}
    )

    @event.listens_for(engine, "do_connect")
    def _make_private(*_: object) -> None:
        """Make a new file before SQLite would, which goes by the umask; its journals take the mode over from it."""
        path = engine.url.database
        if path and path != ":memory:":
            with suppress(FileExistsError, FileNotFoundError):  # without its folder SQLite says what is missing
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy, not sqlite3, says when a transaction begins
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("hub_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    from hub.ground.cursors import LazyCursor  # late: a hub on SQLite loads no driver of PostgreSQL

    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_use_lifo=True,
        pool_pre_ping=True,
        pool_timeout=5,
        connect_args={"application_name": APPLICATION, "cursor_factory": LazyCursor} | ALIVE,
    )

    @event.listens_for(engine, "connect")
    def _keep_alive(connection: Any, _record: object) -> None:
        connection.autocommit = True  # for the session, not for a transaction that may be rolled back
        for setting in ALIVE_THERE:
            connection.execute(f"SET {setting}")
        connection.autocommit = False

    return engine


def row_of(session: Session, model: type[Row], *key: Any) -> Row | None:
    """The row of a table that has this primary key; None where there is none. No query where it is loaded already.

    As `Session.get`, which builds its statement anew for each row.
    """
    table: Any = model
    loaded = session.identity_map.get(inspect(table).identity_key_from_primary_key(key))
    if loaded is not None and not inspect(loaded).expired:
        return cast("Row", loaded)
    return session.scalars(_by_key(table), {f"key_{at}": value for at, value in enumerate(key)}).one_or_none()


@cache
def _by_key(table: Any) -> Select[Any]:
    columns = inspect(table).primary_key
    return select(table).where(*(column == bindparam(f"key_{at}") for at, column in enumerate(columns)))


def ping(database: Database) -> None:
    """Ask the database for one row; raises SQLAlchemy's error when it is not there."""
    with database.reading() as session:
        session.execute(text("SELECT 1"))
