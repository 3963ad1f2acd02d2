"""Leeds with a forum and a closed space, York, a supplier, and those who look after Leeds."""

from datetime import date

import pytest
from sqlalchemy import event

from hub.ground.db import Database
from tests.hub.features.writing.conftest import Desk
from tests.hub.once import Begin
from tests.hub.world import World

LATER = date(2026, 12, 31)
LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,all-staff,comment,leeds/forum,up to OFFICIAL,published,-,Whoever works for a council may ask",
    "allow,group:leeds/housing,manage,leeds/forum,any,any,-,Housing leads the forum",
    "allow,group:leeds/administrators,administer,leeds,any,any,-,They look after Leeds",
)


def the_town(world: World) -> None:
    """Hana and Mo lead the forum, Ada looks after Leeds, Ann works there; Bo is of York; Gus is a guest of Leeds."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/mo", "leeds/housing", name="Mo Khan")
    world.add_person("leeds/ada", "leeds/administrators", name="Ada Lowe")
    world.add_person("leeds/ann", name="Ann Shaw")
    world.add_person("york/bo", name="Bo Reed")
    world.add_person("acme/gus", kind="guest", name="Gus Hart")
    world.add_space("leeds/forum", "open", name="Flood forum")
    world.add_space("leeds/legal", "private", name="Legal")
    world.add_space("leeds/lone", "open", name="Lone")
    world.give("guest:acme/gus", "read", "leeds/forum", source="guest", until=LATER)


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def queries(database: Database) -> list[str]:
    """The statements that the database is given."""
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    return found


__all__ = ["Desk"]
