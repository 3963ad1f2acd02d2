"""The index follows the database: after a crash, against the order of commits, with poison in the outbox, anew."""

import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from sqlalchemy import delete, func, select

from hub.access.models import Fence, HubState
from hub.access.parts import Parts
from hub.features.documents.reading import ATTEMPTS as TRIES
from hub.features.documents.reading import reading_round
from hub.features.find.commands import index
from hub.ground.outbox import OutboxMessage
from hub.nouns.documents.models import Document, FileText
from hub.running import below, indexing
from hub.running.indexing import REBUILD, OutboxSource, index_round, rebuild
from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.engine import EngineDown, ItemError
from search.indexer import ATTEMPTS
from tests.hub.features.find.processes import environment, run_python
from tests.hub.features.find.test_page import run
from tests.hub.world import World, make_parts

STAFF = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on"


@pytest.fixture
def leeds(world: World) -> World:
    world.add_organisation("leeds", STAFF)
    world.add_person("leeds/ann")
    world.add_space("leeds/housing", "restricted")
    return world


@pytest.fixture
def small_leeds(small_world: World) -> World:
    small_world.add_organisation("leeds", STAFF)
    small_world.add_person("leeds/ann")
    small_world.add_space("leeds/housing", "restricted")
    return small_world


def rows(world: World) -> tuple[int, int, int]:
    """Messages that wait, messages that are parked, fences."""
    with world.parts.database.reading() as session:
        waiting = session.scalar(select(func.count()).where(OutboxMessage.parked.is_(False)))
        parked = session.scalar(select(func.count()).where(OutboxMessage.parked))
        return waiting or 0, parked or 0, session.scalar(select(func.count()).select_from(Fence)) or 0


def sequence(world: World) -> int:
    with world.parts.database.reading() as session:
        return session.execute(select(HubState.indexed_sequence)).scalar_one()


CRASH = """
import os
from config.settings import Settings
from hub.app import build_parts
from hub.running import indexing
parts = build_parts(Settings())

def die(*_):
    os._exit(9)

{where} = die
indexing.index_round(parts)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    "where", ["parts.engine.write", "parts.engine.commit", "indexing.OutboxSource.done", "indexing._raise_sequence"]
)
def test_a_worker_that_dies_leaves_nothing_wrong(small_leeds: World, where: str, tmp_path: Path) -> None:
    """D-BK 96, 97: between database and index, and between index and `done`: hidden meanwhile, repaired after."""
    world = small_leeds
    kept = world.add_document("leeds/housing", "Sandbag note", "Sandbags")
    raised = world.add_document("leeds/housing", "Sandbag budget", "Sandbags")
    world.index_all()
    added = world.add_document("leeds/housing", "Sandbag lorry", "Sandbags")
    world.mark(raised, "OFFICIAL-SENSITIVE")
    world.revise(kept, "Sandbag note", "Ropes")
    world.parts.engine.close()
    died = run_python(world, CRASH.format(where=where))
    assert died.returncode == 9, died.stderr
    again = World(make_parts(world.parts.database, EmbeddedEngine(tmp_path / "index"), tmp_path))
    seen = {hit.id for hit in again.ask("leeds/ann", "sandbags").hits}
    assert raised not in seen
    assert rows(again)[0] == 3
    again.index_all()
    assert rows(again) == (0, 0, 0)
    assert {hit.id for hit in again.ask("leeds/ann", "sandbags").hits} == {kept, added}
    assert {hit.id for hit in again.ask("leeds/ann", "ropes").hits} == {kept}
    again.parts.engine.close()


@pytest.mark.postgresql
def test_the_later_state_wins_though_its_message_has_the_lower_number(postgresql_world: World) -> None:
    """Numbers are drawn before commits come: the index must not take the first for the last word."""
    world = postgresql_world
    world.add_organisation("leeds", STAFF, "allow,person:leeds/bea,read,leeds,any,any,-,Bea sees it all")
    world.add_person("leeds/ann")
    world.add_person("leeds/bea")
    world.add_space("leeds/housing", "restricted")
    document = world.add_document("leeds/housing", "Sandbag note", "Sandbags")
    other = world.add_document("leeds/housing", "Sandbag lorry", "Sandbags")
    world.index_all()
    drawn, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with world.work() as uow:
            uow.enqueue(document)
            drawn.set()
            assert go_on.wait(30)
            row = uow.session.get_one(Document, document.removeprefix("doc:"))
            row.title, row.ms, row.marking = "Late word", "OFFICIAL-SENSITIVE.published", "OFFICIAL-SENSITIVE"

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert drawn.wait(30)
    world.revise(document, "Early word", "Sandbags")
    world.revise(other, "Sandbag lorry two", "Sandbags")
    world.index_all()
    go_on.set()
    thread.join()
    world.index_all()
    assert [hit.id for hit in world.ask("leeds/bea", "late word", marking="OFFICIAL-SENSITIVE").hits] == [document]
    answered = world.ask("leeds/ann", "sandbags")
    assert (answered.total, [hit.id for hit in answered.hits]) == (1, [other])


def test_versions_grow_with_every_change(leeds: World) -> None:
    world = leeds
    document = world.add_document("leeds/housing", "Sandbag note", "Sandbags")
    found = []
    for _ in range(3):
        (entry,) = OutboxSource(world.parts).entries([document]).values()
        found.append(entry.version)
        world.mark(document)
    assert found == sorted(set(found))


class Refusing:
    """The real engine, but one entry is refused, as a server may refuse one."""

    def __init__(self, engine: Any, poison: str) -> None:
        self._engine = engine
        self.poison = poison

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def write(self, changes: Sequence[Any]) -> tuple[ItemError, ...]:
        kept = [change for change in changes if change.id != self.poison]
        refused = tuple(ItemError(change.id, "it is poison") for change in changes if change.id == self.poison)
        return (*self._engine.write(kept), *refused)


def test_poison_is_set_aside_loudly_stays_hidden_and_stops_nobody(small_leeds: World) -> None:
    poison = small_leeds.add_document("leeds/housing", "Sandbag poison", "Sandbags")
    small_leeds.index_all()
    engine = Refusing(small_leeds.parts.engine, poison)
    world = World(replace(small_leeds.parts, engine=engine))  # type: ignore[arg-type]
    world.mark(poison)
    world.mark(poison, "OFFICIAL-SENSITIVE")
    world.mark(poison)
    good = world.add_document("leeds/housing", "Sandbag note", "Sandbags")
    for _ in range(ATTEMPTS):
        index_round(world.parts)
    assert index_round(world.parts) == 0
    assert rows(world) == (0, 3, 2)
    assert [hit.id for hit in world.ask("leeds/ann", "sandbags").hits] == [good]
    told = json.loads(run(world, index, "parked", "--json").stdout)
    assert [(row["about"], row["attempts"], row["reason"]) for row in told] == [(poison, ATTEMPTS, "it is poison")] * 3
    assert json.loads(run(world, index, "status", "--json").stdout)["parked"] == 3
    engine.poison = ""
    assert "3 changes are tried again" in run(world, index, "parked", "--retry").stdout
    world.index_all()
    assert rows(world) == (0, 0, 0)
    assert world.ask("leeds/ann", "sandbags").total == 2


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(indexing, "AT_ONCE", 4)
    monkeypatch.setattr(below, "TEXT_AT_ONCE", 200)
    return


@pytest.mark.usefixtures("_small_pages")
def test_a_large_space_is_reindexed_in_pages_while_others_are_served(leeds: World) -> None:
    world = leeds
    world.add_space("leeds/housing/repairs", "open")
    world.add_folder("leeds/housing/repairs/2026")
    for number in range(11):
        world.add_document("leeds/housing/repairs/2026", f"Boiler {number}", "boiler " * (1 + number * 9))
    world.index_all()
    assert world.ask("leeds/ann", "boiler").total == 11
    world.set_audience("leeds/housing", "private")
    index_round(world.parts)
    note = world.add_document("leeds/housing", "Boiler note", "boiler")
    world.give("person:leeds/ann", "read", "leeds/housing")
    steps = 0
    while rows(world)[2]:
        index_round(world.parts)
        steps += 1
        if rows(world)[2]:
            assert world.ask("leeds/ann", "boiler").total == 0
    assert steps >= 4
    assert world.ask("leeds/ann", "boiler").total == 12
    assert note in {hit.id for hit in world.ask("leeds/ann", "note").hits}


def test_a_rebuild_loses_nothing_and_answers_meanwhile(leeds: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches stay complete, changes that come meanwhile are in the new index, and so are deletions and fences."""
    monkeypatch.setattr(indexing, "AT_ONCE", 5)
    world = leeds
    documents = [world.add_document("leeds/housing", f"Boiler {n}", "boiler") for n in range(23)]
    world.index_all()
    seen: list[int] = []
    expected = [23]

    def between(_count: int) -> None:
        seen.append(world.ask("leeds/ann", "boiler").total)
        assert seen[-1] == expected[0]
        number = len(seen)
        world.mark(documents[number], "OFFICIAL-SENSITIVE")
        expected[0] -= 1
        world.revise(documents[-number], f"Boiler {number}", "boiler and kettle")
        assert world.ask("leeds/ann", "boiler").total == expected[0]

    count = rebuild(world.parts, between)
    assert len(seen) >= 4
    assert count == 23 + 3
    assert rows(world)[0] == 2  # only what came after the last step: the others were done in between
    world.index_all()
    assert world.ask("leeds/ann", "boiler").total == expected[0]
    assert world.ask("leeds/ann", "kettle").total >= len(seen) - 1
    assert rows(world) == (0, 0, 0)


def test_a_running_worker_builds_the_index_anew_when_it_is_asked(small_leeds: World) -> None:
    world = small_leeds
    world.add_document("leeds/housing", "Boiler", "boiler")
    world.index_all()
    before = sequence(world)
    with world.work() as uow:
        uow.enqueue("index:all", topic=REBUILD)
    folder = world.parts.policy_dir.parent / "index" / "current"
    generation = folder.read_text()
    world.index_all()
    assert rows(world) == (0, 0, 0)
    assert sequence(world) > before
    assert folder.read_text() != generation
    assert world.ask("leeds/ann", "boiler").total == 1


def test_an_index_that_is_lost_is_made_again_from_the_database(small_leeds: World, tmp_path: Path) -> None:
    world = small_leeds
    for number in range(5):
        world.add_document("leeds/housing", f"Boiler {number}", "boiler")
    world.index_all()
    world.parts.engine.close()
    lost = World(make_parts(world.parts.database, EmbeddedEngine(tmp_path / "another"), tmp_path))
    with pytest.raises(EngineDown, match="empty"):
        lost.ask("leeds/ann", "boiler")
    assert rebuild(lost.parts) == 8
    assert lost.ask("leeds/ann", "boiler").total == 5
    lost.parts.engine.close()


def test_readers_are_told_of_every_commit(small_leeds: World, tmp_path: Path) -> None:
    """A reader of its own over the same folder sees a commit as soon as it has seen the sequence."""
    world = small_leeds
    reader = World(replace(world.parts, engine=EmbeddedEngine(tmp_path / "index")))
    for number in range(1, 6):
        world.add_document("leeds/housing", f"Boiler {number}", "boiler")
        world.index_all()
        assert reader.ask("leeds/ann", "boiler").total == number
    reader.parts.engine.close()


def test_every_uploaded_file_ends_as_text_or_with_a_reason(leeds: World) -> None:
    world = leeds
    readable = world.add_file("leeds/housing", "kettle.txt", "The kettle is on — and the hob.".encode())
    same = world.add_file("leeds/housing", "copy of kettle.txt", "The kettle is on — and the hob.".encode())
    damaged = world.add_file("leeds/housing", "broken.docx", b"PK\x03\x04 nothing of use")
    assert world.index_all() > 0
    assert {hit.id for hit in world.ask("leeds/ann", "kettle hob").hits} == {readable, same}
    assert {hit.id for hit in world.ask("leeds/ann", "broken").hits} == {damaged}
    assert rows(world) == (0, 0, 0)
    with world.parts.database.reading() as session:
        states = {row.readable: row.reason for row in session.scalars(select(FileText))}
    assert states[True] == ""
    assert states[False]


def test_a_stored_file_that_is_missing_ends_too(small_leeds: World) -> None:
    world = small_leeds
    lost = world.add_file("leeds/housing", "kettle.txt", b"The kettle is on")
    for path in (world.parts.policy_dir.parent / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    for _ in range(TRIES):
        assert reading_round(world.parts) == 1
    assert reading_round(world.parts) == 0
    world.index_all()
    assert rows(world) == (0, 0, 0)
    assert [hit.id for hit in world.ask("leeds/ann", "kettle").hits] == [lost]  # by its title
    with world.parts.database.reading() as session:
        assert session.scalars(select(FileText.reason)).one() == "the stored file is missing or damaged"


def test_a_new_hub_has_an_index_before_it_has_anything_in_it(world: World) -> None:
    world.add_organisation("leeds", STAFF)
    world.add_person("leeds/ann")
    with world.work() as uow:
        uow.session.execute(delete(OutboxMessage))
    assert index_round(world.parts) == 0
    assert world.ask("leeds/ann", "anything").total == 0


def test_the_settings_of_another_process_are_those_of_the_world(small_leeds: World) -> None:
    assert environment(small_leeds)["HUB_DATA"] == str(small_leeds.parts.policy_dir.parent)


def test_whoever_deletes_the_index_is_answered_with_a_notice_until_it_is_built_anew(small_world: World) -> None:
    """D-BK 95: never "nothing found", and nobody needs to tell the worker."""
    world = small_world
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("leeds/ann")
    world.add_space("leeds/housing")
    world.add_document("leeds/housing", "Sandbags", "Sandbags lie in the depot.")
    world.index_all()
    ann = world.client("leeds/ann")
    assert b"1 result" in ann.get("/search?q=sandbags").data

    shutil.rmtree(world.parts.policy_dir.parent / "index")
    answer = ann.get("/search?q=sandbags")
    assert (answer.status_code, b"Nothing found" in answer.data) == (503, False)
    assert ann.get("/").status_code == 200

    indexing._looked.clear()
    world.index_all()
    assert b"1 result" in ann.get("/search?q=sandbags").data


def test_an_index_that_waits_for_its_first_entries_is_not_taken_for_lost(small_world: World) -> None:
    """A new hub, and one in which nothing was found, are as they should be."""
    assert not indexing.is_lost(small_world.parts)
    small_world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
    assert not indexing.is_lost(small_world.parts)
    small_world.index_all()
    assert not indexing.is_lost(small_world.parts)
    small_world.add_person("leeds/ann")
    assert small_world.client("leeds/ann").get("/search?q=nothing").status_code == 200


def lose_the_index(world: World) -> None:
    """Somebody deletes it, by hand, while the hub runs."""
    engine = world.parts.engine
    if isinstance(engine, ElasticEngine):
        engine._client.indices.delete(index=engine._behind(engine._index))
    else:
        shutil.rmtree(world.parts.policy_dir.parent / "index")


def test_a_deleted_index_is_built_anew_by_the_worker_and_never_answers_half(
    leeds: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-BK 95: on every engine, with changes waiting: a notice until all is there, and then just what may be seen."""
    monkeypatch.setattr(indexing, "AT_ONCE", 5)
    world = leeds
    documents = [world.add_document("leeds/housing", f"Boiler {n}", "boiler") for n in range(10)]
    world.index_all()
    ann = world.client("leeds/ann")
    world.mark(documents[0], "OFFICIAL-SENSITIVE")
    world.add_document("leeds/housing", "Kettle", "kettle")
    lose_the_index(world)
    assert ann.get("/search?q=boiler").status_code == 503
    statuses: list[int] = []
    rebuilding = indexing.rebuild

    def looked(parts: Parts) -> int:
        return rebuilding(parts, lambda _: statuses.append(ann.get("/search?q=boiler").status_code))

    monkeypatch.setattr(indexing, "rebuild", looked)
    index_round(world.parts)
    assert len(statuses) >= 3
    assert set(statuses) == {503}
    world.index_all()
    assert {hit.id for hit in world.ask("leeds/ann", "boiler").hits} == set(documents[1:])
    assert world.ask("leeds/ann", "kettle").total == 1
    assert rows(world) == (0, 0, 0)
    assert index_round(world.parts) == 0


KILLED = """
import os, signal
from config.settings import Settings
from hub.app import build_parts
from hub.running import indexing
indexing.AT_ONCE = 5
parts = build_parts(Settings())
indexing.rebuild(parts, lambda count: count >= 5 and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.long
def test_a_rebuild_that_is_killed_leaves_the_old_index_and_the_next_one_is_whole(leeds: World) -> None:
    """D-BK 95: kill -9 in the middle: searches go on as before, and beginning again loses nothing."""
    world = leeds
    documents = {world.add_document("leeds/housing", f"Boiler {n}", "boiler") for n in range(9)}
    world.index_all()
    with world.work() as uow:
        uow.enqueue("index:all", topic=REBUILD)
    world.parts.engine.close()
    killed = run_python(world, KILLED)
    assert killed.returncode == -9, killed.stderr
    engine = world.parts.engine
    again = new_elastic_like(engine) if isinstance(engine, ElasticEngine) else EmbeddedEngine(engine_folder(world))
    later = World(make_parts(world.parts.database, again, world.parts.policy_dir.parent))
    assert {hit.id for hit in later.ask("leeds/ann", "boiler").hits} == documents
    late = later.add_document("leeds/housing", "Boiler late", "boiler")
    later.index_all()
    assert {hit.id for hit in later.ask("leeds/ann", "boiler").hits} == {*documents, late}
    assert rows(later) == (0, 0, 0)
    again.close()


def engine_folder(world: World) -> Path:
    return world.parts.policy_dir.parent / "index"


def new_elastic_like(engine: ElasticEngine) -> ElasticEngine:
    """Another process's engine over the same index."""
    return ElasticEngine(os.environ.get("HUB_TEST_ELASTICSEARCH_URL") or engine._place, index=engine._index)


def test_after_an_upgrade_the_worker_builds_an_index_of_the_new_layout(
    small_leeds: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old index is of no use to the new version: a notice until the worker has built another, unasked."""
    world = small_leeds
    note = world.add_document("leeds/housing", "Boiler", "boiler")
    world.index_all()
    world.parts.engine.close()
    monkeypatch.setattr("search.embedded.engine.LAYOUT", 999)
    monkeypatch.setattr(indexing, "_begun", WeakSet())  # the worker starts again
    later = World(make_parts(world.parts.database, EmbeddedEngine(tmp_path / "index"), tmp_path))
    late = later.add_document("leeds/housing", "Boiler late", "boiler")
    assert later.client("leeds/ann").get("/search?q=boiler").status_code == 503
    later.index_all()
    assert {hit.id for hit in later.ask("leeds/ann", "boiler").hits} == {note, late}
    assert rows(later) == (0, 0, 0)
    later.parts.engine.close()
