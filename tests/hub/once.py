"""Worlds that are made once in a process, and copied for each test that begins in one.

A world is told by a story: a function that gets an empty one and makes in it, by the use cases that make them in life,
the people, places and documents of which its docstring speaks. What it returns, the world has `told`.
`begin(story, database)` gives a test the world as the story left it: the database, the folder with files, keys,
policies and the index, the clock, and what else the world remembers are copies, and the test's alone: see
`tests/hub/test_once.py`.
"""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.databases import PostgresqlServer, settle
from tests.hub.world import TestClock, World, make_parts
from tests.remembered import open_database

FILE = "hub.sqlite3"


Begin = Callable[..., Any]
"""`begin(story, database, kind_of_world, **given)`; what is `given` goes to `make_parts`."""


@dataclass(frozen=True)
class Left:
    """What a story left, closed: nobody looks at it, it is copied."""

    folder: Path
    database: Database
    at: datetime
    remembered: dict[str, Any]


class Shelf:
    """What the stories of this process left, by story, kind of world, and database."""

    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        self._request, self._folders = request, folders
        self._left: dict[tuple[Callable[..., Any], type[World], str], Left] = {}

    def copy(
        self,
        opened: ExitStack,
        folder: Path,
        story: Callable[[Any], Any],
        database: Database,
        world: type[World] = World,
        **given: Any,
    ) -> Any:
        """The world that `begin` gives, its data in `folder`; it is closed with `opened`."""
        left = self.lay_out(folder, story, database, world, **given)
        engine = opened.enter_context(EmbeddedEngine(folder / "index"))
        found = world(make_parts(database, engine, folder, **given | {"clock": TestClock(left.at)}))
        vars(found).update(copy.deepcopy(left.remembered))
        return found

    def lay_out(
        self,
        folder: Path,
        story: Callable[[Any], Any],
        database: Database,
        world: type[World] = World,
        **given: Any,
    ) -> Left:
        """Put a copy of what a story left into a folder and a database, and open neither."""
        key = (story, world, database.engine.dialect.name)
        if key not in self._left:
            self._left[key] = self._live(story, world, is_sqlite=database.is_sqlite, given=given)
        left = self._left[key]
        shutil.copytree(left.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{FILE}*"))
        if database.is_sqlite:
            database.close()
            shutil.copyfile(left.folder / FILE, database.url.database or "")
        else:
            self._server().become(database, left.database)
        return left

    def _live(self, story: Callable[[Any], Any], kind: type[World], *, is_sqlite: bool, given: dict[str, Any]) -> Left:
        """Live through a story in a world of its own."""
        folder = self._folders.mktemp("world")
        if is_sqlite:
            shutil.copyfile(self._request.getfixturevalue("sqlite_template"), folder / FILE)
            database = open_database(f"sqlite:///{folder / FILE}")
        else:
            database = open_database(self._server().migrated())
        with EmbeddedEngine(folder / "index") as engine:
            world = kind(make_parts(database, engine, folder, **given))
            world.told = story(world)
        if is_sqlite:
            settle(database)
        else:
            self._server().set_aside(database)
        remembered = {name: value for name, value in vars(world).items() if name not in ("parts", "_app")}
        return Left(folder, database, world.parts.clock.now(), remembered)

    def _server(self) -> PostgresqlServer:
        server: PostgresqlServer = self._request.getfixturevalue("postgresql_server")
        return server


@pytest.fixture(scope="session")
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The shelf of this process."""
    return Shelf(request, tmp_path_factory)


@pytest.fixture
def begin(shelf: Shelf, tmp_path: Path) -> Iterator[Begin]:
    """Begins a test in a world as its story left it, with its data in `tmp_path`."""
    begun: list[Callable[..., Any]] = []
    with ExitStack() as opened:

        def begin(story: Callable[[Any], Any], database: Database, world: type[World] = World, **given: Any) -> Any:
            assert not begun, f"a test begins in one world: this one has that of {begun[0].__name__}"
            begun.append(story)
            return shelf.copy(opened, tmp_path, story, database, world, **given)

        yield begin
