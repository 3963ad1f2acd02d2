"""Leeds and York, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,group:leeds/administrators,administer,leeds,any,any,-,Administrators look after Leeds",
)


@pytest.fixture
def world(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Ann of Leeds is in housing, Omar is not; Bea is at York."""
    engine = EmbeddedEngine(tmp_path / "index")
    found = World(make_parts(sqlite_database, engine, tmp_path))
    found.add_organisation("leeds", *LEEDS)
    found.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    found.add_person("leeds/ann", "leeds/housing")
    found.add_person("leeds/omar", "leeds/administrators")
    found.add_person("york/bea")
    found.add_space("leeds/housing", "restricted")
    yield found
    engine.close()
