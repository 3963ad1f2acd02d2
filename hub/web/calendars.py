"""A calendar as iCalendar (RFC 5545), for programs that keep one. It is written, and none is ever read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from icalendar import Event as Entry

TYPE: Final = "text/calendar; charset=utf-8"
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What no text of a calendar may hold, however it is written."""
_LONDON: Final = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """Something that takes place. Moments are those of Europe/London."""

    uid: str
    """The same for as long as it is there."""
    title: str
    starts: datetime
    ends: datetime
    changed: datetime
    revision: int
    """Grows with each change of it."""
    href: str
    """Its page, as a whole address."""
    off: bool = False
    """Whether it is called off."""
    venue: str = ""
    by: str = ""
    """Who announced it, and for which organisation."""


def as_calendar(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """The document, of one or of several, the same bytes for the same things."""
    from icalendar import Calendar, Component  # late: 3 MB, of no use to a process until it writes a calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Knowledge Hub//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", writable(name))
    calendar.add_component(Component.from_ical(_LONDON))
    for entry in entries:
        calendar.add_component(_of(entry))
    return bytes(calendar.to_ical())


def writable(text: str) -> str:
    """A text without what a calendar cannot hold, in one line."""
    return _NO_TEXT.sub("\ufffd", " ".join(text.splitlines()))


def _of(entry: CalendarEntry) -> "Entry":
    from icalendar import Event as Entry

    found = Entry()
    found.add("uid", entry.uid)
    found.add("dtstamp", entry.changed)
    found.add("last-modified", entry.changed)
    found.add("dtstart", entry.starts)
    found.add("dtend", entry.ends)
    found.add("summary", writable(entry.title))
    found.add("sequence", entry.revision - 1)
    found.add("status", "CANCELLED" if entry.off else "CONFIRMED")
    found.add("url", entry.href)
    if entry.by:
        found.add("description", writable(entry.by))
    if entry.venue:
        found.add("location", writable(entry.venue))
    return found
