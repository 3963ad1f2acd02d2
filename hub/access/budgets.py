"""What one person may cost: so many costly requests a minute, and so many files that are sent at a time.

A tenth of a budget passes without a word to the database; what is more is counted there, over all processes of all
machines, in one exact statement. So a person who works writes nothing, and one who floods soon writes nothing either:
that a budget is spent is remembered until its minute is over.
"""

import hmac
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hub.access.models import SpentBudget
from hub.access.parts import Parts
from hub.ground.errors import TooMany
from hub.ground.forgetting import forget
from hub.ground.unit_of_work import unit_of_work

WINDOW: Final = 60
"""Seconds."""
OWN_SHARE: Final = 10
"""One part in so many is each process's own to give."""
KEPT: Final = timedelta(hours=1)
SAID: Final = {
    "search": "You have searched {limit:,} times within a minute, more than the hub allows.",
    "write": "You have sent {limit:,} texts or files within a minute, more than the hub allows.",
    "part": "You have sent {limit:,} parts of files within a minute, more than the hub allows.",
    "compare": "You have compared {limit:,} times within a minute, more than the hub allows.",
    "check": "You have had {limit:,} policies, tables or audiences checked within a minute, more than the hub allows.",
    "feed": "Your feeds were read {limit:,} times within a minute, more than the hub allows.",
    "stranger": "There were more than {limit:,} requests within a minute from where you are.",
}
"""Every kind of cost, and what is said of a budget that is spent."""
BUSY: Final = "The hub is still at work on what you asked for just now. Wait until that is answered, then try again."
BUSY_SECONDS: Final = 2
"""How long a download waits for the others of its person, and when to try again after that."""


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
    return forget(parts.database, parts.clock, SpentBudget, SpentBudget.window < parts.clock.now() - KEPT)


class Downloads:
    """Large files that are sent: two of one person's at a time by this process, and a third waits a moment."""

    AT_ONCE: Final = 2

    def __init__(self) -> None:
        self._over = threading.Condition()
        self._running: Counter[str] = Counter()

    def enter(self, who: str) -> None:
        """Begin to send one; raises TooMany where the person still takes two others."""
        with self._over:
            if not self._over.wait_for(lambda: self._running[who] < self.AT_ONCE, BUSY_SECONDS):
                raise TooMany(BUSY, BUSY_SECONDS)
            self._running[who] += 1

    def leave(self, who: str) -> None:
        """It is sent."""
        with self._over:
            self._running[who] -= 1
            self._running += Counter()  # leaves out whoever has none
            self._over.notify_all()


def _insert(session: Session) -> postgresql.Insert | sqlite.Insert:
    """An insert that may say what to do when the row is there already: both databases know it, each in its dialect."""
    sqlite_speaks = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(SpentBudget) if sqlite_speaks else postgresql.insert(SpentBudget)
