"""In random worlds a list of requests shows exactly what Casbin lets its reader manage, and reaches whoever may."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.access.models import Person, Place
from hub.audience.who_may import who_may
from hub.features.asking.models import AccessRequest
from hub.features.asking.queries import Thing, managed_requests, news_for
from hub.features.asking.reaching import reach_round
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.nouns.documents.models import Document
from search.embedded import EmbeddedEngine
from tests.hub.features.find.test_random_worlds import PEOPLE, Chance
from tests.hub.world import World, make_parts

SEEDS = range(6)


def ask_for_everything(world: World) -> None:
    """Olu of a council of his own asks for all that there is, and for some that is not."""
    world.add_organisation("derby")
    asker = world.add_person("derby/olu")
    with world.work() as uow:
        paths = uow.session.scalars(select(Place.path).where(Place.kind.in_(("space", "folder")))).all()
        documents = uow.session.scalars(select(Document.id)).all()
        for sought in (*paths, *(f"doc:{key}" for key in documents), "leeds/nothing", "doc:zzzzzzzzzzzz"):
            given = {"id": new_id(), "asker_id": asker, "address": sought, "sought": sought, "reason": "All"}
            uow.session.add(AccessRequest(**given, created_at=uow.now))
    while reach_round(world.parts):
        pass


def things(world: World) -> dict[str, Thing]:
    """Every space, folder and document, by id."""
    with world.parts.database.reading() as session:
        places = session.scalars(select(Place).where(Place.kind.in_(("space", "folder")))).all()
        return {thing.id: thing for thing in (*places, *session.scalars(select(Document)).all())}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_shows_what_its_reader_may_manage_and_nothing_else(
    database: Database, tmp_path: Path, seed: int
) -> None:
    """As Casbin says of each person and thing; what waits in the count is what stands in the list; letters agree."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(database, engine, tmp_path))
        chance = Chance(world, seed)
        for place in chance.paths[:4]:
            world.give(f"person:{chance.rng.choice(PEOPLE[:5])}", "manage", place)
        ask_for_everything(world)
        everything, now = things(world), world.parts.clock.now()
        allowed: dict[str, set[str]] = {key: set() for key in everything}
        for handle in PEOPLE:
            with world.viewer(handle) as viewer:
                listed, total = managed_requests(viewer, now + timedelta(hours=1), 1, 500)
                shown = {asked.thing.id for asked in listed if asked.thing is not None}
                decided = {key: viewer.decide("manage", thing) for key, thing in everything.items()}
                expected = {key for key, decision in decided.items() if decision is not None and decision.allowed}
                assert shown == expected, handle
                assert total == len(listed) == len(expected)
                assert news_for(viewer, now, now).to_answer == (1 if expected else 0)
                for key in expected:
                    allowed[key].add(viewer.person.id)
        with world.parts.database.reading() as session:
            found = who_may(world.parts, session, "manage", everything.values())
            names = {key: handle for key, handle in session.execute(select(Person.id, Person.handle))}  # noqa: C416
        for key in everything:
            assert {names[person] for person in found[key]} == {names[person] for person in allowed[key]}, key
        with world.parts.database.reading() as session:
            rows = session.scalars(select(AccessRequest)).all()
        unmanaged = {row.node.removeprefix("doc:") for row in rows if row.unmanaged}
        assert unmanaged == {key for key in everything if not allowed[key]}
        assert sorted(row.sought for row in rows if not row.node) == ["doc:zzzzzzzzzzzz", "leeds/nothing"]
