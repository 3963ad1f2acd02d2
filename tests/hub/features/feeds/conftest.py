"""Leeds, York and a supplier, an open forum, a closed office, and somebody's feed reader."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from lxml import etree
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Person
from hub.ground.db import Database
from hub.nouns.people.feeds import NewFeed, make_feed
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
YORK = "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work"
ATOM = "{http://www.w3.org/2005/Atom}"


def the_town(world: World) -> None:
    """Hana, Ann and Mo of Leeds, Bo and Yara of York, and Gus, a guest."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", YORK)
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/mo", name="Mo Khan")
    world.add_person("leeds/ann", name="Ann Shaw")
    world.add_person("york/bo", name="Bo Reed")
    world.add_person("york/yara", name="Yara Bell")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/forum", "open", name="Flood forum")
    world.add_space("leeds/office", "private", name="Office")
    world.add_folder("leeds/forum/minutes")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@dataclass
class Reader:
    """A feed reader: it knows an address, and nothing else."""

    world: World
    address: str

    def get(self, **headers: str) -> TestResponse:
        """What is answered there."""
        return self.world.client().get(self.address, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def titles(self) -> list[str]:
        """What a feed lists."""
        return [str(entry.findtext(f"{ATOM}title")) for entry in self.entries()]

    def entries(self) -> list[etree._Element]:
        """Its entries."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.data).findall(f"{ATOM}entry")


Follow = Callable[..., Reader]


@pytest.fixture
def follow(town: World) -> Follow:
    """Lets somebody make an address for what they name."""

    def made(who: str, about: str, sort: str = "space") -> Reader:
        with town.work() as uow:
            person = uow.session.scalars(select(Person).where(Person.handle == who)).one()
            if sort == "space":
                about = place_id(town, about)
            elif sort == "person":
                about = uow.session.scalars(select(Person.id).where(Person.handle == about)).one()
            _, secret = make_feed(uow, person, NewFeed(sort, about, "Mine"))
        return Reader(town, f"/feeds/{secret}")

    return made


__all__ = ["Desk"]
