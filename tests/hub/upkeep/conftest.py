"""Towns on each database, and empty places to restore them into."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.ground.clock import SystemClock
from hub.ground.db import Database
from tests.databases import POSTGRESQL, SQLITE
from tests.hub.once import Shelf
from tests.hub.upkeep.town import Town, furnish

Build = Callable[[str, str], Town]


@pytest.fixture
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Build]:
    """Makes a place without a hub: `build("sqlite", "folder")`."""
    made: list[Database] = []

    def make(kind: str, name: str) -> Town:
        data = tmp_path / name
        data.mkdir(mode=0o750)
        if kind == SQLITE:
            return Town(data, Database(f"sqlite:///{data / 'hub.sqlite3'}"))
        made.append(Database(request.getfixturevalue("postgresql_server").empty()))
        return Town(data, made[-1])

    yield make
    for database in made:
        request.getfixturevalue("postgresql_server").drop(database)


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql)])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def town(build: Build, shelf: Shelf, kind: str) -> Town:
    """A furnished hub that does not run, on each database."""
    found = build(kind, "town")
    shelf.lay_out(found.data, furnish, found.database, clock=SystemClock())
    return found


@pytest.fixture
def small_town(build: Build, shelf: Shelf) -> Town:
    """The same on SQLite, for what does not depend on the database."""
    found = build(SQLITE, "town")
    shelf.lay_out(found.data, furnish, found.database, clock=SystemClock())
    return found
