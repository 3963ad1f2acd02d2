"""`hub serve`: starts the web processes and the one worker, keeps them running, and ends them all within seconds.

Each child watches its standard input, a pipe from here: when the supervisor dies, however it dies, they end too.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import structlog

from config.logging import set_up_logging
from hub.ground.errors import Conflict, Unavailable
from hub.running.web_server import GRACE, resolved

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a crashed program is started again; doubled with each crash in a row."""
STEADY = 30.0
"""Seconds after which a program counts as running well."""
START = 60.0
"""Seconds that the web processes have to answer for the first time."""
MEASURES = "metrics"
"""Folder in which web processes leave their counts for one another."""
WORKS = "The worker of the hub runs, or stands by. Ctrl-C stops it."
TICK = 0.05
"""Seconds between two looks while the hub starts."""
LOOK = 5.0
"""The same while all is well: a child that ends is heard of by its signal."""
LAST_PORT = 65535
REFUSED = 78
"""Exit code of a child that could not start for a reason that no new start would cure (sysexits' EX_CONFIG)."""


@dataclass(frozen=True)
class Program:
    """A child: what it is called in messages, and how it is started."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    """Added to this process's own."""


@dataclass(frozen=True)
class Launch:
    """What is to be started, and where."""

    url: str
    host: str
    port: int
    data: Path
    web: bool = True
    worker: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    """Settings for the children, over those of this process."""
    beside: tuple[Program, ...] = ()
    """Programs of a feature's own (the demo's issuers)."""

    @property
    def programs(self) -> tuple[Program, ...]:
        """Every child."""
        web = Program("web processes", hub_command("web"), self.environment)
        worker = Program("worker", hub_command("worker", "--supervised"), self.environment)
        return (*self.beside, *((web,) if self.web else ()), *((worker,) if self.worker else ()))


def hub_command(*arguments: str) -> tuple[str, ...]:
    """The command line of another `hub`, by this same Python."""
    return (sys.executable, "-m", "hub.cli", *arguments)


def serve(launch: Launch, say: Sequence[str] = ()) -> None:
    """Start everything, say where it is, and keep it running until Ctrl-C or SIGTERM.

    `say`: further lines for when it answers. Raises Conflict for a busy port, Unavailable for no start.
    """
    set_up_logging()
    if launch.web:
        check_port(launch.host, launch.port)
        shutil.rmtree(launch.data / MEASURES, ignore_errors=True)  # the counts of web processes that are gone
    supervisor = Supervisor(launch.programs)
    asked, stirred = threading.Event(), threading.Event()

    def ask(*_: object) -> None:
        asked.set()
        stirred.set()

    handlers = {signal.SIGTERM: ask, signal.SIGINT: ask, signal.SIGCHLD: lambda *_: stirred.set()}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        supervisor.start()
        if launch.web:
            _wait_for_answer(launch, supervisor, asked)
        if not asked.is_set():
            click.echo(f"The hub is at {launch.url}. Ctrl-C stops it." if launch.web else WORKS)
            for line in say:
                click.echo(line)
        while not asked.is_set():
            supervisor.look()
            stirred.wait(supervisor.rest())
            stirred.clear()
        click.echo("Stopping.", err=True)
    finally:
        supervisor.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def check_port(host: str, port: int) -> None:
    """Return when the address can be listened on; raise Conflict or Unavailable with the cure when not."""
    family, kind, protocol, _, address = resolved(host, port)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: old connections may linger
        try:
            probe.bind(address)
        except PermissionError:
            raise Unavailable(
                f"This account may not listen on port {port}: choose one above 1023 with HUB_PORT."
            ) from None
        except OSError as error:
            raise Conflict(
                f"Port {port} is in use by another program ({error.strerror}). Stop that program, or choose another "
                f"port: HUB_PORT={port + 1 if port < LAST_PORT else port - 1}."
            ) from None


class Supervisor:
    """Children that are started together, started again when they crash, and ended together."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._children = [_Child(program) for program in programs]

    def start(self) -> None:
        """Start every child."""
        for child in self._children:
            child.start()

    def look(self) -> None:
        """Start again what has ended; raises Unavailable when a child says that it can never start."""
        for child in self._children:
            child.look()

    def rest(self) -> float:
        """Seconds until there may be something to look at, should no child end."""
        return min((child.rest() for child in self._children), default=LOOK)

    def stop(self) -> None:
        """End every child: ask, wait, then kill."""
        for child in self._children:
            child.ask()
        deadline = time.monotonic() + GRACE
        for child in self._children:
            child.end(deadline)

    def pids(self) -> dict[str, int]:
        """The process id of each child that runs."""
        return {child.program.name: child.process.pid for child in self._children if child.process is not None}


class _Child:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self._pause = FIRST_PAUSE
        self._started = 0.0
        self._due = 0.0

    def start(self) -> None:
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self.program.arguments,
            stdin=subprocess.PIPE,
            env={**os.environ, **self.program.environment},
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends the children in order
        )

    def look(self) -> None:
        if self.process is None:
            if time.monotonic() >= self._due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._let_go()
        if code == REFUSED:
            raise Unavailable(f"The hub stops: its {self.program.name} could not start. The reason stands above.")
        if time.monotonic() - self._started > STEADY:
            self._pause = FIRST_PAUSE
        log.error("a program ended unasked", program=self.program.name, code=code, again_in=self._pause)
        self._due = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def rest(self) -> float:
        return LOOK if self.process is not None else max(0.0, min(LOOK, self._due - time.monotonic()))

    def ask(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("a program had to be killed", program=self.program.name)
            _kill_group(self.process.pid)
            self.process.wait()
        self._let_go()

    def _let_go(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def _kill_group(pid: int) -> None:
    """Kill a child that leads a session of its own, with what it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_for_answer(launch: Launch, supervisor: Supervisor, asked: threading.Event) -> None:
    deadline = time.monotonic() + START
    family, kind, protocol, _, address = resolved(launch.host, launch.port)
    while not asked.wait(TICK):
        supervisor.look()
        with socket.socket(family, kind, protocol) as probe:
            probe.settimeout(1)
            if _answers(probe, address):
                return
        if time.monotonic() > deadline:
            raise Unavailable(f"The hub did not answer within {START:.0f} seconds. The reason may stand above.")


def _answers(probe: socket.socket, address: tuple[str, int]) -> bool:
    """Whether the web processes are up: they listen before they are loaded, so an answer is asked for."""
    try:
        probe.connect(address)
        probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return probe.recv(12).startswith(b"HTTP/1.1")
    except OSError:
        return False
