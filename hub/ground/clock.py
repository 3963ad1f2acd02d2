"""The one place that asks what time it is. Days end in Europe/London."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day in London on which an aware moment lies."""
    return moment.astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """The moment at which a day in London is over."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON)
