"""What was acknowledged is on the disk after a killed process, a killed database, or both (D-BK 98, 96).

A killed process proves nothing of power cuts: what it wrote lies in the system's memory. Those are drilled in
test_power.py; here SQLite's settings are pinned, for which alone its promise is made, and PostgreSQL's are asked for.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.ground.db import Database
from hub.ground.schema import migrate
from tests.hub.upkeep.books import WAIT, Book, as_rebuilt, caught_up, damaged, open_database, unlike
from tests.hub.upkeep.own_postgresql import OwnPostgresql, own_postgresql
from tests.hub.upkeep.stable import Horse, Stable, stable
from tests.hub.upkeep.town import Town, furnish

ROUNDS = int(os.environ.get("HUB_TEST_ROUNDS", "3"))
"""How often the drill is done; `make nightly` does it 50 times."""
ACTORS = ("amy", "bob")
MOST = 80
"""Acts that are acknowledged before the end, at the most; drawn for each round, so that no slow machine proves less."""


def test_sqlite_waits_for_the_disk_with_every_commit(small_town: Town) -> None:
    for opened in (small_town.database.reading, small_town.database.writing):
        with opened() as session:
            found = session.connection().exec_driver_sql("PRAGMA synchronous").scalar()
            assert found == 2, "synchronous must be FULL: with NORMAL a power cut loses acknowledged commits"
            assert session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@dataclass
class Drill:
    """A town, the stable from which its processes come, and the books of all rounds."""

    town: Town
    stable: Stable
    server: OwnPostgresql | None = None
    book: Book = field(default_factory=Book)
    acknowledged: int = 0
    slowest: float = 0.0
    """Seconds from the worker's start until the index was what the database is."""
    downtimes: list[float] = field(default_factory=list)

    def actors(self, number: int) -> list[Horse]:
        """They write as fast as they can; returns when each has begun."""
        started = [
            self.stable.start("tests.hub.upkeep.acting", f"{name}-{number}", environment=self.town.environment())
            for name in ACTORS
        ]
        for horse in started:
            _until(lambda horse=horse: len(horse.lines()) > 1, "an actor", horse)
        return started

    def worker(self) -> Horse:
        """The hub's worker."""
        return self.stable.start("tests.hub.upkeep.working", environment=self.town.environment())

    def round(self, number: int, acts: int) -> None:
        """Work, disaster, and a look at what is left."""
        kind = "hub" if self.server is None else ("hub", "database", "both")[number % 3]
        worker, actors = self.worker(), self.actors(number)
        _until(lambda: sum(map(_told, actors)) >= acts, "acts", actors[0])
        if kind == "database":
            self.database_dies(number, actors)
        for horse in (*actors, worker):
            os.kill(horse.pid, 9) if horse.alive else None
        if kind == "both":
            self.server_dies(all_of_it=number % 2 == 0)
        for horse in (*actors, worker):
            horse.wait()
        if kind == "both":
            self.server_returns()
        before = set(self.book.meant)
        self.acknowledged += sum(self.book.read(horse.lines()) for horse in actors)
        self.look(number, set(self.book.meant) - before | {f"leeds/{name}" for name in ACTORS} & set(self.book.meant))

    def database_dies(self, number: int, actors: list[Horse]) -> None:
        """It alone: the hub's processes are told so, wait, and go on by themselves when it is back."""
        self.server_dies(all_of_it=number % 2 == 0)
        self.server_returns()
        for horse in actors:
            _until(lambda horse=horse: _acts_after_a_fault(horse), "an actor to go on", horse)

    def server_dies(self, *, all_of_it: bool) -> None:
        """The postmaster, or every process of the server's."""
        assert self.server is not None
        self.server.kill(all_of_it=all_of_it)

    def server_returns(self) -> None:
        """Over the same folder."""
        assert self.server is not None
        self.downtimes.append(self.server.restart())

    def look(self, number: int, keys: set[str]) -> None:
        """Everything acknowledged is there, whole, with its file and its audit entry; a new worker mends the index."""
        database = open_database(self.town)
        with self.town.house() as house, database.reading() as session:
            assert self.book.faults(session, house.files, keys) == [], f"round {number}"
        began, worker = time.monotonic(), self.worker()
        caught_up(database, worker)
        self.slowest = max(self.slowest, time.monotonic() - began)
        worker.kill()
        database.close()
        with self.town.world() as world:
            assert unlike(world) == [], f"round {number}"

    def end(self, folder: Path) -> None:
        """Once more, of all rounds together, and the index beside one that is built anew."""
        with self.town.house() as house, house.database.reading() as session:
            assert self.book.faults(session, house.files) == []
            assert damaged(house.database, house.files) == []
            house.files.sweep()
            assert not list((self.town.data / "files" / "incoming").iterdir())
        with self.town.world() as world:
            world.index_all()
            assert as_rebuilt(world.parts, folder)
        looked = self.town.hub("doctor", "--json").value
        assert looked["ok"], looked
        assert self.slowest < WAIT


def _acts_after_a_fault(horse: Horse) -> bool:
    lines = horse.lines()
    last = max((at for at, line in enumerate(lines) if '"unknown"' in line), default=None)
    return last is not None and any('"ok"' in line for line in lines[last:])


def _told(horse: Horse) -> int:
    return sum('"ok"' in line for line in horse.lines())


def _until(holds: object, what: str, horse: Horse) -> None:
    assert callable(holds)
    deadline = time.monotonic() + WAIT
    while not holds():
        assert horse.alive, horse.where()
        assert time.monotonic() < deadline, f"waited in vain for {what}, which is here: {horse.where()}"
        time.sleep(0.005)


@contextmanager
def drilled(town: Town, folder: Path, server: OwnPostgresql | None = None) -> Iterator[Drill]:
    """A furnished town with a space for each actor, ready to be struck."""
    migrate(town.database)
    town.database.close()
    with town.world() as world:
        furnish(world)
        for name in ("estates", *ACTORS):
            world.add_space(f"leeds/{name}")
    with stable(folder / "stable") as horses:
        yield Drill(town, horses, server)


def drill(found: Drill, folder: Path, record: object) -> None:
    """All rounds, and the figures."""
    draw, began = random.Random(ROUNDS), time.monotonic()
    for number in range(ROUNDS):
        found.round(number, draw.randint(1, MOST))
    found.end(folder / "anew")
    assert found.acknowledged > ROUNDS
    assert callable(record)
    record("rounds", ROUNDS)
    record("acknowledged", found.acknowledged)
    record("seconds", round(time.monotonic() - began, 1))
    print(
        f"\n{ROUNDS} rounds, {found.acknowledged:,} acknowledged acts, 0 lost; index as the database after at most "
        f"{found.slowest:.1f} s; {len(found.downtimes)} restarts of the database, {time.monotonic() - began:.0f} s"
    )


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_kill_9_of_the_hub_at_any_moment_loses_nothing_on_sqlite(tmp_path: Path, record_property: object) -> None:
    """D-BK 98, 96: two actors and the worker are killed together, at a moment drawn for each round."""
    data = tmp_path / "town"
    data.mkdir(mode=0o750)
    town = Town(data, Database(f"sqlite:///{data / 'hub.sqlite3'}"))
    with drilled(town, tmp_path) as found:
        drill(found, tmp_path, record_property)


@pytest.mark.nightly
@pytest.mark.postgresql
@pytest.mark.timeout(3600)
def test_kill_9_of_the_hub_of_postgresql_or_of_both_loses_nothing(tmp_path: Path, record_property: object) -> None:
    """D-BK 98, 96: in turn the hub, the database server (its postmaster, or all of it), and both."""
    data = tmp_path / "town"
    data.mkdir(mode=0o750)
    with own_postgresql() as server:
        town = Town(data, Database(server.address))
        with town.database.reading() as session:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                assert session.execute(text(f"SHOW {name}")).scalar_one() == "on"
        with drilled(town, tmp_path, server) as found:
            drill(found, tmp_path, record_property)
