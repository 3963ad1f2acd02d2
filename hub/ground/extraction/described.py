"""What a file says of itself: who wrote it and when. Words of whoever made the file, which prove nothing.

Office Open XML keeps it in its core properties (ECMA-376 part 2, 11), OpenDocument in meta.xml (ISO/IEC 26300-1, 4.3),
PDF in its information dictionary (ISO 32000-2, 14.3.3).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

LONGEST: Final = 200
"""Characters of an author's name that are kept."""
OLDEST: Final = datetime(1985, 1, 1, tzinfo=UTC)
"""What is said to be older is a clock that was never set."""
_CLOCK: Final = ZoneInfo("Europe/London")
"""Where the clocks stand of which a file does not say where they stand."""
_SAID: Final = re.compile(
    r"(?:D:)?(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d{1,12})?)?)?"
    r"(Z(?:\d\d'\d\d'?)?|[+-]\d\d(?:[:']?\d\d'?)?)?'?"
)


@dataclass(frozen=True, slots=True)
class Described:
    """An author by name, and the moments of its making and of its last change, as the file writes them; or empty."""

    author: str = ""
    created: str = ""
    changed: str = ""


def moment_said(text: str, now: datetime) -> datetime | None:
    """The moment that a file writes; None for what is none, is older than such files are, or is still to come."""
    found = _SAID.fullmatch(text.strip()[:60])
    if found is None:
        return None
    *numbers, zone = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    try:
        said = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return said if OLDEST <= said <= now else None


def _zone(text: str | None) -> timezone | ZoneInfo:
    if text is None:
        return _CLOCK
    if text.startswith("Z"):  # some write an offset behind it all the same
        return UTC
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if text.startswith("-") else away)
