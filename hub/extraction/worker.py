"""The parent's side: one child kept warm, killed at its limits, replaced when it is gone."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Self

import hub
from hub.extraction.child import OUT_OF_MEMORY
from hub.extraction.formats import FORMATS
from hub.extraction.outcome import Extracted, Limits
from hub.extraction.sniff import format_of

_TRIES = 2  # a child may have died of the file before, so the file gets one more, fresh child
_LENGTH = 8
_CHUNK = 65536


class _Dead(Exception):
    """The child ended without an answer; `final` when a second try would end alike."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.reason, self.final = reason, final


class Extractor:
    """Reads files one at a time in a child process. Safe to share between threads; each process has its own child.

    Close it, or use it in a `with`, to end the child; a child whose parent is gone ends by itself.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def extract(self, path: Path, name: str) -> Extracted:
        """The final state of the file at `path`, which people know as `name`.

        Raises OSError when `path` cannot be opened; whatever is wrong with the content is a final state.
        """
        path.open("rb").close()
        reason = ""
        with self._lock:
            for _ in range(_TRIES):
                try:
                    return self._ready().read(path, name)
                except _Dead as death:
                    self._drop()
                    reason = death.reason
                    if death.final:
                        break
        found = format_of(path, name)
        return Extracted("", None, found, FORMATS[found].kind, "unreadable", reason)

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self) -> "_Child":
        if self._child is not None and self._child.spent(self.limits):
            self._drop()
        if self._child is None:
            self._child = _Child(self.limits)
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = None


class _Child:
    def __init__(self, limits: Limits) -> None:
        self._limits, self._owner, self._files = limits, os.getpid(), 0
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "hub.extraction.child", json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            start_new_session=True,  # an interrupt at the keyboard is the parent's to judge
        )

    def spent(self, limits: Limits) -> bool:
        """Is it time for another one? Also when this process is a fork, to which the child does not belong."""
        return self._files >= limits.files_per_child or self._owner != os.getpid() or self._process.poll() is not None

    def read(self, path: Path, name: str) -> Extracted:
        """One job. Raises _Dead."""
        assert self._process.stdin is not None
        self._files += 1
        deadline = time.monotonic() + self._limits.seconds
        job = json.dumps({"path": str(path.resolve()), "name": name}) + "\n"
        try:
            self._process.stdin.write(job.encode("ascii"))
            self._process.stdin.flush()
        except OSError as error:
            raise self._death() from error
        size = int.from_bytes(self._receive(_LENGTH, deadline), "big")
        if size > 6 * self._limits.text_bytes + _CHUNK:
            raise _Dead("damaged: reading it gave an answer without end", final=True)
        return _answer(self._receive(size, deadline))

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
                raise _Dead(f"takes too long to read: more than {self._limits.seconds:g} seconds", final=True)
            chunk = os.read(descriptor, min(_CHUNK, size - len(data)))
            if not chunk:
                raise self._death()
            data += chunk
        return bytes(data)

    def _death(self) -> _Dead:
        """Why the child is gone, by its exit code."""
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return _Dead(
                f"takes too long to read: more than {self._limits.cpu_seconds} s of processor time", final=True
            )
        if code in {OUT_OF_MEMORY, -signal.SIGABRT}:
            most = self._limits.memory_bytes / 1e6
            return _Dead(f"needs more memory to read than the {most:,.0f} MB that there are", final=False)
        return _Dead("damaged: reading it brought the reader down", final=False)


def _environment() -> dict[str, str]:
    """Nothing of the hub's own: no address of a database, no key."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH") if name in os.environ}
    where = str(Path(hub.__file__).parent.parent)
    return kept | {"PYTHONPATH": where, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def _answer(data: bytes) -> Extracted:
    """The child's answer, checked: a child that a file took over could say anything."""
    try:
        answer = Extracted(**json.loads(data))
        texts = (answer.text, answer.reason, answer.remark, answer.title or "")
        makes_sense = all(isinstance(text, str) for text in texts) and FORMATS[answer.format].kind == answer.kind
    except (ValueError, TypeError, KeyError):
        makes_sense = False
    if not makes_sense or answer.status not in {"readable", "unreadable"}:
        raise _Dead("damaged: reading it gave no answer that makes sense", final=True)
    return answer
