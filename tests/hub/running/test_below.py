"""What lies below a place, page by page: all of it, each once, and no page sorts the whole of it."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select, text

from acl.directory import ROOT
from hub.access.models import PlaceClosure
from hub.ground.db import Database
from hub.nouns.kinds import KINDS
from hub.running import below
from hub.running.below import START, At, beyond, here, page_below
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts

PEOPLE = [f"{slug}/{name}" for slug in ("leeds", "york") for name in ("ann", "bo", "cy")]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    """Two councils, spaces open and private with folders in them, and documents everywhere."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(database, engine, tmp_path))
        rng = random.Random(4)
        for slug in ("leeds", "york"):
            world.add_organisation(slug)
        for handle in PEOPLE:
            world.add_person(handle)
        places = ["leeds", "york"]
        for number in range(14):
            above = rng.choice(places)
            folder = "/" in above and rng.random() < 0.4
            path = f"{above}/p{number}"
            world.add_folder(path) if folder else world.add_space(path, rng.choice(("open", "private", "restricted")))
            places.append(path)
        for number in range(40):
            world.add_document(rng.choice(places[2:]), f"Note {number}", "word " * rng.randrange(1, 40))
        yield world


def all_below(world: World, place: str, size: int) -> list[str]:
    """The ids on all pages, which are as full as they may be."""
    found: list[str] = []
    at: At | None = START
    with world.parts.database.reading() as session:
        while at is not None:
            page = page_below(session, world.parts.kinds, place, at, size)
            assert len(page.ids) <= size
            found += page.ids
            at = page.after
    return found


def lying(world: World, place: str) -> list[str]:
    """The ids as one query for each kind has them."""
    places = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == place)
    with world.parts.database.reading() as session:
        return [
            f"{kind.prefix}:{own}"
            for kind in world.parts.kinds.indexed
            for own in session.scalars(select(kind.columns.id).where(kind.only, kind.columns.place.in_(places)))
        ]


def test_pages_hold_all_that_lies_below_each_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the platform, a council and each of its places; pages of any size, also cut short by long texts."""
    with world.parts.database.reading() as session:
        places = session.scalars(select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == ROOT)).all()
    for place in places:
        expected = Counter(lying(world, place))
        for size in (1, 2, 3, 7, 500):
            assert Counter(all_below(world, place, size)) == expected, (place, size)
    monkeypatch.setattr(below, "TEXT_AT_ONCE", 150)
    assert Counter(all_below(world, ROOT, 6)) == Counter(lying(world, ROOT))
    assert len(expected := lying(world, ROOT)) == len(set(expected)) > 50


def test_a_page_reads_what_it_holds_and_sorts_nothing(sqlite_database: Database) -> None:
    """Of every kind: two indexes give the order, whatever the number of things; no table is gone through."""
    for kind in KINDS.indexed:
        for query in (here(kind, ROOT, At(0, True, "p1", "d1")), beyond(kind, ROOT, START)):
            plan = planned(sqlite_database, query.limit(500))
            assert [step.partition(" ")[0] for step in plan] == ["SEARCH", "SEARCH"], plan


def planned(database: Database, query: Select[Any]) -> list[str]:
    """SQLite's plan of a query, step by step."""
    written = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
    with database.reading() as session:
        return [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {written}".replace(":", "\\:")))]
