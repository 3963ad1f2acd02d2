"""A day and a time as people write them: 31/03/2027, 31.3.2027, 2027-03-31, 31 March 2027; 9:30, 09.30, 2pm.

As in Britain, days come first.
"""

import re
from datetime import date, time
from typing import Final

from hub.ground.errors import Invalid

MONTHS: Final = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
LONGEST: Final = 40
HOW: Final = "Enter a day such as 31/03/2027 or 2027-03-31"
_BRITISH: Final = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_SPOKEN: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ .-]*([a-z]{3,9})[ .,-]*([0-9]{4})")
_LAST_MONTH: Final = 12
HOW_LATE: Final = "Enter a time such as 09:30 or 2pm"
_TIME: Final = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))? ?(am|pm)?")
_NOON: Final = 12


def year_after(today: date) -> date:
    """The same day of the next year; of the 29th of February the 28th."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:
        return today.replace(year=today.year + 1, day=28)


def read_day(text: str, field: str = "") -> date:
    """The day that a text names; raises Invalid for `field`, in words, for what names none or one of no calendar.

    03/04/2027 is the third of April. A year has four digits: 99 could be of two centuries.
    """
    typed = " ".join(text.split()) if len(text) <= LONGEST else ""
    day, month, year = _parts(typed)
    if not month:
        raise Invalid(HOW, field)
    if month > _LAST_MONTH:
        raise Invalid(f"There is no month {month}: put the day first, such as 31/03/2027", field)
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid(f"There is no such day as {typed}: check the day and the month", field) from None


def read_time(text: str, field: str = "") -> time:
    """The time of day that a text names; raises Invalid for `field`, in words, for what names none."""
    found = _TIME.fullmatch(" ".join(text.lower().split())) if len(text) <= LONGEST else None
    if found is None or not (found[2] or found[3]):
        raise Invalid(HOW_LATE, field)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and not 1 <= hour <= _NOON:
        raise Invalid(HOW_LATE, field)
    try:
        return time(hour % _NOON + (_NOON if found[3] == "pm" else 0) if found[3] else hour, minute)
    except ValueError:
        raise Invalid(HOW_LATE, field) from None


def _parts(typed: str) -> tuple[int, int, int]:
    """Day, month and year; no month where it is no day at all."""
    if found := _ISO.fullmatch(typed):
        return int(found[4]), int(found[3]), int(found[1])
    if found := _BRITISH.fullmatch(typed):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _SPOKEN.fullmatch(typed.lower()):
        return int(found[1]), _month(found[2]), int(found[3])
    return 0, 0, 0


def _month(word: str) -> int:
    """The month of a name, whole or cut short (Mar, Sept); 0 for another word."""
    return next((number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word)), 0)
