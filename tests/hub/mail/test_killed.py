"""A worker that is killed at the worst moment: the server has taken the letter, and nobody has noted it yet."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import ROOT
from tests.databases import address_of
from tests.hub.mail.conftest import MailWorld
from tests.peers.mail_server import MailServer

pytestmark = pytest.mark.long

WORK = """
from config.settings import Settings
from hub.app import build_parts
from hub.mail.wiring import feature
from hub.running.worker import work
settings = Settings()
work(build_parts(settings), (feature,), settings.data)
"""
WAIT = 30.0


def worker(town: MailWorld, server: MailServer, folder: Path) -> "subprocess.Popen[bytes]":
    """A worker process that looks after the town's letters."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    own = {
        "HUB_DATA": str(folder),
        "HUB_DATABASE_URL": address_of(town.parts.database),
        "HUB_SMTP_URL": f"smtp://localhost:{server.port}",
        "HUB_MAIL_FROM": "hub@example.gov.uk",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", WORK], env=kept | own, stderr=subprocess.DEVNULL, cwd=ROOT)


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_letter_taken_by_the_server_as_the_worker_was_killed_comes_again_under_the_same_id(
    town: MailWorld, server: MailServer, tmp_path: Path
) -> None:
    """D-FA 108. The side that the hub fails on: twice, and to be told by the Message-ID; never not at all."""
    town.parts.engine.close()  # the worker opens it itself
    found = town.post("leeds/ann", "Croeso")
    first: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        os.kill(first[0].pid, signal.SIGKILL)
        first[0].wait(WAIT)

    server.after_taking = kill
    first.append(worker(town, server, tmp_path))
    server.start()
    until(lambda: bool(server.taken) and first[0].poll() is not None)
    assert first[0].returncode == -signal.SIGKILL
    assert town.letter(found).state == "waiting"
    second = worker(town, server, tmp_path)
    try:
        until(lambda: town.letter(found).state == "sent")
    finally:
        second.terminate()
        second.wait(WAIT)
    assert server.subjects == ["Croeso", "Croeso"]
    assert server.taken[0]["Message-ID"] == server.taken[1]["Message-ID"] == f"<{found}@localhost>"
