"""What one person may cost: so many costly requests a minute, and so many at a time in one process.

A tenth of a budget passes without a word to the database; what is more is counted there, over all processes of all
machines, in one exact statement. So a person who works writes nothing, and one who floods soon writes nothing either:
that a budget is spent is remembered until its minute is over.
"""

import hmac
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hub.access.models import SpentBudget
from hub.access.parts import Parts
from hub.ground.errors import TooMany
from hub.ground.unit_of_work import unit_of_work

WINDOW: Final = 60
"""Seconds."""
OWN_SHARE: Final = 10
"""One part in so many is each process's own to give."""
KEPT: Final = timedelta(hours=1)
SAID: Final = {
    "search": "You have searched {limit:,} times within a minute, more than the hub allows.",
    "write": "You have sent {limit:,} texts or files within a minute, more than the hub allows.",
    "compare": "You have compared {limit:,} times within a minute, more than the hub allows.",
    "check": "You have had {limit:,} policies, tables or audiences checked within a minute, more than the hub allows.",
    "stranger": "There were more than {limit:,} requests within a minute from where you are.",
}
"""Every kind of cost, and what is said of a budget that is spent."""
BUSY: Final = "The hub is still at work on what you asked for just now. Wait until that is answered, then try again."
BUSY_SECONDS: Final = 2
"""How long a request waits for the others of its person, and when to try again after that."""


class Budgets:
    """Counts what each person costs; `limits` says how many requests of each kind a minute may have. Thread-safe."""

    def __init__(self, parts: Parts, limits: Mapping[str, int]) -> None:
        self._parts, self._limits = parts, limits
        self._lock = threading.Lock()
        self._window = 0
        self._counts: dict[tuple[str, str], int] = {}
        self._spent: set[tuple[str, str]] = set()

    def spend(self, kind: str, who: str) -> None:
        """Take one request of a kind out of somebody's budget; raises TooMany where none is left in this minute."""
        now, limit = self._parts.clock.now().timestamp(), self._limits[kind]
        window, key = int(now // WINDOW), (kind, who)
        count = self._counted(window, key)
        share = limit // OWN_SHARE
        if count and (count <= share or self._taken(window, key, count if count == share + 1 else 1)):
            return
        with self._lock:
            self._spent.add(key)
        left = ceil(WINDOW - now % WINDOW)
        raise TooMany(f"{SAID[kind].format(limit=limit)} Go on in {left} second{'' if left == 1 else 's'}.", left)

    def _counted(self, window: int, key: tuple[str, str]) -> int:
        """How many this process has counted in this minute with this one; 0 where it is known that all are spent."""
        with self._lock:
            if window != self._window:
                self._window, self._counts, self._spent = window, {}, set()
            if key in self._spent:
                return 0
            count = self._counts[key] = self._counts.get(key, 0) + 1
            return count

    def _taken(self, window: int, key: tuple[str, str], count: int) -> bool:
        """Whether so many more are left for all processes together; they are taken then."""
        kind, who = key
        keyed = hmac.new(self._parts.keys.signing[0].encode(), f"{kind}:{who}".encode(), "sha256").hexdigest()
        began = datetime.fromtimestamp(window * WINDOW, UTC)
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            first = _insert(uow.session).values(who=keyed, window=began, spent=count)
            more = first.on_conflict_do_update(
                index_elements=["who", "window"],
                set_={"spent": SpentBudget.spent + count},
                where=SpentBudget.spent + count <= self._limits[kind],
            ).returning(SpentBudget.spent)
            return uow.session.scalar(more) is not None


def tidy_budgets(parts: Parts) -> int:
    """Remove minutes that are over; returns how many rows went."""
    over = delete(SpentBudget).where(SpentBudget.window < parts.clock.now() - KEPT)
    with unit_of_work(parts.database, parts.clock) as uow:
        return cast("CursorResult[tuple[()]]", uow.session.execute(over)).rowcount


@dataclass
class _Present:
    """One person's costly requests: those that run, by kind, and how many are there, with those that wait."""

    running: Counter[str] = field(default_factory=Counter)
    there: int = 0


class Rooms:
    """So many costly requests of one person at a time in this process, so that nobody takes every thread of it.

    Two of a kind run at once, and more wait a moment: so a slow upload is in nobody's way who searches meanwhile. A
    quarter of the threads, and one at least where there are two, is left to others.
    """

    AT_ONCE: Final = 2

    def __init__(self, threads: int) -> None:
        self._most = max(1, threads - max(1, threads // 4))
        self._left = threading.Condition()
        self._present: dict[str, _Present] = {}

    def enter(self, who: str, kind: str) -> None:
        """Begin a costly request, in a moment if others are under way; raises TooMany where they are too many."""
        with self._left:
            person = self._present.setdefault(who, _Present())
            if person.there >= self._most:
                raise TooMany(BUSY, BUSY_SECONDS)
            person.there += 1
            if not self._left.wait_for(lambda: person.running[kind] < self.AT_ONCE, BUSY_SECONDS):
                self._go(who)
                raise TooMany(BUSY, BUSY_SECONDS)
            person.running[kind] += 1

    def leave(self, who: str, kind: str) -> None:
        """End it."""
        with self._left:
            self._present[who].running[kind] -= 1
            self._go(who)
            self._left.notify_all()

    def _go(self, who: str) -> None:
        person = self._present[who]
        person.there -= 1
        if not person.there:
            del self._present[who]


def _insert(session: Session) -> postgresql.Insert | sqlite.Insert:
    """An insert that may say what to do when the row is there already: both databases know it, each in its dialect."""
    sqlite_speaks = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(SpentBudget) if sqlite_speaks else postgresql.insert(SpentBudget)
