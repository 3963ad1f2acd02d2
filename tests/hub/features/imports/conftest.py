"""Leeds with a library, York beside it, and `hub import` as an operator types it."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from hub.cli import run
from hub.ground.db import Database
from hub.running.command import Console
from tests.hub.commandline import Ran
from tests.hub.once import Begin
from tests.hub.world import World

Import = Callable[..., Ran]


def the_world(world: World) -> None:
    """A hub on SQLite and tantivy: Ann works for Leeds, Bo for York, and Leeds has a restricted library."""
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Leeds reads its own")
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,York reads its own")
    world.add_person("leeds/ann")
    world.add_person("york/bo")
    world.add_space("leeds/library", audience="restricted")


@pytest.fixture
def world(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_world, sqlite_database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder to import."""
    folder = tmp_path / "to import"
    folder.mkdir()
    return folder


@pytest.fixture
def imported(world: World, folder: Path, tmp_path: Path) -> Import:
    """Runs `hub import` of the folder into the library, published, with further options: the last of a kind counts."""

    def typed(*options: str, space: str = "library", what: Path = folder, state: str = "published") -> Ran:
        console = Console(
            open_parts=lambda: contextlib.nullcontext(world.parts), settings=lambda: SimpleNamespace(data=tmp_path)
        )
        arguments = ["import", "--organisation", "leeds", "--space", space, "--state", state, *options, str(what)]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments, console)
        return Ran(code, out.getvalue(), err.getvalue())

    return typed
