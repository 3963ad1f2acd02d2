"""Long texts are laid out in processes of their own: one person's never holds up another person's page."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from markupsafe import Markup

import hub
from hub.web.markdown.prose import Prose

SECONDS: Final = 15
"""Of processor time for one text; by the clock on the wall it may be twice as much."""
MEMORY: Final = 3_000_000_000
"""Bytes of address space of one process, with Python in it."""
AT_ONCE: Final = 2
"""Texts of one person at once, in one web process."""
IN_ALL: Final = 3
"""Texts of all people at once: one thread of the four that a web process has stays free for short pages."""
WARM: Final = 1
"""Processes that are kept for the next text."""
_LENGTH: Final = 8
_CHUNK: Final = 1 << 20


class Busy(Exception):
    """As many long texts are under way as there may be, of the person or in all."""


class Failed(Exception):
    """The process ended, or was ended at its limits."""


class Elsewhere:
    """Lays out texts in other processes, some at once. Safe to share between threads.

    The processes end when this one does.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self._idle: list[_Child] = []

    def render(self, source: str, person: str) -> Prose:
        """The text, laid out for `person`. Raises Busy or Failed."""
        with self._counted(person):
            child = self._taken()
            try:
                prose = child.render(source)
            except BaseException:
                child.kill()
                raise
            with self._lock:
                keep = len(self._idle) < WARM
                if keep:
                    self._idle.append(child)
            if not keep:
                child.kill()
            return prose

    def close(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    @contextmanager
    def _counted(self, person: str) -> Iterator[None]:
        with self._lock:
            if self._under_way[person] >= AT_ONCE or self._under_way.total() >= IN_ALL:
                raise Busy
            self._under_way[person] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[person] -= 1
                self._under_way += Counter()  # forgets who has none

    def _taken(self) -> "_Child":
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive():
                    return child
        return _Child()


class _Child:
    def __init__(self) -> None:
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "hub.web.markdown.child", str(SECONDS), str(MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            start_new_session=True,  # an interrupt at the keyboard is the parent's to judge
        )

    def alive(self) -> bool:
        """Whether it waits for work of this process, and not of the one that this is a fork of."""
        return self._owner == os.getpid() and self._process.poll() is None

    def render(self, source: str) -> Prose:
        """One text. Raises Failed."""
        deadline = time.monotonic() + 2 * SECONDS
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(source).encode("ascii") + b"\n")
            self._process.stdin.flush()
            size = int.from_bytes(self._receive(_LENGTH, deadline), "big")
            answer = json.loads(self._receive(size, deadline))
        except (OSError, ValueError) as error:
            raise Failed from error
        sections = tuple((anchor, text) for anchor, text in answer["sections"])
        return Prose(Markup(answer["html"]), sections)  # noqa: S704 - cleaned by the child, as it is here

    def kill(self) -> None:
        """End it, and wait for it."""
        if self._owner != os.getpid():
            return
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # a job that it did not take
                stream.close() if stream else None

    def _receive(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        descriptor, data = self._process.stdout.fileno(), bytearray()
        while len(data) < size:
            waiting = select.poll()
            waiting.register(descriptor, select.POLLIN | select.POLLHUP)
            if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise Failed
            chunk = os.read(descriptor, min(_CHUNK, size - len(data)))
            if not chunk:
                raise Failed
            data += chunk
        return bytes(data)


def _environment() -> dict[str, str]:
    """Nothing of the hub's own: no address of a database, no key."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "LD_LIBRARY_PATH") if name in os.environ}
    where = str(Path(hub.__file__).parent.parent)
    return kept | {"PYTHONPATH": where, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
