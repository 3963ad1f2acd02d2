"""Leeds, York and a supplier, a forum in which staff may write, and those who may only read or not even that."""

import pytest

from hub.ground.db import Database
from tests.hub.features.writing.conftest import Desk, place_id
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,all-staff,comment,leeds/forum,up to OFFICIAL,published,-,Whoever works for a council may ask",
    "allow,group:leeds/housing,edit,leeds/forum,any,any,-,Housing leads the forum",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
)


def the_town(world: World) -> None:
    """Ann and Hana of Leeds, Bo of York, who only reads Housing, and Gus, a guest, who is kept to one space."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/mo", name="Mo Khan")
    world.add_person("leeds/ann", name="Ann Shaw")
    world.add_person("york/bo", name="Bo Reed")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/forum", "open", name="Flood forum")
    world.add_space("leeds/legal", "private", name="Legal")
    world.give("person:leeds/mo", "manage", "leeds/legal")
    world.add_folder("leeds/forum/minutes")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def forum(town: World) -> str:
    """Where the talk of the forum is."""
    return f"/talk/{place_id(town, 'leeds/forum')}"


@pytest.fixture
def asked(town: World) -> str:
    """Where Bo's question is, which Ann has answered."""
    node = town.add_thread("leeds/forum", "How do you register flood wardens?", "york/bo", "We have a list on paper.")
    town.post(node, "leeds/ann", "We use a **form**.")
    return f"/threads/{node.removeprefix('thread:')}"


__all__ = ["Desk"]
