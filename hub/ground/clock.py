"""The one place that asks what time it is. Days end in Europe/London."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5


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
    """The moment at which a day in London is over; of the last day that there is, its last one."""
    if day == date.max:
        return datetime.max.replace(tzinfo=LONDON)
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def working_days_before(now: datetime, days: int) -> datetime:
    """The moment so many working days before another, by the days of London; a weekend counts as nothing."""
    at = now.astimezone(LONDON)
    if at.weekday() >= SATURDAY:
        at = datetime.combine(at.date() - timedelta(days=at.weekday() - SATURDAY), time(), LONDON)
    while days:
        at -= timedelta(days=1)
        days -= at.weekday() < SATURDAY
    return at


def working_days_after(moment: datetime, days: int) -> datetime:
    """The moment so many working days after another, likewise."""
    at = moment.astimezone(LONDON)
    if at.weekday() >= SATURDAY:
        at = datetime.combine(at.date() + timedelta(days=7 - at.weekday()), time(), LONDON)
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < SATURDAY
    return at
