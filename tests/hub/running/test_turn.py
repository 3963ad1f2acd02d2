"""Two machines, one database: one worker works, the other stands by; who lost the lock writes nothing more."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.errors import Unavailable
from hub.ground.outbox import OutboxMessage
from hub.ground.schema import SchemaError
from hub.ground.unit_of_work import unit_of_work
from hub.running.turn import begin, last_turn, turn_of
from tests import ROOT
from tests.databases import address_of
from tests.hub.mail.conftest import MailWorld, server, town
from tests.hub.running.test_hearing import elsewhere, until
from tests.peers.mail_server import MailServer

__all__ = ["server", "town"]  # fixtures
SECONDS = 10
"""Within which a worker that stands by takes over."""
LETTERS = 40


class Worker:
    """`hub worker` on a machine of its own: with a data folder of its own."""

    def __init__(self, address: str, data: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        own = {"HUB_DATA": str(data), "HUB_DATABASE_URL": address, "PYTHONPATH": str(ROOT)} | settings
        self.log = data / f"worker-{time.monotonic_ns()}.log"
        with self.log.open("w") as out:
            command = [sys.executable, "-m", "hub.cli", "worker"]
            self.process = subprocess.Popen(command, env=kept | own, stdout=out, stderr=out, cwd=ROOT)

    def said(self, event: str) -> dict[str, str]:
        """The first line of its log about something; empty before there is one."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return next((line for line in lines if line["event"] == event), {})

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def workers(address: str, *folders: Path, **settings: str) -> Iterator[list[Worker]]:
    """One after another: the first is at work before the next begins."""
    found: list[Worker] = []
    try:
        for folder, event in zip(folders, ("worker started", *["WORKER STANDS BY"] * len(folders)), strict=False):
            found.append(Worker(address, folder, **settings))
            until(lambda: bool(found[-1].said(event)), 60)  # noqa: B023
        yield found
    finally:
        for worker in found:
            if worker.process.poll() is None:
                worker.end()


@pytest.mark.long
def test_the_worker_that_stands_by_takes_over_and_no_letter_is_lost_or_sent_twice(
    town: MailWorld, server: MailServer, tmp_path: Path
) -> None:
    """On SQLite two on one machine, with one folder; on PostgreSQL two machines. The first is killed as it sends."""
    database = town.parts.database
    town.parts.engine.close()
    second = tmp_path
    if not database.is_sqlite:
        second = tmp_path / "another machine"
        second.mkdir()
        (second / "keys.json").write_bytes((tmp_path / "keys.json").read_bytes())
    settings = {"HUB_SMTP_URL": f"smtp://localhost:{server.port}", "HUB_MAIL_FROM": "hub@example.gov.uk"}
    with workers(address_of(database), tmp_path, second, **settings) as (one, two):
        assert "this one takes over within seconds" in two.said("WORKER STANDS BY")["because"]
        killed: list[float] = []

        def kill() -> None:
            if len(server.taken) < LETTERS // 3:
                server.after_taking = kill  # not yet
                return
            one.process.kill()
            killed.append(time.monotonic())

        server.after_taking = kill
        server.start()
        ids = [town.post("leeds/ann", f"Letter {number}") for number in range(LETTERS)]
        until(lambda: bool(killed), 60)
        until(lambda: bool(two.said("worker started")), 30)
        took = time.monotonic() - killed[0]
        until(lambda: set(town.states()) == {"sent"}, 60)
        with database.reading() as session:
            assert last_turn(session).number == 2
    assert took < SECONDS
    came = Counter(str(message["Message-ID"]) for message in server.taken)
    assert set(came) == {f"<{each}@localhost>" for each in ids}
    assert [count for count in came.values() if count > 1] in ([], [2])  # the one that the server had just taken


@pytest.mark.long
def test_a_worker_that_stands_by_ends_when_it_is_told_to(sqlite_database: Database, tmp_path: Path) -> None:
    with workers(address_of(sqlite_database), tmp_path, tmp_path) as (_, two):
        began = time.monotonic()
        assert two.end() == 0
        assert time.monotonic() - began < SECONDS


@pytest.mark.postgresql
def test_a_worker_whose_turn_is_over_writes_nothing_more(database: Database) -> None:
    """Its connection to the lock broke, and it does not know yet; its other connections are as good as ever."""
    if database.is_sqlite:
        return
    with elsewhere(database) as other:
        begin(database, SystemClock())
        with unit_of_work(database, SystemClock()) as uow:
            uow.enqueue("doc:mine")
        begin(other, SystemClock())
        with pytest.raises(Unavailable, match="Another worker has taken over"):
            write(database, "doc:late")
        write(other, "doc:theirs")
        with other.reading() as session:
            assert set(session.scalars(select(OutboxMessage.about))) == {"doc:mine", "doc:theirs"}


@pytest.mark.postgresql
def test_the_next_turn_begins_once_what_the_last_worker_has_under_way_is_written(database: Database) -> None:
    if database.is_sqlite:
        return
    seen: list[int] = []
    with elsewhere(database) as other:
        begin(database, SystemClock())

        def take_over() -> None:
            begin(other, SystemClock())
            with other.reading() as session:
                seen.append(session.scalar(select(func.count()).select_from(OutboxMessage)) or 0)

        with unit_of_work(database, SystemClock()) as uow:
            next_one = threading.Thread(target=take_over)
            next_one.start()
            time.sleep(0.5)
            assert not seen
            uow.enqueue("doc:mine")
        next_one.join(10)
        assert seen == [1]


def test_a_worker_does_not_take_over_a_database_that_was_migrated_meanwhile(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with sqlite_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        session.commit()
    turn = turn_of(threading.Event(), tmp_path, sqlite_database, SystemClock())
    with pytest.raises(SchemaError, match="newer version"), turn:
        pass


def test_a_worker_that_stands_by_waits_for_a_database_that_is_away(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would have ended just when it is needed."""
    monkeypatch.setattr("hub.running.turn.STAND_BY", 0.05)
    away = Database("postgresql://hub@127.0.0.1:9/hub")
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    with turn_of(stop, tmp_path, away, SystemClock()) as held:
        assert held is None


def write(database: Database, about: str) -> None:
    with unit_of_work(database, SystemClock()) as uow:
        uow.enqueue(about)
