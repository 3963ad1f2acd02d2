"""Leeds and York, whose staff see one another's pages; Hull, whose pages only its own staff see; a guest."""

from typing import Any

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.ground.db import Database
from hub.nouns.people.profile_keeping import Said, keep_profile
from tests.hub.features.writing.conftest import Desk, place_id, words_of
from tests.hub.once import Begin
from tests.hub.world import World

OPEN = "allow,all-staff,read,{},up to OFFICIAL,published,-,Whoever works for a council reads our work"
LEEDS = (
    OPEN.format("leeds"),
    "allow,all-staff,comment,leeds/forum,up to OFFICIAL,published,-,Whoever works for a council may ask",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
)


def the_town(world: World) -> None:
    """Ann and Sam of Leeds, Bo and Priya of York, Hal of Hull, whom nobody else sees; Gus, a guest of Leeds."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", OPEN.format("york"))
    world.add_organisation("hull", "allow,org:hull,read,hull,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    for handle, name, job in (
        ("leeds/ann", "Ann Shaw", "Housing officer"),
        ("leeds/sam", "Sam Okafor", "Drainage engineer"),
        ("york/bo", "Bo Reed", "Librarian"),
        ("york/priya", "Priya Nair", "Analyst"),
        ("hull/hal", "Hal Finch", "Drainage engineer"),
    ):
        world.add_person(handle, name=name, job=job)
    world.add_person("acme/gus", kind="guest", name="Gus Ray")
    world.add_space("leeds/forum", name="Flood Forum")
    world.add_space("leeds/legal", "private", name="Legal")
    world.give("person:leeds/sam", "manage", "leeds/legal")
    world.give("person:york/priya", "edit", "leeds/legal")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def says(world: World, handle: str, **said: Any) -> None:
    """Let somebody have said so of themselves."""
    with world.work() as uow:
        person = uow.session.scalars(select(Person).where(Person.handle == handle)).one()
        keep_profile(uow, person, Said(**said))


def person_id(world: World, handle: str) -> str:
    """The id of somebody."""
    with world.parts.database.reading() as session:
        return session.scalars(select(Person.id).where(Person.handle == handle)).one()


def found(world: World, who: str, asked: str = "") -> list[str]:
    """The names that the finder gives somebody, in order."""
    desk = Desk(world, who)
    desk.see(f"/people{asked}")
    return [words_of(each) for each in desk.page.xpath("//ol//h3")]


def card(world: World, who: str, name: str, asked: str) -> str:
    """What the finder says of one of those whom it gives somebody."""
    desk = Desk(world, who)
    desk.see(f"/people{asked}")
    return next(words_of(each) for each in desk.page.xpath("//ol/li") if words_of(each.find("h3")) == name)


__all__ = ["Desk", "place_id"]
