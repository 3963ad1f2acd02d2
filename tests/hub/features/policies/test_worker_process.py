"""The worker itself, as a process: an admin saves a file, and policy changes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hub.features.policies.test_mirror import Desk
from tests.hub.world import World

pytestmark = pytest.mark.long

DENY = "deny,org:leeds,read,leeds/housing,any,any,-,Closed for the audit\n"


def start(data: Path) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    command = [sys.executable, "-m", "hub.cli", "worker", "--supervised"]
    environment = {**kept, "HUB_DATA": str(data)}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


@pytest.fixture
def worker(world: World) -> Iterator["subprocess.Popen[str]"]:
    with start(world.parts.policy_dir.parent) as running:
        yield running
        if running.poll() is None:
            running.communicate(timeout=30)


def test_an_edit_binds_a_viewer_in_another_process(world: World, worker: "subprocess.Popen[str]") -> None:
    rent = world.add_document("leeds/housing", "Rent review")
    file = world.parts.policy_dir / "organisations" / "leeds.csv"
    wait_for(file.exists, "the working copy")
    assert reads(world, rent)
    new = file.with_name("leeds.csv.new")
    new.write_text(file.read_text("utf-8") + DENY, "utf-8")
    new.replace(file)
    wait_for(lambda: not reads(world, rent), "the deny")

    _, logged = worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert '"event": "policy adopted"' in logged
    assert "worker stopped" in logged


def test_a_faulty_file_is_a_loud_line_in_the_log(world: World, worker: "subprocess.Popen[str]") -> None:
    file = world.parts.policy_dir / "organisations" / "leeds.csv"
    wait_for(file.exists, "the working copy")
    with file.open("a", encoding="utf-8") as opened:
        opened.write("nonsense\n")
    wait_for(lambda: bool(Desk(world).alarms), "the alarm")
    _, logged = worker.communicate(timeout=30)
    (line,) = [line for line in logged.splitlines() if "POLICY FILE REFUSED" in line]
    assert '"level": "error"' in line
    assert "leeds.csv:5:" in line


def reads(world: World, document: str) -> bool:
    from hub.nouns.documents.models import Document

    with world.viewer("leeds/ann") as viewer:
        return viewer.sees(viewer.session.get_one(Document, document.removeprefix("doc:")))
