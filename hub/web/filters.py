"""How values are written for people: days, moments, sizes. Times are those of Europe/London."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from hub.ground.dates import MONTHS

LONDON: Final = ZoneInfo("Europe/London")
_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")


def _date(value: date) -> date:
    """The day in London of a date or of an aware moment."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: pages show aware moments only")
        return value.astimezone(LONDON).date()
    return value


def _time(machine: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, text)


def day(value: date) -> Markup:
    """22 November 2026, as a <time>."""
    found = _date(value)
    return _time(found.isoformat(), f"{found.day} {MONTHS[found.month - 1]} {found.year}")


def short_day(value: date) -> Markup:
    """22 Nov 2026, as a <time>: for tables."""
    found = _date(value)
    return _time(found.isoformat(), f"{found.day} {MONTHS[found.month - 1][:3]} {found.year}")


def moment(value: datetime) -> Markup:
    """22 November 2026, 14:05, as a <time>."""
    found = _date(value)
    clock = value.astimezone(LONDON)
    text = f"{found.day} {MONTHS[found.month - 1]} {found.year}, {clock:%H:%M}"
    return _time(clock.isoformat(timespec="minutes"), text)


def size(count: int) -> str:
    """A number of bytes in words: 0 bytes, 999 bytes, 1.2 MB, 256 MB (thousands of thousands, as on a file's label)."""
    value = float(count)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:  # noqa: PLR2004
            break
        value /= 1000
    number = f"{value:.1f}" if unit != "bytes" and value < 10 and value % 1 else f"{value:.0f}"  # noqa: PLR2004
    return f"{number} {unit}"


def initials(name: str) -> str:
    """SO of Sam Okafor: what stands in place of a photograph."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
