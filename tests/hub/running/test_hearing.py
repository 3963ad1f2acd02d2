"""An idle hub is idle, and nobody waits longer for it: jobs run when something is written, and in the end anyway."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from hub.access.parts import Parts
from hub.feature import Job
from hub.ground import telling
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import unit_of_work
from hub.mail.models import SentLetter
from hub.running import hearing
from hub.running.turn import only_worker
from hub.running.worker import run_until
from search.embedded import EmbeddedEngine
from tests.databases import address_of
from tests.hub.world import World, make_parts
from tests.remembered import open_database

HOUR = 3600.0


@dataclass
class Looker:
    """A job that looks whether there is a message, and notes when it looked and when it found one."""

    looked: list[float] = field(default_factory=list)
    found: threading.Event = field(default_factory=threading.Event)
    first: threading.Event = field(default_factory=threading.Event)

    def run(self, parts: Parts) -> int:
        with parts.database.reading() as session:
            count = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
        self.looked.append(time.monotonic())
        self.first.set()
        if count:
            self.found.set()
        return 0


@contextmanager
def working(parts: Parts, folder: Path, *jobs: Job) -> Iterator[None]:
    """A worker that does these jobs, in this process."""
    stop = threading.Event()
    with only_worker(folder, parts.database) as held:
        thread = threading.Thread(target=run_until, args=(stop, parts, jobs, held))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(20)
            assert not thread.is_alive()


@contextmanager
def elsewhere(database: Database) -> Iterator[Database]:
    """The same database, as another process has it open."""
    other = open_database(address_of(database))
    try:
        yield other
    finally:
        other.close()


def quiet(looker: Looker) -> int:
    """How often it had looked once nothing had been written for a while."""
    assert looker.first.wait(10)
    time.sleep(0.6)
    return len(looker.looked)


def parts_of(database: Database, folder: Path) -> Parts:
    return make_parts(database, EmbeddedEngine(folder / "index"), folder, clock=SystemClock())


def test_what_another_process_writes_is_found_at_once_by_a_job_that_rests_for_an_hour(
    database: Database, tmp_path: Path
) -> None:
    looker, parts = Looker(), parts_of(database, tmp_path)
    job = Job("look", looker.run, every=HOUR, looks_for=(OutboxMessage,))
    with elsewhere(database) as other, working(parts, tmp_path, job):
        before = quiet(looker)
        assert before <= 2  # as the worker begins, and once more for what was written until it listened
        time.sleep(0.5)
        assert len(looker.looked) == before
        with unit_of_work(other, parts.clock) as uow:
            uow.enqueue("doc:one")
        began = time.monotonic()
        assert looker.found.wait(5)
        assert looker.looked[-1] - began < 1


def test_a_statement_that_changes_many_rows_is_told_like_a_row(database: Database, tmp_path: Path) -> None:
    parts, looker = parts_of(database, tmp_path), Looker()
    with unit_of_work(database, parts.clock) as uow:
        uow.enqueue("doc:one")
    with elsewhere(database) as other, working(parts, tmp_path, Job("look", looker.run, HOUR, (OutboxMessage,))):
        before = quiet(looker)
        with unit_of_work(other, parts.clock) as uow:
            uow.session.execute(update(OutboxMessage).values(parked=False))
        until(lambda: len(looker.looked) > before)


@pytest.mark.postgresql
def test_on_postgresql_only_those_are_called_whose_work_it_is_and_not_for_what_was_undone(
    database: Database, tmp_path: Path
) -> None:
    if database.is_sqlite:
        return
    parts, messages, letters = parts_of(database, tmp_path), Looker(), Looker()
    jobs = Job("look", messages.run, HOUR, (OutboxMessage,)), Job("letters", letters.run, HOUR, (SentLetter,))
    with elsewhere(database) as other, working(parts, tmp_path, *jobs):
        before, letters_before = quiet(messages), quiet(letters)
        with pytest.raises(ZeroDivisionError), unit_of_work(other, parts.clock) as uow:
            uow.enqueue(f"doc:{1 // 0 if uow.enqueue('doc:one') else 0}")
        time.sleep(0.3)
        assert len(messages.looked) == before
        with unit_of_work(other, parts.clock) as uow:
            uow.enqueue("doc:one")
        assert messages.found.wait(5)
        assert len(letters.looked) == letters_before


def test_what_nobody_told_of_is_found_when_the_job_looks_by_itself(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker, parts = Looker(), parts_of(database, tmp_path)
    monkeypatch.setattr(hearing, "LOOK_EVERY", HOUR)
    with elsewhere(database) as other, working(parts, tmp_path, Job("look", looker.run, 1.5, (OutboxMessage,))):
        assert looker.first.wait(10)
        monkeypatch.setattr(telling, "_TOLD", set[str]())
        with unit_of_work(other, parts.clock) as uow:
            uow.enqueue("doc:one")
        assert looker.found.wait(10)
        assert looker.looked[-1] - looker.looked[-2] > 1.4  # nobody called it


def test_a_job_that_knows_when_there_is_work_again_rests_until_then(sqlite_database: Database, tmp_path: Path) -> None:
    parts, looker = parts_of(sqlite_database, tmp_path), Looker()
    at = SystemClock().now() + timedelta(seconds=1)

    def due(_parts: Parts) -> datetime | None:
        return at if SystemClock().now() < at else None

    with working(parts, tmp_path, Job("look", looker.run, HOUR, (SentLetter,), due)):
        assert looker.first.wait(10)
        before = len(looker.looked)
        until(lambda: len(looker.looked) > before)
        time.sleep(0.5)
        assert len(looker.looked) <= before + 1


@pytest.mark.postgresql
def test_the_loss_of_the_lock_is_heard_at_once(database: Database, tmp_path: Path) -> None:
    if database.is_sqlite:
        return
    stop, found = threading.Event(), list[bool]()
    with only_worker(tmp_path, database) as held:
        thread = threading.Thread(target=lambda: found.append(hearing.hear(stop, database, held, lambda _: None)))
        thread.start()
        time.sleep(0.3)
        with database.writing() as session:
            session.connection().exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        thread.join(1.5)
        assert found == [False]
    stop.set()


@pytest.mark.long
def test_a_saved_document_is_found_within_a_second(database: Database, tmp_path: Path) -> None:
    """By the worker as operators start it, which had nothing to do before."""
    address = address_of(database)
    world = World(parts_of(database, tmp_path))
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read it")
    world.add_person("leeds/ann")
    world.add_space("leeds/housing")
    world.parts.engine.close()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environment = kept | {"HUB_DATA": str(tmp_path), "HUB_DATABASE_URL": address}
    command = [sys.executable, "-m", "hub.cli", "worker", "--supervised"]
    silent = subprocess.DEVNULL
    reader = World(replace(world.parts, engine=EmbeddedEngine(tmp_path / "index")))
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=silent, stderr=silent) as worker:
        try:
            until(lambda: not waits(database), 60)
            taken = []
            for number in range(5):
                time.sleep(0.7)
                world.add_document("leeds/housing", f"Boiler {number}", "A boiler.")
                began = time.monotonic()
                until(lambda: reader.ask("leeds/ann", "boiler").total == number + 1, 20)  # noqa: B023
                taken.append(time.monotonic() - began)
            assert sorted(taken)[2] < 1, taken
        finally:
            assert worker.stdin
            worker.stdin.close()
            worker.wait(30)
            reader.parts.engine.close()


def waits(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
