"""A hub with issuers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.world import TestClock, make_parts
from tests.peers.hostile import HostileIssuer


@pytest.fixture
def world(sqlite_database: Database, tmp_path: Path) -> Iterator[SignInWorld]:
    """An empty hub on SQLite; its clock stands at the present."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        yield SignInWorld(make_parts(sqlite_database, engine, tmp_path, clock=TestClock(now())))


@pytest.fixture
def each_world(database: Database, tmp_path: Path) -> Iterator[SignInWorld]:
    """An empty hub, once on SQLite and once on PostgreSQL."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        yield SignInWorld(make_parts(database, engine, tmp_path, clock=TestClock(now())))


@pytest.fixture
def leeds(world: SignInWorld, hostile: HostileIssuer) -> SignInWorld:
    """Leeds, whose issuer behaves unless it is told otherwise, and Ann, whose subject there is `ann`."""
    world.join_hostile("leeds", hostile)
    world.expect("leeds/ann", "ann")
    return world
