"""A day as people write it: 31/03/2027, 31.3.2027, 2027-03-31, 31 March 2027. As in Britain, days come first."""

import re
from datetime import date
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
