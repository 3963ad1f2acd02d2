"""The index is a copy that mends itself: a rebuild that is killed, events twice and out of order (D-BK 95, 97)."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.access.models import Person, Place
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from hub.running.indexing import drawn, made, rebuild
from search.elastic import ElasticEngine
from search.engine import Change, Engine
from tests.hub.upkeep.books import as_rebuilt, shown, unlike
from tests.hub.upkeep.dying import REBUILDING
from tests.hub.upkeep.stable import Stable, stable
from tests.hub.upkeep.test_crash_points import POINTS, Victim, killed_at
from tests.hub.upkeep.town import Town
from tests.hub.world import World, make_parts

PLACES = ("leeds/housing", "leeds/estates")


@pytest.fixture(scope="module")
def horses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stable]:
    """Where the processes come from."""
    with stable(tmp_path_factory.mktemp("mends") / "stable") as found:
        yield found


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_a_rebuild_that_is_killed_anywhere_is_done_by_the_next_worker_and_search_answers_meanwhile(
    town: Town, horses: Stable, tmp_path: Path
) -> None:
    """D-BK 95: before it is in force people find what the old index holds, after it what the new one does: the same."""
    with town.world() as world:
        for number in range(30):
            world.add_document("leeds/housing", f"Sandbags {number}", "It says zephyr.")
        world.index_all()
        before = world.ask("leeds/omar", "zephyr", kind="document").total
    nobody = Victim("none", "", "")
    total = killed_at(horses, town, REBUILDING, nobody, 0)
    for point in sorted({1 + (total - 1) * n // max(1, POINTS - 1) for n in range(POINTS)} & set(range(1, total + 1))):
        assert killed_at(horses, town, REBUILDING, nobody, point) == -1
        with town.world() as world:
            assert world.ask("leeds/omar", "zephyr", kind="document").total == before == 30
    with town.world() as world:
        world.index_all()
        assert unlike(world) == []
        assert as_rebuilt(world.parts, tmp_path / "anew")


def act(world: World, draw: random.Random, documents: list[str]) -> None:
    """Something happens to a document, a space or a person."""
    some = draw.choice(documents)
    acts = (
        lambda: documents.append(world.add_document(draw.choice(PLACES), f"Plan {len(documents)}", "Sandbags.")),
        lambda: world.mark(some, draw.choice(["OFFICIAL", "OFFICIAL-SENSITIVE"]), draw.choice(["published", "draft"])),
        lambda: world.move(some, draw.choice(PLACES)),
        lambda: world.revise(some, f"Revised {draw.random()}", "Ropes."),
        lambda: world.set_audience("leeds/estates", draw.choice(["open", "private", "restricted"])),
        lambda: world.set_status("leeds/omar", draw.choice(["active", "suspended"])),
    )
    draw.choice(acts)()


def seen(world: World) -> list[Change]:
    """Everything as an indexer would write it that reads now: each with the version of what it read."""
    with world.parts.database.reading() as session:
        snapshot = world.parts.snapshots.latest(session)
        ids = [f"doc:{own}" for own in session.scalars(select(Document.id))]
        ids += [f"person:{own}" for own in session.scalars(select(Person.id))]
        places = session.execute(select(Place.kind, Place.id).where(Place.kind.in_(("space", "organisation"))))
        ids += [f"{kind}:{own}" for kind, own in places]
        return list(made(world.parts.kinds, session, snapshot, ids, drawn(session, world.parts.database)).values())


@pytest.mark.parametrize("seed", range(2))
def test_events_that_come_twice_and_in_any_order_to_two_indexers_end_in_the_same_index(
    database: Database, engine: Engine, tmp_path: Path, seed: int, request: pytest.FixtureRequest
) -> None:
    """D-BK 97: what two indexers read at different moments is written in any order; the newest state stays."""
    draw = random.Random(seed)
    world = World(make_parts(database, engine, tmp_path))
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,any,any,-,All of it")
    for name in ("ann", "omar"):
        world.add_person(f"leeds/{name}")
    for path in PLACES:
        world.add_space(path)
    documents = [world.add_document(PLACES[0], "Plan 0", "Sandbags.")]
    read: list[Change] = seen(world)
    for _ in range(25):
        act(world, draw, documents)
        read += seen(world)
    late = [*read, *draw.sample(read, len(read) // 2)]
    draw.shuffle(late)
    second = engine
    if isinstance(engine, ElasticEngine):  # the embedded engine refuses a second one: tests/search/test_embedded.py
        second = ElasticEngine(request.getfixturevalue("elasticsearch_url"), index=engine._index)
        request.addfinalizer(second.close)
    for number, start in enumerate(range(0, len(late), 40)):
        assert (engine, second)[number % 2].write(late[start : start + 40]) == ()
        (engine, second)[number % 2].commit()
    written = shown(engine)
    rebuild(replace(world.parts, engine=engine))
    assert written == shown(engine)
    assert len(written[0]) >= len(documents) + len(PLACES) + 1
