"""What was acknowledged is on the disk: after a killed process (drilled), after a power cut (pinned) (D-BK 98, 99).

A killed process proves nothing of power cuts: what it wrote lies in the system's memory. There the one thing to hold is
SQLite's own promise, which is made for `synchronous=FULL` alone; so that is pinned here, and PostgreSQL is asked by
`hub doctor` for its own.
"""

import os
import random
import signal
import subprocess
import threading
import time

import pytest

from hub.db import Database
from tests.hub.upkeep.town import Town, lost, read_ledger

ROUNDS = int(os.environ.get("HUB_TEST_ROUNDS", "3"))
"""How often the drill is done; `make nightly` does it 50 times."""


def test_sqlite_waits_for_the_disk_with_every_commit(sqlite_database: Database) -> None:
    for opened in (sqlite_database.reading, sqlite_database.writing):
        with opened() as session:
            found = session.connection().exec_driver_sql("PRAGMA synchronous").scalar()
            assert found == 2, "synchronous must be FULL: with NORMAL a power cut loses acknowledged commits"
            assert session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_kill_9_at_any_moment_loses_no_acknowledged_write(town: Town) -> None:
    """Two writers and the worker are killed together, at a moment drawn for each round; the ledger is kept here."""
    draw = random.Random(ROUNDS)
    acknowledged = 0
    for number in range(ROUNDS):
        lines = _round(town, draw.uniform(0.05, 1.2))
        ledger = read_ledger(lines)
        acknowledged += len(ledger)
        assert lost(town, ledger) == [], f"round {number}"
    assert acknowledged > 5 * ROUNDS
    looked = town.hub("doctor", "--json").value["lines"]
    assert {line["level"] for line in looked if line["part"] in {"files", "schema"}} == {"ok"}
    with town.world() as world:
        world.index_all()
    assert town.hub("doctor", "--json").value["ok"]


def _round(town: Town, seconds: float) -> list[str]:
    worker = town.start("-m", "hub.cli", "worker", "--supervised")
    writers = [town.start("-m", "tests.hub.upkeep.writer", "0") for _ in range(2)]
    lines: list[str] = []
    readers = [threading.Thread(target=_read, args=(writer, lines)) for writer in writers]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for reader in readers:
        reader.start()
    time.sleep(seconds)  # the moment at which it happens
    for process in (*writers, worker):
        os.kill(process.pid, signal.SIGKILL)
    for reader in readers:
        reader.join()
    for process in (*writers, worker):
        process.communicate()
    return lines


def _read(writer: "subprocess.Popen[str]", lines: list[str]) -> None:
    assert writer.stdout is not None
    lines.extend(writer.stdout)
