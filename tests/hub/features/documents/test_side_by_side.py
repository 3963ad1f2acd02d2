"""Files are read side by side: one that takes long holds up no other, and one organisation keeps no other waiting."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from hub.features.documents.reading import reading_round
from hub.features.documents.wiring import feature
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.extraction import Extracted, Extractor, side_by_side
from hub.ground.extraction.outcome import Limits
from hub.ground.outbox import OutboxMessage
from hub.nouns.documents.models import FileText
from hub.nouns.documents.texts import EXTRACT
from hub.running.turn import only_worker
from hub.running.worker import run_until
from search.embedded import EmbeddedEngine
from tests.hub.ground.extraction.test_child import slow
from tests.hub.world import World, make_parts

GIGABYTE = 1_000_000_000


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    """Leeds and York, who send files."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        found = World(make_parts(database, engine, tmp_path, clock=SystemClock()))
        for slug in ("leeds", "york"):
            found.add_organisation(slug, f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read it")
        found.add_space("leeds/housing")
        found.add_space("york/roads")
        yield found


@contextmanager
def reading(world: World, folder: Path, readers: int) -> Iterator[None]:
    """A worker whose only job is to read files, so many at a time."""
    job = next(job for job in feature.jobs if job.name == "read files")
    stop = threading.Event()
    with only_worker(folder, world.parts.database) as held:
        jobs = [replace(job, side_by_side=lambda: readers)]
        thread = threading.Thread(target=run_until, args=(stop, world.parts, jobs, held))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(30)


def read(world: World) -> dict[str, bool]:
    """The documents whose files were read, and whether there was text in them."""
    with world.parts.database.reading() as session:
        rows = session.execute(select(FileText.document_id, FileText.readable))
        return {f"doc:{own}": readable for own, readable in rows}


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.long
def test_a_file_that_takes_long_or_brings_its_reader_down_holds_up_no_other(world: World, tmp_path: Path) -> None:
    """Sam uploads a table of a hundred megabytes; Ann's notes are read meanwhile. Then somebody kills its readers."""
    large = world.add_file("leeds/housing", "large.docx", slow(tmp_path / "large.docx").read_bytes())
    with reading(world, tmp_path, 2):
        notes = [world.add_file("leeds/housing", f"note {n}.txt", f"Levels at weir {n}".encode()) for n in range(5)]
        until(lambda: set(notes) <= read(world).keys())
        assert large not in read(world), "it should have taken longer than five notes"
        killed: set[int] = set()
        while large not in read(world):
            for child in psutil.Process().children():
                with suppress(psutil.NoSuchProcess):  # one may end, or have ended, meanwhile
                    if child.pid not in killed and "extraction.child" in " ".join(child.cmdline()):
                        killed.add(child.pid)
                        child.kill()
            time.sleep(0.2)
        late = world.add_file("leeds/housing", "late.txt", b"Levels at the lock")
        until(lambda: late in read(world))
    assert read(world) == {large: False, late: True} | dict.fromkeys(notes, True)


def test_no_file_is_read_twice_however_many_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    extract = Extractor.extract

    def noted(reader: Extractor, path: Path, name: str) -> Extracted:
        names.append(name)
        return extract(reader, path, name)

    monkeypatch.setattr(Extractor, "extract", noted)
    for number in range(12):
        world.add_file("leeds/housing", f"{number}.txt", f"Levels at weir {number}".encode())

    def work() -> None:
        while reading_round(world.parts):
            pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(names) == sorted(f"{number}.txt" for number in range(12))
    assert list(read(world).values()) == [True] * 12
    assert waiting(world) == 0


def test_one_file_of_york_does_not_wait_for_all_those_of_leeds(world: World) -> None:
    for number in range(120):
        world.add_file("leeds/housing", f"{number}.txt", b"Levels at the weir")
    theirs = world.add_file("york/roads", "york.txt", b"Levels at the lock")
    world.add_file("leeds/housing", "last.txt", b"Levels at the weir")
    reading_round(world.parts)
    reading_round(world.parts)
    assert theirs in read(world)
    assert waiting(world) == 120


def waiting(world: World) -> int:
    with world.parts.database.reading() as session:
        asked = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.topic == EXTRACT)
        return session.scalar(asked) or 0


@pytest.mark.parametrize(
    ("processors", "gigabytes", "readers"), [(1, 64, 1), (2, 4, 2), (4, 4, 2), (4, 1, 1), (4, 16, 4), (64, 512, 8)]
)
def test_as_many_read_as_processors_and_memory_have_room_for(processors: int, gigabytes: int, readers: int) -> None:
    found = side_by_side(Limits(), processors=processors, memory=gigabytes * GIGABYTE)
    assert found == readers
    assert found * Limits().memory_bytes < max(gigabytes, 2) * GIGABYTE
    assert 1 <= side_by_side() <= 8
