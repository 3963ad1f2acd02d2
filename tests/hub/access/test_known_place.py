"""What is kept of places with the tree is what the database says of them, whoever changed it in whichever process."""

from dataclasses import fields
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from acl.directory import GONE, ROOT
from acl.vocabulary import VOICES
from hub.access.known_place import KnownPlace, known_place
from hub.access.models import Place
from hub.access.places import mark_place, move_place, rename_place, set_audience, set_voices
from hub.access.snapshots import Snapshots
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    with EmbeddedEngine(tmp_path / "index") as engine:
        made = World(make_parts(database, engine, tmp_path))
    made.add_organisation("leeds", "allow,org:leeds,read,leeds,any,any,-,Staff read our work")
    made.add_person("leeds/ann")
    for path in ("leeds/a", "leeds/b", "leeds/a/c"):
        made.add_space(path)
    return made


def change(world: World, chance: Random) -> None:
    """Rename, mark, move or open some space, as its managers do."""
    with world.work() as uow:
        spaces = uow.session.scalars(select(Place).where(Place.kind == "space").order_by(Place.id)).all()
        space, name = chance.choice(spaces), f"s{chance.randrange(10**6)}"
        match chance.randrange(5):
            case 0:
                rename_place(uow, space, name, f"About {name}")
            case 1:
                mark_place(uow, space, chance.choice(("PUBLIC", "OFFICIAL")), chance.choice(("published", "archived")))
            case 2:
                set_audience(uow, space, chance.choice(("open", "private")))
            case 3:
                set_voices(uow, space, chance.choice(VOICES))
            case _:
                move_place(uow, space, world._place(uow, "leeds"), name)


def test_whatever_was_changed_every_process_knows_places_as_they_are(world: World) -> None:
    chance = Random(7)
    elsewhere = Snapshots(world.parts.database)
    for _ in range(25):
        change(world, chance)
        with world.parts.database.reading() as session:
            snapshot = elsewhere.latest(session)
            for place in session.scalars(select(Place).where(Place.id != ROOT, Place.kind != GONE)):
                known = known_place(snapshot, place.id)
                assert known is not None
                assert all(getattr(known, each.name) == getattr(place, each.name) for each in fields(KnownPlace))
                assert known.judged(snapshot) == place.judged(snapshot)


def test_a_place_cannot_change_unheard_of(world: World) -> None:
    """A name that others keep would go on being shown, as would a page that was withdrawn."""
    with world.work() as uow:
        world._place(uow, "leeds/a").state = "withdrawn"
        with pytest.raises(RuntimeError, match="without a new generation"):
            uow.session.flush()
        uow.session.rollback()


def test_ann_is_shown_the_places_that_she_may_see_and_no_longer_one_that_was_withdrawn(world: World) -> None:
    with world.viewer("leeds/ann") as ann:
        ids = {place.path: place.id for place in ann.session.scalars(select(Place))}
        assert set(ann.places(ids.values())) == {ids[path] for path in ("leeds", "leeds/a", "leeds/b", "leeds/a/c")}
        assert [ann.place(f"typed {number}") for number in range(100)] == [None] * 100
        assert len(ann.sight()._places) < 100, "what people type is not remembered"
        assert ann.place(ROOT) is None
    world.set_policy("leeds", "allow,org:leeds,read,leeds,any,published,-,Staff read our work")
    with world.work() as uow:
        mark_place(uow, world._place(uow, "leeds/b"), "OFFICIAL", "withdrawn")
    with world.viewer("leeds/ann") as ann:
        assert ann.place(ids["leeds/b"]) is None
        assert ann.place(ids["leeds/a"])
