"""Leeds and York, on SQLite."""

import pytest

from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,group:leeds/administrators,administer,leeds,any,any,-,Administrators look after Leeds",
)


def the_world(found: World) -> None:
    """Ann of Leeds is in housing, Omar is not; Bea is at York."""
    found.add_organisation("leeds", *LEEDS)
    found.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    found.add_person("leeds/ann", "leeds/housing")
    found.add_person("leeds/omar", "leeds/administrators")
    found.add_person("york/bea")
    found.add_space("leeds/housing", "restricted")


@pytest.fixture
def world(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_world, sqlite_database)
