"""What the people of the demo say to one another, as plain values, and when: so many working days before it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from hub.ground.clock import LONDON

COMMENTS: Final = "comments"
"""The sort of what is said about a document; the others are of `hub/nouns/threads/sorts.py`."""
_WEEKEND: Final = 5
"""The first day of it, as `date.weekday` counts."""


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment: so many working days before the demo is made, at that time of the day as clocks in London show it."""

    days: int
    at: time


@dataclass(frozen=True, slots=True)
class DemoAct:
    """What somebody (handle) did, and when; `reason` where one is given."""

    ago: Ago
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """That somebody (handle) reported a post, why (a key of the reasons) and in which words. Nobody has decided yet."""

    ago: Ago
    by: str
    why: str
    words: str


@dataclass(frozen=True, slots=True)
class DemoPost:
    """What somebody said. `edits` are later texts of it, `accepted` says that whoever asked took it as the answer."""

    by: str
    ago: Ago
    body: str
    answers: int | None = None
    accepted: bool = False
    thanks: tuple[str, ...] = ()
    """Handles of those who thanked for it."""
    edits: tuple[tuple[Ago, str], ...] = ()
    withdrawn: DemoAct | None = None
    reported: DemoReport | None = None


@dataclass(frozen=True, slots=True)
class DemoTalk:
    """A conversation in a place, or the comments on a document, whose key then stands as the title."""

    sort: str
    place: str
    title: str
    posts: tuple[DemoPost, ...]
    pinned: DemoAct | None = None
    closed: DemoAct | None = None

    @property
    def moments(self) -> Iterator[Ago]:
        """Every moment that it names."""
        for post in self.posts:
            yield post.ago
            yield from (ago for ago, _ in post.edits)
            if post.withdrawn:
                yield post.withdrawn.ago
            if post.reported:
                yield post.reported.ago
        yield from (act.ago for act in (self.pinned, self.closed) if act)


@dataclass(frozen=True, slots=True)
class Almanac:
    """Turns the moments of one conversation into real ones, none of them later than `now`."""

    now: datetime
    late: bool
    """Whether it ends later in the day than it is now: then all of it was a working day earlier."""

    @classmethod
    def of(cls, talk: DemoTalk, now: datetime) -> "Almanac":
        """That of a conversation."""
        early = cls(now, late=False)
        return cls(now, late=any(early.moment(ago) > now for ago in talk.moments))

    def moment(self, ago: Ago) -> datetime:
        """When that was."""
        today = self.now.astimezone(LONDON).date()
        return datetime.combine(working_day(today, ago.days + self.late), ago.at, tzinfo=LONDON).astimezone(UTC)

    def after(self, ago: Ago, minutes: int) -> datetime:
        """So many minutes later, but not after now."""
        return min(self.moment(ago) + timedelta(minutes=minutes), self.now)


@lru_cache(maxsize=1024)
def working_day(day: date, before: int) -> date:
    """The weekday so many weekdays before a day; 0: the day itself, or the Friday before it."""
    while day.weekday() >= _WEEKEND:
        day -= timedelta(days=1)
    weeks, days = divmod(before, _WEEKEND)
    day -= timedelta(weeks=weeks)
    for _ in range(days):
        day -= timedelta(days=3 if day.weekday() == 0 else 1)
    return day
