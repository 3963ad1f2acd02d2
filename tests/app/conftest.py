"""A small hub for the guards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts


@pytest.fixture
def small(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Leeds, and Ann who works there."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/ann-clerk")
        yield world


@pytest.fixture
def app(small: World) -> Flask:
    """The application over it."""
    return small.app


@pytest.fixture
def sign_in(small: World) -> Callable[[str], FlaskClient]:
    """Signs somebody in."""
    return small.client
