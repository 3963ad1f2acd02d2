"""A process of the hub's own that works on what people sent: asked in lines, killed at its limits.

It is one module of the hub, run by itself. It answers each line with eight bytes, the length, and so many bytes.
It gets none of the hub's environment, ends when this process does, and leaves an interrupt at the keyboard to it.
"""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import hub

_LENGTH: Final = 8
_CHUNK: Final = 1 << 20
_KEPT: Final = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")


class Late(Exception):
    """There was no answer in time."""


class Gone(Exception):
    """The process ended without an answer; its exit code is the argument."""


class Endless(Exception):
    """The answer would be longer than any that makes sense."""


class Killable:
    """One such process. Not safe to share between threads; a fork of its parent cannot ask it."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            start_new_session=True,
        )

    def alive(self) -> bool:
        """Whether it waits for work of this process, and not of the one that this is a fork of."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, line: bytes, *, within: float, most: int) -> bytes:
        """The answer to one line: in so many seconds, of at most so many bytes. Raises Late, Gone or Endless."""
        assert self._process.stdin is not None
        deadline = time.monotonic() + within
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Gone(self._process.wait()) from error
        size = int.from_bytes(self._receive(_LENGTH, deadline), "big")
        if size > most:
            raise Endless
        return self._receive(size, deadline)

    def kill(self) -> None:
        """End it and whatever it may have started, and wait for it."""
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
                raise Late
            chunk = os.read(descriptor, min(_CHUNK, size - len(data)))
            if not chunk:
                raise Gone(self._process.wait())
            data += chunk
        return bytes(data)


def _environment() -> dict[str, str]:
    """Nothing of the hub's own: no address of a database, no key."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    where = str(Path(hub.__file__).parent.parent)
    return kept | {"PYTHONPATH": where, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
