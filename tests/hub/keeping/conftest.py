"""Leeds, where Mo looks after everything and Hana writes; Acme, which sends guests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.access.models import Place
from hub.features.signin.models import ACTIVE, Issuer
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    "allow,person:leeds/mo,manage,leeds/housing,any,any,-,Mo keeps Housing too",
    "allow,person:leeds/mo,administer,leeds,any,any,-,Mo looks after Leeds",
)


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Iterator[World]:
    """The world, with its forms protected as they are in life."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(database, engine, tmp_path))
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
        yield world


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.query(Place).filter_by(path=path).one().id
