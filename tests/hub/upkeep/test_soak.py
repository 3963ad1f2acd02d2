"""A hub under way for long while its parts fail: the worker is killed, the engine and the database stop and come back.

Thirty-two people read and write without a pause, by real sockets, on PostgreSQL and Elasticsearch. What was
acknowledged is there in the end and found; what somebody may no longer see they do not get, though the engine cannot be
told yet; and nobody is turned away but while a part is down.
"""

import contextlib
import http.client
import importlib.util
import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bench import processes
from bench.mix import Page
from bench.search import SERVER
from bench.serving import HERE, Served, Town, closed, environment_of, program, settings_for, wait_for
from bench.town import Size, founded
from hub.access.parts import Parts
from hub.access.places import NewPlace, place_at, set_audience
from hub.app import build_parts
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document, Revision
from hub.nouns.documents.service import NewDocument, add_document
from hub.nouns.spaces.service import add_space
from tests import WHOLE, missing
from tests.hub.upkeep.books import unlike
from tests.hub.upkeep.own_postgresql import OwnPostgresql, own_postgresql
from tests.hub.world import World

MINUTES = float(os.environ.get("HUB_TEST_SOAK", "0.5"))
"""How long it goes on; `make nightly` has an hour."""
SIZE = Size(
    documents=400, people=60, rules=30, organisations=4, spaces_each=5, lookers=32, grants=9, crowded=100, members=20
)
CLIENTS, WRITES = 4, 10
"""People at a time, and how many of a hundred requests write."""
ROUND = 16.0
"""Seconds of a round; its fault begins after a quarter."""
ROUNDS = 3 if WHOLE else 1
"""At least so many, however short the time is."""
UNDER_WAY = 5.0
"""Seconds that an answer may be under way which was begun while the space was open."""
MENDED = 20.0
"""Seconds after the end of a fault in which the hub still may turn people away."""
WAIT = 180.0


@dataclass
class Soak:
    """The parts that fail, and what was seen."""

    town: Town
    parts: Parts
    served: Served
    database: OwnPostgresql
    engine: Any
    kept: list[dict[str, Any]] = field(default_factory=list)
    turned_away: int = 0
    answered: int = 0
    secrets: int = 0

    def round(self, number: int) -> None:
        """People go on, a space is closed to most of them, and a part fails meanwhile."""
        fail = (self.worker_dies, self.engine_stops, self.database_stops)[number % 3]
        words = f"quillwort{number}"
        self.open_space(number, words)
        pages = [self.town.asked(page) for page in self.town.mix.pages(400)]
        forms = [self.town.asked(form) for form in self.town.mix.forms(400 * WRITES // 100)]
        for at, form in enumerate(forms):
            form["fields"] = {name: f"{value} In round {number}." if name == "body" else value
                              for name, value in form["fields"].items()}  # fmt: skip
            pages[at * 100 // WRITES] = form
        outsider = [self.town.asked(page) for page in self.outsiders(number)]
        self.until_seen(outsider[0], words)
        mixed = [page for pair in zip(pages, itertools.cycle(outsider)) for page in pair]
        times: list[float] = []
        failing = threading.Thread(target=lambda: times.extend(self.failed(fail, number)))
        failing.start()
        seen = self.served.drive(mixed, ROUND, clients=CLIENTS, never=[words])
        failing.join()
        begun, closed_at, over = times
        self.kept += seen.kept
        self.answered += seen.count
        late = [at - closed_at for fault, at in seen.faulty if "LEAK" in fault and at > closed_at + UNDER_WAY]
        assert late == [], f"{words} was shown after it was closed, and {fail.__name__}"
        turned_away = [(fault, at) for fault, at in seen.faulty if "LEAK" not in fault]
        for fault, at in turned_away:
            assert "503" in fault or "429" in fault, f"{fault}, {at - begun:.1f} s after {fail.__name__}"
            held_up = begun <= at <= over + MENDED or "busy" in fault  # a starved machine is busy at any time
            assert held_up, f"{fault}, {at - over:.1f} s after the end of {fail.__name__}"
        self.turned_away += len(turned_away)

    def failed(self, fail: Callable[[int], float], number: int) -> tuple[float, float, float]:
        """When it failed, when the space was closed, and when all was back."""
        time.sleep(ROUND / 4)
        begun = time.time()
        return begun, fail(number), time.time()

    def worker_dies(self, number: int) -> float:
        """It is killed; `hub serve` starts another, which hears of the space when it is there."""
        for pid in processes.family(self.served.pids["hub"]):
            with contextlib.suppress(OSError):
                if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    os.kill(pid, 9)
        return self.close_space(number)

    def engine_stops(self, number: int) -> float:
        """For some seconds there is none, and the one that comes back still has the space as it was."""
        self.engine.stop()
        closed_at = self.close_space(number)
        self.engine.start()
        return closed_at

    def database_stops(self, number: int) -> float:
        """Every process of it is killed as soon as the space is closed, and it recovers over the same folder."""
        closed_at = self.close_space(number)
        self.database.kill(all_of_it=True)
        self.database.restart()
        return closed_at

    def open_space(self, number: int, words: str) -> None:
        """A space that all staff see, with a document in it."""
        with unit_of_work(self.parts.database, self.parts.clock) as uow:
            council = place_at(uow.session, "council-0")
            assert council is not None
            space = add_space(uow, council, NewPlace("space", f"marsh-{number}", f"Marsh {number}", audience="open"))
            told = NewDocument(
                f"Harrier{number} {words}",
                "OFFICIAL",
                "published",
                "person:council-0/p0",
                body=f"harrier{number} {words}",
            )
            add_document(uow, space, told)
        self.secrets += 1

    def close_space(self, number: int) -> float:
        """From the next request on it is for its members alone, of whom there are none; returns when that was."""
        with unit_of_work(self.parts.database, self.parts.clock) as uow:
            space = place_at(uow.session, f"council-0/marsh-{number}")
            assert space is not None
            set_audience(uow, space, "confidential")
            uow.record("space:audience", space.id, space.organisation_id, "confidential")
        return time.time()

    def outsiders(self, number: int) -> Iterator[Page]:
        """What people of other councils ask for, some of whom may have seen it a second ago."""
        for who in (1, 2, 3, 5):
            yield Page("search", who, f"/search?q=harrier{number}", f"<title>harrier{number} – ")
            yield Page("place", who, "/places/council-0", "<title>Council 0")

    def end(self) -> None:
        """Every acknowledged text and file is there, and the index is what the database is."""
        self.until_indexed()
        with self.parts.database.reading() as session:
            bodies = set(session.scalars(select(Revision.body)))
            there = set(session.scalars(select(Document.id)))
        assert [kept for kept in self.kept if kept["fields"].get("body", next(iter(bodies))) not in bodies] == []
        made = {kept["address"].split("/")[2] for kept in self.kept if kept["address"].startswith("/documents/")}
        assert made <= there
        assert unlike(World(self.parts)) == []

    def until_seen(self, page: dict[str, Any], words: str) -> None:
        """Whoever may see it finds it: else it would prove nothing that they do not afterwards."""
        deadline = time.monotonic() + WAIT
        while words not in asked(self.served.port, page):
            assert time.monotonic() < deadline, f"nobody finds {words}"
            time.sleep(0.2)

    def until_indexed(self) -> None:
        """The worker has told the engine of everything."""
        deadline = time.monotonic() + WAIT
        while True:
            with self.parts.database.reading() as session:
                waits = session.scalar(select(func.count()).select_from(OutboxMessage))
            if not waits:
                return
            assert time.monotonic() < deadline, f"{waits} messages wait"
            time.sleep(0.2)


def asked(port: int, page: dict[str, Any]) -> str:
    """What one person gets."""
    connection = http.client.HTTPConnection(HERE, port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", page["address"], headers={"Cookie": page["cookie"]})
        return connection.getresponse().read().decode()


@contextlib.contextmanager
def own_elasticsearch() -> Iterator[Any]:
    """A server that can be stopped and started again."""
    spec = importlib.util.spec_from_file_location("elasticsearch_server", SERVER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        standing = module.standing()
        server = standing.__enter__()
    except module.Missing as reason:
        missing("Elasticsearch", str(reason))
    try:
        yield server
    finally:
        standing.__exit__(None, None, None)


@contextlib.contextmanager
def soaking(folder: Path) -> Iterator[Soak]:
    """A hub as `hub serve` runs it, two web processes and a worker, over servers of its own."""
    with own_postgresql() as database, own_elasticsearch() as engine:
        settings = settings_for(
            data=folder / "data",
            database_url=database.address,
            elasticsearch_url=engine.url,
            elasticsearch_index="soak",
        )
        parts = founded(settings, SIZE)
        parts.engine.close()
        parts.database.close()
        town, parts = closed(settings, SIZE, {}), build_parts(settings)
        log = (folder / "log").open("wb")
        with log, program(["-m", "hub.cli", "serve"], environment_of(town, 2), log.fileno()) as hub:
            wait_for(settings.port, "/healthz")
            yield Soak(town, parts, Served(settings.port, {"hub": hub}), database, engine)
        parts.engine.close()
        parts.database.close()


@pytest.mark.nightly
@pytest.mark.postgresql
@pytest.mark.elasticsearch
@pytest.mark.timeout(3600 * 3)
def test_nothing_is_lost_and_nothing_leaks_while_parts_fail(tmp_path: Path, record_property: object) -> None:
    """D-FA 101, 102; D-BK 96: worker, engine and database in turn, under people who read and write."""
    with soaking(tmp_path) as soak:
        until = time.monotonic() + MINUTES * 60
        for done, number in enumerate(itertools.count(random.randrange(3))):
            if done >= ROUNDS and time.monotonic() > until:
                break
            soak.round(number)
        soak.end()
    assert soak.kept, "somebody must have been told that their text was saved"
    print(
        f"\n{done} faults, {soak.answered:,} answers, {soak.turned_away:,} turned away meanwhile, "
        f"{len(soak.kept):,} acknowledged texts and files, 0 lost; {soak.secrets} closed spaces, 0 leaks"
    )
