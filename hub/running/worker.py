"""The worker: one process that runs every feature's jobs, each on a thread of its own, until it is told to stop.

A slow job (reading a large file) must not hold up a quick one (keeping the index up to date), hence the threads. A job
that fails is logged and tried again, ever more seldom. There is one worker for a database: a second one is refused.
"""

import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hub.access.parts import Parts
from hub.feature import Feature, Job
from hub.ground.db import Database
from hub.ground.errors import Conflict, Unavailable
from hub.ground.locks import WORKER_LOCK, locked_file, wait_for_end_of_input

log = structlog.get_logger(__name__)

ADVISORY_LOCK = 7_410_012
"""PostgreSQL's lock that the worker holds as long as it lives."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a job that failed is tried again; doubled with each failure in a row."""
PATIENCE = 4.0
"""Seconds that a job has to come to its end when the worker stops."""
STILL_HELD = 2.0
"""Seconds between two looks at whether the lock is still held."""


def work(parts: Parts, features: Iterable[Feature], data: Path, *, supervised: bool = False) -> None:
    """Run every job until SIGTERM or SIGINT. Raises Conflict when another worker is at work already.

    `supervised`: also stop when standard input ends, which is how the death of the supervisor shows.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if supervised:
        threading.Thread(target=_stop_with_input, args=(stop,), daemon=True).start()
    found = tuple(features)
    with only_worker(data, parts.database) as held:
        for start in (start for feature in found for start in feature.on_start):
            start(parts)
        log.info("worker started", jobs=[job.name for job in jobs_of(found)])
        run_until(stop, parts, jobs_of(found), held)
    log.info("worker stopped")


def jobs_of(features: Iterable[Feature]) -> tuple[Job, ...]:
    """Every feature's jobs, in order."""
    return tuple(job for feature in features for job in feature.jobs)


def run_until(stop: threading.Event, parts: Parts, jobs: Sequence[Job], held: "Held | None" = None) -> None:
    """Run the jobs, each on its thread, until `stop`; raises Unavailable when the lock was lost meanwhile."""
    threads = [threading.Thread(target=run_job, args=(stop, parts, job), name=job.name, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    lost = False
    while not stop.wait(STILL_HELD):
        if held is not None and not held.still():
            lost = True
            stop.set()
    for thread in threads:
        thread.join(PATIENCE)
        if thread.is_alive():
            log.warning("a job did not come to its end in time", job=thread.name)
    if lost:
        raise Unavailable("The worker lost its connection to the database, and with it its lock. It starts again.")


def run_job(stop: threading.Event, parts: Parts, job: Job) -> None:
    """Run one job again and again. Without work it rests for `job.every` seconds; after a failure longer and longer."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            done = job.run(parts)
        except Exception:  # whatever it was, the next try may succeed
            log.exception("a job failed", job=job.name, again_in=pause)
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        pause = FIRST_PAUSE
        if not done:
            stop.wait(job.every)


def drain(parts: Parts, jobs: Iterable[Job], *, most: int = 10_000) -> int:
    """Run jobs in rounds until a whole round finds nothing to do; returns how much was done.

    For commands and tests, which want to see the work done. A job's error is the caller's.
    """
    found, total = tuple(jobs), 0
    for _ in range(most):
        done = sum(job.run(parts) for job in found)
        if not done:
            return total
        total += done
    raise Unavailable(f"The work did not come to an end in {most} rounds.")


class Held:
    """The lock of the one worker: a file's on this machine, and PostgreSQL's where several machines share one."""

    def __init__(self, connection: Connection | None) -> None:
        self._connection = connection

    def still(self) -> bool:
        """Whether the lock is still held: PostgreSQL's ends with its connection."""
        if self._connection is None:
            return True
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True


@contextmanager
def only_worker(data: Path, database: Database) -> Iterator[Held]:
    """Hold the worker's lock; raises Conflict when another worker has it."""
    with locked_file(data / WORKER_LOCK):
        if database.is_sqlite:
            yield Held(None)
            return
        with database.engine.connect() as pooled:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(text(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})")).scalar():
                raise Conflict(
                    "Another machine runs the worker of this database already. Start this hub with "
                    "“hub serve --web-only”, or stop the other one first."
                )
            try:
                yield Held(connection)
            finally:
                connection.invalidate()  # the server lets the lock go with the connection


def _stop_with_input(stop: threading.Event) -> None:
    wait_for_end_of_input()
    stop.set()
