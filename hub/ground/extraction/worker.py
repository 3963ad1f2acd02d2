"""The parent's side: one child kept warm, killed at its limits, replaced when it is gone."""

import json
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Self

import structlog

from hub.ground.extraction.child import OUT_OF_MEMORY
from hub.ground.extraction.formats import FORMATS, damaged
from hub.ground.extraction.outcome import TOO_LARGE, Extracted, Limits
from hub.ground.extraction.sniff import format_of
from hub.ground.killable import Endless, Gone, Killable, Late

log = structlog.get_logger(__name__)

DAMAGED = ""
TOO_LONG = "it takes too long to read. Divide it, or save it as a PDF, and upload that"
_TRIES = 2  # a child may have died of the file before, so the file gets one more, fresh child
_ROOM = 65536  # bytes of an answer beside its text


class _Dead(Exception):
    """The child gave no answer, for a reason (`DAMAGED`: as of its format); `final` when it would not the next time."""

    def __init__(self, reason: str, detail: str, *, final: bool) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.final = reason, detail, final


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
        answer = self._tried(path, name)
        if answer.status == "unreadable":
            log.info("no text in a file", file=path.name, format=answer.format, reason=answer.reason, why=answer.detail)
        return answer

    def _tried(self, path: Path, name: str) -> Extracted:
        reason = detail = ""
        with self._lock:
            for _ in range(_TRIES):
                try:
                    return self._read(path, name)
                except _Dead as death:
                    self._drop()
                    reason, detail = death.reason, death.detail
                    if death.final:
                        break
        found = format_of(path, name)
        said = reason or damaged(found, name)
        return Extracted("", None, found, FORMATS[found].kind, "unreadable", said, detail=detail)

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
            self._child, self._files = Killable("hub.ground.extraction.child", json.dumps(asdict(self.limits))), 0
        self._files += 1
        return self._child

    def _read(self, path: Path, name: str) -> Extracted:
        """One job. Raises _Dead."""
        job = json.dumps({"path": str(path.resolve()), "name": name}).encode("ascii")
        try:
            return _answer(self._ready().ask(job, within=self.limits.seconds, most=6 * self.limits.text_bytes + _ROOM))
        except Late:
            raise _Dead(TOO_LONG, f"more than {self.limits.seconds:g} seconds", final=True) from None
        except Endless:
            raise _Dead(DAMAGED, "reading it gave an answer without end", final=True) from None
        except Gone as gone:
            raise self._death(gone.args[0]) from gone

    def _death(self, code: int) -> _Dead:
        """Why the child is gone, by its exit code."""
        if code == -signal.SIGXCPU:
            return _Dead(TOO_LONG, f"more than {self.limits.cpu_seconds} s of processor time", final=True)
        if code in {OUT_OF_MEMORY, -signal.SIGABRT}:
            most = self.limits.memory_bytes / 1e6
            return _Dead(TOO_LARGE, f"more memory than the {most:,.0f} MB that there are", final=False)
        return _Dead(DAMAGED, f"reading it brought the reader down, which ended with {code}", final=False)

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = None


def _answer(data: bytes) -> Extracted:
    """The child's answer, checked: a child that a file took over could say anything."""
    try:
        answer = Extracted(**json.loads(data))
        texts = [answer.text, answer.reason, answer.remark, answer.detail, answer.hidden, answer.title or ""]
        texts += [answer.author, answer.created, answer.changed]
        makes_sense = all(isinstance(text, str) for text in texts) and FORMATS[answer.format].kind == answer.kind
    except (ValueError, TypeError, KeyError):
        makes_sense = False
    if not makes_sense or answer.status not in {"readable", "unreadable"}:
        raise _Dead(DAMAGED, "reading it gave no answer that makes sense", final=True)
    return answer
