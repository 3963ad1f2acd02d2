"""Leeds, where Mo looks after everything and Hana writes; Acme, which sends guests."""

import pytest

from hub.access.models import Place
from hub.features.signin.models import ACTIVE, Issuer
from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    "allow,person:leeds/mo,manage,leeds/housing,any,any,-,Mo keeps Housing too",
    "allow,person:leeds/mo,administer,leeds,any,any,-,Mo looks after Leeds",
)


def the_town(world: World) -> None:
    """The world, with its forms protected as they are in life."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation(
        "acme", "allow,all-staff,read,acme,any,published,-,A firm that everybody knows", kind="supplier"
    )
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/ivo", "leeds/housing", name="Ivo Brown")
    world.add_person("leeds/mo", name="Mo Khan")
    world.add_space("leeds/housing", "private", name="Housing")
    with world.work() as uow:
        acme = uow.session.query(Place).filter_by(path="acme").one()
        uow.session.add(
            Issuer(
                id="iacme0000001",
                organisation_id=acme.id,
                issuer="https://id.acme.example",
                client_id="hub",
                status=ACTIVE,
                created_at=uow.now,
            )
        )


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.query(Place).filter_by(path=path).one().id
