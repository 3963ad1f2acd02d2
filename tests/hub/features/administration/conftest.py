"""Leeds, York and the people who look after them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.features.policies.service import adopt_default
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.world import TestClock, make_parts


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Iterator[SignInWorld]:
    """Leeds with the default policy and an administrator, Sam; York likewise, with Yara. Ann only works at Leeds."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = SignInWorld(make_parts(database, engine, tmp_path, clock=TestClock(now())))
        for slug in ("leeds", "york"):
            world.add_organisation(slug)
            with world.work() as uow:
                adopt_default(uow, world.place(uow, slug), "test")
            world.add_issuer(slug, f"https://login.{slug}.example")
        world.add_person("leeds/sam", "leeds/administrators", name="Sam Okafor")
        world.add_person("leeds/ann", "leeds/housing", name="Ann Lee")
        world.add_person("york/yara", "york/administrators", name="Yara Bell")
        world.app.config["WTF_CSRF_ENABLED"] = False
        yield world
