"""Leeds, York and the people who look after them."""

import pytest

from hub.features.policies.service import adopt_default
from hub.ground.db import Database
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.once import Begin
from tests.hub.world import TestClock


def the_town(world: SignInWorld) -> None:
    """Leeds with the default policy and an administrator, Sam; York likewise, with Yara. Ann only works at Leeds."""
    for slug in ("leeds", "york"):
        world.add_organisation(slug)
        with world.work() as uow:
            adopt_default(uow, world.place(uow, slug), "test")
        world.add_issuer(slug, f"https://login.{slug}.example")
    world.add_person("leeds/sam", "leeds/administrators", name="Sam Okafor")
    world.add_person("leeds/ann", "leeds/housing", name="Ann Lee")
    world.add_person("york/yara", "york/administrators", name="Yara Bell")


@pytest.fixture
def town(begin: Begin, database: Database) -> SignInWorld:
    world = begin(the_town, database, SignInWorld, clock=TestClock(now()))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world
