"""Whose turn it is, in one process: so many requests are worked on at a time, the others stand in lines, by person.

Lines are served in turn, a request of each: whoever sends many waits for themselves. Costly requests, and those of one
person, leave a quarter of the places to others, and of a person's two of a kind run at a time: so a slow upload is in
nobody's way who searches meanwhile. What does not fit into the lines is refused at once, what was sent to be kept last.
"""

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Final

AT_ONCE: Final = 2
"""Of one person's requests of a kind."""
LINES: Final = 16
"""Requests that may wait for each place at work."""
OWN_SHARE: Final = 4
"""One part in so many of the lines is a person's own."""
PATIENCE: Final = 10.0
"""Seconds that a request waits at most."""
PAST_THE_LINES: Final = {"healthz": 4, "assets": 8}
"""Routes that wait for no turn, and how many of each go past at a time."""
STREAMS: Final = 32
"""Answers that are being sent, bit by bit, after they gave their place back."""
DRAINS: Final = 8
"""Forms that are refused, of which the rest is still read."""
SPARE: Final = 8
"""Threads for whoever else is refused."""


def threads_for(places: int) -> int:
    """How many threads a web process needs so that whoever waits, or takes a file slowly, is in nobody's way."""
    lines = places * LINES
    return places + lines + lines // 2 + STREAMS + sum(PAST_THE_LINES.values()) + DRAINS + SPARE


class Overload(Exception):
    """No turn: `own` where those before are all of the same person."""

    def __init__(self, *, own: bool) -> None:
        super().__init__()
        self.own = own


@dataclass(frozen=True)
class Caller:
    """Whose requests stand in one line: one person's, or those of `many`, such as of all strangers at an address."""

    who: str
    many: bool = False

    @property
    def turns(self) -> int:
        """How many of them are served while each other line has one."""
        return 4 if self.many else 1


@dataclass(eq=False, slots=True)
class Turn:
    """A request that waits, or is worked on."""

    caller: Caller
    kind: str
    begun: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Line:
    turns: int
    waiting: list[Turn] = field(default_factory=list)
    running: Counter[str] = field(default_factory=Counter)


class Turns:
    """Gives turns. `places` is how many requests are worked on at a time. Thread-safe."""

    def __init__(self, places: int) -> None:
        self.places, self.room = places, places * LINES
        self._others = max(1, places - max(1, places // 4))
        """Places that one caller, or all that is costly, may take."""
        self._lock = threading.Lock()
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._running = self._waiting = self._costly = 0

    def join(self, caller: Caller, kind: str = "", *, sends: bool = False) -> Turn:
        """Stand in the caller's line; the turn has begun already where nobody is before it.

        `kind` is what a costly request costs, `sends` whether it has something to be kept. Raises Overload where the
        lines are full.
        """
        with self._lock:
            line = self._lines.get(caller.who)
            self._check(line, caller, sends=sends)
            if line is None:
                line = self._lines[caller.who] = _Line(caller.turns)
            turn = Turn(caller, kind)
            line.waiting.append(turn)
            self._waiting += 1
            self._let_in()
        return turn

    def wait(self, turn: Turn) -> None:
        """Until it begins; raises Overload where it does not in time."""
        if turn.begun.wait(PATIENCE):
            return
        with self._lock:
            if turn.begun.is_set():
                return
            line = self._lines[turn.caller.who]
            line.waiting.remove(turn)
            self._waiting -= 1
            self._tidy(turn.caller.who, line)
        raise Overload(own=False)

    def end(self, turn: Turn) -> None:
        """It is done: the next may begin."""
        with self._lock:
            line = self._lines[turn.caller.who]
            line.running[turn.kind] -= 1
            self._running -= 1
            self._costly -= bool(turn.kind)
            self._tidy(turn.caller.who, line)
            self._let_in()

    def are_free(self) -> bool:
        """Whether nobody is served at the moment, and nobody waits."""
        return not self._running and not self._waiting

    def _check(self, line: _Line | None, caller: Caller, *, sends: bool) -> None:
        """Raises Overload. What is sent to be kept still has room where the lines are full for everything else."""
        room = self.room + (self.room // 2 if sends else 0)
        if line is not None and len(line.waiting) >= room // (2 if caller.many else OWN_SHARE):
            raise Overload(own=not caller.many)
        if self._waiting >= room:
            raise Overload(own=False)

    def _let_in(self) -> None:
        while self._running < self.places and self._waiting:
            turn = self._next()
            if turn is None:
                return
            line = self._lines[turn.caller.who]
            line.running[turn.kind] += 1
            self._running += 1
            self._waiting -= 1
            self._costly += bool(turn.kind)
            turn.begun.set()

    def _next(self) -> Turn | None:
        """The first request of the first line that may begin; the line goes behind the others when it had its turns."""
        for who, line in self._lines.items():
            for turn in line.waiting:
                if self._may_begin(line, turn.kind):
                    line.waiting.remove(turn)
                    line.turns -= 1
                    if not line.turns:
                        line.turns = turn.caller.turns
                        self._lines.move_to_end(who)
                    return turn
        return None

    def _may_begin(self, line: _Line, kind: str) -> bool:
        if line.running.total() >= self._others:
            return False
        return not kind or (line.running[kind] < AT_ONCE and self._costly < self._others)

    def _tidy(self, who: str, line: _Line) -> None:
        if not line.waiting and not line.running.total():
            self._lines.pop(who, None)
