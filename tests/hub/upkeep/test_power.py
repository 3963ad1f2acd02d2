"""A power cut at any moment loses nothing that was acknowledged, and leaves nothing damaged (D-BK 99).

The hub acts under strace, once; then its disk is crashed hundreds of times (`make nightly`: 2,000). That the model
would see a fault is shown by planting each that somebody could make: a sync that is left out of the record.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.ground.db import Database
from hub.ground.files import FileStore
from hub.ground.schema import migrate
from tests import ROOT
from tests.hub.upkeep.books import Book
from tests.hub.upkeep.power import Crashes, Event, crashed, recorded
from tests.hub.upkeep.town import Town, furnish

pytestmark = pytest.mark.long
CRASHES = int(os.environ.get("HUB_TEST_CRASHES", "60"))
"""`make nightly` has 2,000."""
ACTS = 90
SEED = 99


@dataclass(frozen=True)
class Recording:
    """What the hub did to a folder, which still is as it was before, and how to look at what a crash leaves."""

    events: list[Event]
    before: Path
    after: Path

    def crash(self, events: list[Event], number: int, enough: int = 1) -> Crashes:
        """Crash it."""
        shutil.rmtree(self.after, ignore_errors=True)
        self.after.mkdir()
        return crashed(events, self.before, self.after, number, SEED, self.faults, enough=enough)

    def faults(self, told: list[str]) -> list[str]:
        """What is wrong with the hub in the folder, of which all this had been told."""
        path = self.after / "hub.sqlite3"
        try:
            with closing(sqlite3.connect(path)) as raw:
                sound = raw.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            sound = str(error)
        if sound != "ok":
            return [f"corrupt: {sound}"]
        return [*self._lost(told), *self._damaged(), *self._backup(told)]

    def _lost(self, told: list[str]) -> list[str]:
        book, database = Book(), Database(f"sqlite:///{self.after / 'hub.sqlite3'}")
        book.read(told)
        try:
            with database.reading() as session:
                return [f"lost: {fault}" for fault in book.faults(session, FileStore(self.after / "files"))]
        except Exception as error:  # a file that is missing or damaged, a table that is not there
            return [f"lost: {error}"]
        finally:
            database.close()

    def _damaged(self) -> list[str]:
        """A file that has its name is whole, whether or not a row names it."""
        stored = (self.after / "files").glob("??/*")
        return [f"damaged: {path}" for path in stored if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]

    def _backup(self, told: list[str]) -> list[str]:
        made = self.after / "night.hub"
        wanted = [json.loads(line)["backup"] for line in told if '"backup"' in line]
        if not made.exists():
            return ["lost: the backup"] if wanted else []
        whole = hashlib.sha256(made.read_bytes()).hexdigest()
        return [] if whole == self.backup else ["damaged: the backup"]

    @property
    def backup(self) -> str:
        """The hash of the whole backup."""
        return str(json.loads(self.events[-1].data)["backup"])


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Ninety acts and a backup, by the hub's own code."""
    folder = tmp_path_factory.mktemp("power")
    data = folder / "data"
    data.mkdir(mode=0o750)
    town = Town(data, Database(f"sqlite:///{data / 'hub.sqlite3'}"))
    migrate(town.database)
    with town.world() as world:
        furnish(world)
        for name in ("estates", "amy"):
            world.add_space(f"leeds/{name}")
    town.database.close()
    shutil.rmtree(data / "index")  # made anew from the database
    before = folder / "before"
    shutil.copytree(data, before)
    command = [sys.executable, "-m", "tests.hub.upkeep.recorded", str(ACTS), str(data / "night.hub")]
    events = recorded(command, data, folder / "trace", town.environment(), ROOT)
    moved = [_moved(event, data, before) for event in events]
    while moved[-1].call != "told":  # what closing the database does
        moved.pop()
    return Recording(moved, before, folder / "after")


def _moved(event: Event, data: Path, before: Path) -> Event:
    path, to = (name.replace(str(data), str(before)) for name in (event.path, event.to))
    return Event(event.call, path, to, event.at, event.data)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_a_power_cut_at_any_moment_loses_and_damages_nothing(recording: Recording, record_property: object) -> None:
    """D-BK 99: database, stored files, their rows and audit entries, and a backup, which is whole or not there."""
    found = recording.crash(recording.events, CRASHES, enough=10)
    assert found.faults == []
    assert found.count == CRASHES
    assert found.acknowledged > 20 * CRASHES
    print(f"\n{found.count:,} crashes after {found.acknowledged:,} acknowledged acts: 0 lost, 0 corrupt")


def test_what_was_recorded_is_what_happens_in_life(recording: Recording) -> None:
    """Commits, checkpoints, files of both kinds and the backup are in it; else the model would prove nothing."""
    written = {event.path.rpartition("/")[2] for event in recording.events if event.call == "write"}
    synced = {event.path for event in recording.events if event.call == "sync"}
    assert {"hub.sqlite3", "hub.sqlite3-wal"} <= written
    assert any(event.call == "rename" and "/files/" in event.to for event in recording.events)
    assert any(event.call == "rename" and event.to.endswith("night.hub") for event in recording.events)
    assert {str(recording.before), str(recording.before / "files")} <= synced
    assert sum(event.call == "told" for event in recording.events) > 2 * ACTS


_NOTHING = [Event("told", data=b"{}\n")]


def _syncs(where: Callable[[Event], bool]) -> Callable[[list[Event]], list[Event]]:
    return lambda events: [event for event in events if not (event.call == "sync" and where(event))]


def _late_renames(events: list[Event]) -> list[Event]:
    """A file gets its name before it is synced: long enough before for some crash to fall between the two."""
    found: list[list[Event]] = [[event] for event in events]
    for at, event in enumerate(events):
        if event.call == "rename" and "/files/" in event.to and events[at - 1].call in {"sync", "mkdir"}:
            sync = at - 1 if events[at - 1].call == "sync" else at - 2
            found[sync], found[at] = [event], [*_NOTHING * 30, Event("sync", event.to)]
    return [event for group in found for event in group]


FAULTS: dict[str, tuple[Callable[[list[Event]], list[Event]], str]] = {
    "commits that are not synced (synchronous=NORMAL)": (_syncs(lambda e: e.path.endswith("-wal")), "lost|corrupt"),
    "checkpoints that are not synced (synchronous=OFF)": (_syncs(lambda e: "sqlite3" in e.path), "corrupt|lost"),
    "stored files that are not synced": (_syncs(lambda e: "/files/incoming/" in e.path), "damaged|lost"),
    "folders of stored files that are not synced": (_syncs(lambda e: e.path.endswith("/files")), "lost"),
    "names of stored files that are not synced": (
        _syncs(lambda e: "/files/" in e.path and "incoming" not in e.path),
        "lost",
    ),
    "stored files that are renamed first": (_late_renames, "damaged"),
    "a backup that is not synced": (_syncs(lambda e: ".partial" in e.path), "damaged"),
    "the name of a backup that is not synced": (_syncs(lambda e: e.path.endswith("/before")), "lost"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sync_that_is_left_out_is_found(recording: Recording, fault: str) -> None:
    """Planted: the model would see it."""
    plant, kind = FAULTS[fault]
    events = plant(recording.events)
    assert events != recording.events
    if "backup" in fault:  # the end of the record is where it matters
        events = [*events, *_NOTHING * len(events)]
    found = recording.crash(events, 400)
    assert found.faults, f"400 crashes did not show {fault}"
    assert any(word in found.faults[0] for word in kind.split("|")), found.faults
