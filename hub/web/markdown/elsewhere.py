"""Long texts are laid out in processes of their own: one person's never holds up another person's page."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from markupsafe import Markup

from hub.ground.killable import Endless, Gone, Killable, Late
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
        self._idle: list[Killable] = []

    def render(self, source: str, person: str) -> Prose:
        """The text, laid out for `person`. Raises Busy or Failed."""
        with self._counted(person):
            child = self._taken()
            try:
                prose = _render(child, source)
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

    def _taken(self) -> Killable:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive():
                    return child
        return _new()


def _new() -> Killable:
    return Killable("hub.web.markdown.child", str(SECONDS), str(MEMORY))


def _render(child: Killable, source: str) -> Prose:
    try:
        answer = json.loads(child.ask(json.dumps(source).encode("ascii"), within=2 * SECONDS, most=MEMORY))
    except (Late, Gone, Endless, ValueError) as error:
        raise Failed from error
    sections = tuple((anchor, text) for anchor, text in answer["sections"])
    return Prose(Markup(answer["html"]), sections)  # noqa: S704 - cleaned by the child, as it is here
