"""The worker: one process that runs every feature's jobs, each on a thread of its own, until it is told to stop.

A slow job (reading a large file) must not hold up a quick one (keeping the index up to date), hence the threads. A job
rests until something is written in which it finds work, until it is due, or until its time is over: an idle hub is
idle. One that fails is logged and tried again, ever more seldom.
"""

import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import structlog

from hub.access.parts import Parts
from hub.feature import Feature, Job
from hub.ground.errors import Unavailable
from hub.ground.locks import wait_for_end_of_input
from hub.running.hearing import hear
from hub.running.turn import Held, turn_of

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a job that failed is tried again; doubled with each failure in a row."""
PATIENCE = 4.0
"""Seconds that a job has to come to its end when the worker stops."""
SOONEST = 0.5
"""Seconds that a job rests at least before it is due again."""


def work(parts: Parts, features: Iterable[Feature], data: Path, *, supervised: bool = False) -> None:
    """Run every job until SIGTERM or SIGINT; while another worker is at work, stand by.

    `supervised`: also stop when standard input ends, which is how the death of the supervisor shows.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if supervised:
        threading.Thread(target=_stop_with_input, args=(stop,), daemon=True).start()
    found = tuple(features)
    with turn_of(stop, data, parts.database, parts.clock) as held:
        if held is not None:
            for start in (start for feature in found for start in feature.on_start):
                start(parts)
            log.info("worker started", jobs=[job.name for job in jobs_of(found)])
            run_until(stop, parts, jobs_of(found), held)
    log.info("worker stopped")


def jobs_of(features: Iterable[Feature]) -> tuple[Job, ...]:
    """Every feature's jobs, in order."""
    return tuple(job for feature in features for job in feature.jobs)


def run_until(stop: threading.Event, parts: Parts, jobs: Sequence[Job], held: Held | None = None) -> None:
    """Run the jobs, each on its thread, until `stop`; raises Unavailable when the lock was lost meanwhile.

    Without a lock nothing is heard: each job rests its time out.
    """
    calls = [(job, threading.Event()) for job in jobs for _ in range(job.side_by_side())]
    lost: list[Held] = []

    def tell(tables: frozenset[str] | None) -> None:
        for job, called in calls:
            if job.looks_for and (tables is None or not tables.isdisjoint(job.tables)):
                called.set()

    def listen(held: Held) -> None:
        if not hear(stop, parts.database, held, tell):
            lost.append(held)
            stop.set()

    threads = [_started(job.name, run_job, stop, parts, job, called) for job, called in calls]
    if held is not None:
        threads.append(_started("hearing", listen, held))
    stop.wait()
    for _, called in calls:
        called.set()
    _wait_for(threads)
    if lost:
        raise Unavailable("The worker lost its connection to the database, and with it its lock. It starts again.")


def _wait_for(threads: Iterable[threading.Thread]) -> None:
    for thread in threads:
        thread.join(PATIENCE)
        if thread.is_alive():
            log.warning("a job did not come to its end in time", job=thread.name)


def _started(name: str, act: Callable[..., None], *given: object) -> threading.Thread:
    thread = threading.Thread(target=act, args=given, name=name, daemon=True)
    thread.start()
    return thread


def run_job(stop: threading.Event, parts: Parts, job: Job, called: threading.Event) -> None:
    """Run one job again and again. Without work it rests; after a failure longer and longer, whatever is written."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        called.clear()  # what is written from here on is for the next round
        try:
            rest = 0.0 if job.run(parts) else rest_of(parts, job)
        except Exception:  # whatever it was, the next try may succeed
            log.exception("a job failed", job=job.name, again_in=pause)
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        pause = FIRST_PAUSE
        if not stop.is_set():  # asked last: whoever stops this calls afterwards
            called.wait(rest)


def rest_of(parts: Parts, job: Job) -> float:
    """Seconds for which a job that found nothing may rest, should nothing be written."""
    at = job.due(parts) if job.due else None
    if at is None:
        return job.every
    return min(job.every, max(SOONEST, (at - parts.clock.now()).total_seconds()))


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


def _stop_with_input(stop: threading.Event) -> None:
    wait_for_end_of_input()
    stop.set()
