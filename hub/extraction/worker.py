"""The parent's side: one child kept warm, killed at its limits, replaced when it is gone."""

import json
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Self

from hub.extraction.child import OUT_OF_MEMORY
from hub.extraction.formats import FORMATS
from hub.extraction.outcome import Extracted, Limits
from hub.extraction.sniff import format_of
from hub.killable import Endless, Gone, Killable, Late

_TRIES = 2  # a child may have died of the file before, so the file gets one more, fresh child
_ROOM = 65536  # bytes of an answer beside its text


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
        self._child: Killable | None = None
        self._files = 0

    def extract(self, path: Path, name: str) -> Extracted:
        """The final state of the file at `path`, which people know as `name`.

        Raises OSError when `path` cannot be opened; whatever is wrong with the content is a final state.
        """
        path.open("rb").close()
        reason = ""
        with self._lock:
            for _ in range(_TRIES):
                try:
                    return self._read(path, name)
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

    def _ready(self) -> Killable:
        if self._child is not None and (self._files >= self.limits.files_per_child or not self._child.alive()):
            self._drop()
        if self._child is None:
            self._child, self._files = Killable("hub.extraction.child", json.dumps(asdict(self.limits))), 0
        self._files += 1
        return self._child

    def _read(self, path: Path, name: str) -> Extracted:
        """One job. Raises _Dead."""
        job = json.dumps({"path": str(path.resolve()), "name": name}).encode("ascii")
        try:
            return _answer(self._ready().ask(job, within=self.limits.seconds, most=6 * self.limits.text_bytes + _ROOM))
        except Late:
            raise _Dead(f"takes too long to read: more than {self.limits.seconds:g} seconds", final=True) from None
        except Endless:
            raise _Dead("damaged: reading it gave an answer without end", final=True) from None
        except Gone as gone:
            raise self._death(gone.args[0]) from gone

    def _death(self, code: int) -> _Dead:
        """Why the child is gone, by its exit code."""
        if code == -signal.SIGXCPU:
            return _Dead(f"takes too long to read: more than {self.limits.cpu_seconds} s of processor time", final=True)
        if code in {OUT_OF_MEMORY, -signal.SIGABRT}:
            most = self.limits.memory_bytes / 1e6
            return _Dead(f"needs more memory to read than the {most:,.0f} MB that there are", final=False)
        return _Dead("damaged: reading it brought the reader down", final=False)

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = None


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
