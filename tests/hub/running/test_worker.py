"""The worker: jobs side by side, failures tried again, one worker for a hub, a clean stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
import structlog.testing

from hub.access.parts import Parts
from hub.feature import Job
from hub.ground.db import Database
from hub.ground.errors import Conflict, Unavailable
from hub.running.turn import only_worker
from hub.running.worker import drain, run_until
from search.engine import Engine
from tests.databases import address_of
from tests.hub.world import make_parts

PARTS = cast("Parts", None)  # these jobs want none


@dataclass
class Errands:
    """A job whose every run does what the next entry says: a number done, or an error."""

    plan: list[Any]
    done: list[Any] = field(default_factory=list)
    empty: threading.Event = field(default_factory=threading.Event)

    def run(self, _parts: Parts) -> int:
        if not self.plan:
            self.empty.set()
            return 0
        step = self.plan.pop(0)
        self.done.append(step)
        if isinstance(step, Exception):
            raise step
        return int(step)


def while_running(jobs: list[Job], condition: Callable[[], object]) -> None:
    """Run the jobs until the condition was waited for, then stop them."""
    stop = threading.Event()
    runner = threading.Thread(target=run_until, args=(stop, PARTS, jobs))
    runner.start()
    try:
        assert condition()
    finally:
        stop.set()
        runner.join(10)
    assert not runner.is_alive()


def test_a_job_runs_again_at_once_while_there_is_work() -> None:
    errands = Errands([3, 2, 1])
    while_running([Job("errands", errands.run, every=60)], lambda: errands.empty.wait(5))
    assert errands.done == [3, 2, 1]


def test_a_job_that_fails_is_tried_again_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hub.running.worker.FIRST_PAUSE", 0.05)
    failing = Errands([ValueError("first"), ValueError("second"), 1])
    steady = Errands([1, 1])
    jobs = [Job("failing", failing.run), Job("steady", steady.run)]
    with structlog.testing.capture_logs() as logs:
        while_running(jobs, lambda: failing.empty.wait(5) and steady.empty.wait(5))
    assert [str(step) for step in failing.done] == ["first", "second", "1"]
    assert [(entry["event"], entry["job"]) for entry in logs] == [("a job failed", "failing")] * 2


def test_the_pauses_after_failures_grow_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.running.worker.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("hub.running.worker.LONGEST_PAUSE", 0.05)
    errands = Errands([ValueError("down")] * 5)
    with structlog.testing.capture_logs() as logs:
        while_running([Job("failing", errands.run)], lambda: errands.empty.wait(5))
    assert [entry["again_in"] for entry in logs if entry["event"] == "a job failed"] == [0.01, 0.02, 0.04, 0.05, 0.05]


def test_a_slow_job_does_not_hold_up_a_quick_one() -> None:
    release, quick = threading.Event(), Errands([1])

    def slow(_parts: Parts) -> int:
        release.wait(10)
        return 0

    try:
        while_running([Job("slow", slow), Job("quick", quick.run)], lambda: quick.empty.wait(5) and not release.set())
    finally:
        release.set()


def test_draining_goes_on_until_nobody_finds_work() -> None:
    first, second = Errands([1, 0, 2]), Errands([0, 5])
    assert drain(PARTS, [Job("first", first.run), Job("second", second.run)]) == 8


def test_draining_passes_on_an_error() -> None:
    with pytest.raises(ValueError, match="torn"):
        drain(PARTS, [Job("torn", Errands([ValueError("torn")]).run)])


def test_draining_work_without_end_is_refused() -> None:
    with pytest.raises(Unavailable):
        drain(PARTS, [Job("endless", lambda _: 1)], most=20)


HOLD = """
import sys, threading
from pathlib import Path
from hub.ground.db import Database
from hub.running.turn import only_worker
with only_worker(Path(sys.argv[1]), Database(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path, database: Database) -> subprocess.Popen[str]:
    address = address_of(database)
    command = [sys.executable, "-c", HOLD, str(folder), address]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_worker_of_the_same_folder_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    with holder(tmp_path, sqlite_database) as other:
        with pytest.raises(Conflict, match="A hub is running on"), only_worker(tmp_path, sqlite_database):
            pass
        other.communicate("")
    with only_worker(tmp_path, sqlite_database) as held:
        assert held.still()


def test_the_lock_of_a_killed_worker_is_free(sqlite_database: Database, tmp_path: Path) -> None:
    with holder(tmp_path, sqlite_database) as other:
        os.kill(other.pid, signal.SIGKILL)
    with only_worker(tmp_path, sqlite_database):
        pass


@pytest.mark.postgresql
def test_on_postgresql_a_second_machine_is_refused_until_the_first_is_gone(database: Database, tmp_path: Path) -> None:
    if database.is_sqlite:
        return
    with holder(tmp_path / "one", database) as other:
        with pytest.raises(Conflict, match="Another machine"), only_worker(tmp_path / "two", database):
            pass
        other.kill()
    deadline = time.monotonic() + 10
    while True:
        try:
            with only_worker(tmp_path / "two", database) as held:
                assert held.still()
        except Conflict:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # the server takes a moment to notice
        else:
            return


@pytest.mark.postgresql
def test_a_worker_whose_lock_is_lost_stops(database: Database, tmp_path: Path) -> None:
    """PostgreSQL was restarted: another machine may be the worker by now."""
    if database.is_sqlite:
        return
    with only_worker(tmp_path, database) as held:
        with database.writing() as session:
            session.connection().exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        with pytest.raises(Unavailable, match="lost its connection"):
            run_until(threading.Event(), make_parts(database, cast("Engine", None), tmp_path), [], held)
