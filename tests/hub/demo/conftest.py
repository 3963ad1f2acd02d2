"""The demo, seeded and indexed once for all tests that only look at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.demo.issuers import IssuerPlan
from hub.demo.loading import load_world
from hub.demo.seed import seed
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts


@pytest.fixture(scope="session")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo as a newcomer meets it. Nobody may change anything in it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "hub.sqlite3")
    database = Database(f"sqlite:///{folder / 'hub.sqlite3'}")
    engine = EmbeddedEngine(folder / "index")
    world = World(make_parts(database, engine, folder, demo=True))
    assert seed(world.parts, load_world(), IssuerPlan(folder / "demo", 8001, "http://localhost:8000", {}))
    world.index_all()
    yield world
    engine.close()
    database.close()
