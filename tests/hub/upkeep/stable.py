"""Processes that start at once: a stable that has loaded the hub, and lets horses out by forking.

A drill kills dozens of processes, each of which would need seconds of processor time only to load. The stable itself
is a process of one thread that has opened nothing, so that what it forks is as good as new.

`python -m tests.hub.upkeep.stable` reads orders from standard input, a line of JSON each, and answers with a process
id. When its input ends it kills what still runs, and ends.
"""

import contextlib
import faulthandler
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tests import ROOT

LOADED = ("hub.cli", "hub.app", "hub.wiring", "tests.hub.upkeep.acting", "tests.hub.world")
WAIT = 30.0


@dataclass(frozen=True)
class Horse:
    """A process of the stable's; `out` and `err` are what it has written."""

    pid: int
    out: Path
    err: Path

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End it as a power switch would end a machine's programs; returns when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        """Until it is gone."""
        deadline = time.monotonic() + WAIT
        while self.alive:
            assert time.monotonic() < deadline, f"process {self.pid} does not end"
            time.sleep(0.002)

    def where(self) -> str:
        """Where it is, and what it complained of: for whoever waits for it in vain."""
        if self.alive:
            os.kill(self.pid, signal.SIGUSR1)
            time.sleep(0.2)
        return self.err.read_text("utf-8")[-3000:]

    def lines(self) -> list[str]:
        """What it said, whole lines only: one that its death cut short nobody has read."""
        return [line for line in self.out.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n")]


class Stable:
    """Where processes come from."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process, self._folder, self._count, self._lock = process, folder, 0, threading.Lock()

    def start(self, module: str, *arguments: str, environment: dict[str, str]) -> Horse:
        """Run `main(arguments)` of a module in a new process with this environment."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._count += 1
            out, err = (self._folder / f"{self._count}.{kind}" for kind in ("out", "err"))
            for path in (out, err):
                path.touch()  # it may be read before the process has come so far
            order = {"module": module, "arguments": arguments, "environment": environment}
            self._process.stdin.write(json.dumps(order | {"out": str(out), "err": str(err)}) + "\n")
            self._process.stdin.flush()
            return Horse(int(self._process.stdout.readline()), out, err)


@contextmanager
def stable(folder: Path) -> Iterator[Stable]:
    """A stable, whose processes write into `folder`; all are gone at the end."""
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    command = [sys.executable, "-m", "tests.hub.upkeep.stable"]
    with subprocess.Popen(
        command, env=kept | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Stable(process, folder)


def main() -> None:
    """Load, then fork on each order until the input ends."""
    for name in LOADED:
        importlib.import_module(name)
    assert threading.active_count() == 1, "a process with threads cannot be forked safely"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing to collect
    started: list[int] = []
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _run(order)
        started.append(pid)
        print(pid, flush=True)
    for pid in started:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _run(order: dict[str, object]) -> NoReturn:
    """In the new process: do what is asked, and end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        for number, path in ((0, os.devnull), (1, str(order["out"])), (2, str(order["err"]))):
            os.dup2(os.open(path, flags if number else os.O_RDONLY, 0o600), number)
        faulthandler.register(signal.SIGUSR1)
        os.environ.update(order["environment"])  # type: ignore[call-overload]
        code = importlib.import_module(str(order["module"])).main(*order["arguments"]) or 0  # type: ignore[misc]
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
