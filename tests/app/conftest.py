"""A small hub for the guards."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World


def the_small_hub(world: World) -> None:
    """Leeds, and Ann who works there."""
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("leeds/ann-clerk")


@pytest.fixture
def small(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_small_hub, sqlite_database)


@pytest.fixture
def app(small: World) -> Flask:
    """The application over it."""
    return small.app


@pytest.fixture
def sign_in(small: World) -> Callable[[str], FlaskClient]:
    """Signs somebody in."""
    return small.client
