"""A world that is made once is each test's own all the same."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.features.policies.mirror import Mirror
from hub.ground.db import Database
from tests.databases import POSTGRESQL, SQLITE
from tests.hub.once import Begin, Shelf
from tests.hub.world import World
from tests.remembered import open_database

LEEDS = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work"


class Noted(World):
    """A world that remembers something beside its parts."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)
        self.notes: dict[str, list[str]] = {"plans": []}


def flood(world: Noted) -> str:
    """Ann works for Leeds, which has a flood plan and a file, found by search; an hour has passed. The plan's id."""
    flood.lived += 1
    world.add_organisation("leeds", LEEDS)
    world.add_person("leeds/ann")
    world.add_space("leeds/housing")
    plan = world.add_document("leeds/housing", "Flood plan", "Sandbags")
    world.add_file("leeds/housing", "pumps.txt", b"Pumps stand at the weir.")
    world.index_all()
    world.notes["plans"].append(plan)
    world.parts.clock.move(hours=1)
    return plan


flood.lived = 0


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql)])
def another(request: pytest.FixtureRequest, shelf: Shelf, tmp_path: Path) -> Iterator[Callable[[], Noted]]:
    """What the next test that begins in the flood gets, over each database; `leeds` is nowhere else on this shelf."""
    begun = 0
    with ExitStack() as opened:

        def begin() -> Noted:
            nonlocal begun
            begun += 1
            folder = tmp_path / str(begun)
            folder.mkdir()
            if request.param == SQLITE:
                database = open_database(f"sqlite:///{folder / 'hub.sqlite3'}")
                opened.callback(database.close)
            else:
                server = request.getfixturevalue("postgresql_server")
                database = server.promised()
                opened.callback(server.drop, database)
            found: Noted = shelf.copy(opened, folder, flood, database, Noted)
            return found

        yield begin


def looks(world: Noted) -> dict[str, object]:
    """What Ann finds, what lies there, and what is remembered."""
    with world.parts.database.reading() as session:
        people = sorted(session.scalars(select(Person.handle)))
    folder = world.parts.policy_dir.parent
    return {
        "people": people,
        "sandbags": titles(world, "sandbags"),
        "pumps": titles(world, "pumps"),
        "page": world.client("leeds/ann").get(f"/documents/{world.told.removeprefix('doc:')}").status_code,
        "files": sorted(path.name for path in (folder / "files").rglob("*") if path.is_file()),
        "keys": (folder / "keys.json").read_bytes(),
        "notes": world.notes,
        "told": world.told,
        "time": world.parts.clock.now(),
    }


def titles(world: World, words: str) -> list[str]:
    return ["".join(part for part, _ in hit.title) for hit in world.ask("leeds/ann", words).hits]


def test_a_copy_is_as_its_story_left_it(another: Callable[[], Noted]) -> None:
    world = another()
    seen = looks(world)
    assert (seen["people"], seen["sandbags"], seen["pumps"]) == (["leeds/ann"], ["Flood plan"], ["pumps.txt"])
    assert (seen["page"], seen["notes"]) == (200, {"plans": [seen["told"]]})
    assert seen["time"].hour == 10


def test_the_story_is_lived_through_once_however_many_begin_in_it(another: Callable[[], Noted]) -> None:
    another()
    before = flood.lived
    assert [another().told for _ in range(3)] == [another().told] * 3
    assert flood.lived == before


def test_whatever_one_test_does_to_its_world_no_other_sees(another: Callable[[], Noted]) -> None:
    beside = another()
    before = looks(beside)
    mine = another()
    mine.add_person("leeds/bob")
    mine.set_policy("leeds")
    mine.revise(mine.told, "Drought plan", "Water butts")
    mine.add_file("leeds/housing", "wells.txt", b"Wells are behind the church.")
    mine.index_all()
    Mirror(mine.parts).look()
    mine.notes["plans"].append("another one")
    mine.parts.clock.move(days=1)
    mine.app.config["WTF_CSRF_ENABLED"] = False
    (mine.parts.policy_dir.parent / "keys.json").write_text("{}")
    (kept,) = (path for path in (mine.parts.policy_dir.parent / "files").rglob("*") if path.name in before["files"])
    kept.chmod(0o600)
    kept.write_bytes(b"Nothing any more")
    later = another()
    assert looks(beside) == looks(later) == before
    assert beside.app.config.get("WTF_CSRF_ENABLED") is later.app.config.get("WTF_CSRF_ENABLED") is not False


def test_a_test_begins_in_one_world(begin: Begin, sqlite_database: Database) -> None:
    begin(flood, sqlite_database, Noted)
    with pytest.raises(AssertionError, match="a test begins in one world"):
        begin(flood, sqlite_database, Noted)
