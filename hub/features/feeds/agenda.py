"""What a calendar is told: events of a space, or those that its person said they come to, as far as they may leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.access.viewer import Viewer
from hub.features.feeds.items import space_of
from hub.features.feeds.leaving import may_have, may_leave
from hub.ground.errors import NotFound
from hub.nouns.organisations.leaving import NOTHING, TEXT
from hub.nouns.people.feeds import EVENTS, MINE
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.threads.calendar_entries import entry_of
from hub.nouns.threads.event_queries import answered_by, coming
from hub.web.calendars import CalendarEntry

MOST: Final = 200
BACK: Final = timedelta(days=90)
"""So long what is over stays in a calendar."""
MINE_TITLE: Final = "Events that I come to"


@dataclass(frozen=True)
class Agenda:
    """A calendar: what it is called, and what is in it."""

    title: str
    entries: tuple[CalendarEntry, ...]


def agenda_of(viewer: Viewer, sort: str, about: str, now: datetime, url: str) -> Agenda:
    """What a calendar says to its person now; where an event is only of those whose text may leave.

    Raises NotFound where the space is not there for them.
    """
    viewer.asked = True
    if not may_have(viewer.person):
        raise NotFound
    if sort == MINE:
        title, found = MINE_TITLE, answered_by(viewer, now - BACK, MOST)
    elif sort == EVENTS:
        title, found = f"{space_of(viewer, about).name}: events", coming(viewer, now - BACK, 1, MOST, about)
    else:
        raise NotFound
    leaves = may_leave(viewer, [each.thread for each in found])
    leaving = [each for each in found if leaves[each.thread.node] != NOTHING]
    people = named(viewer, {each.thread.opened_by for each in leaving})
    entries = []
    for each in leaving[:MOST]:
        by = str(people.get(each.thread.opened_by, NOBODY))
        entries.append(entry_of(each, url, by, venue=leaves[each.thread.node] == TEXT))
    return Agenda(title, tuple(entries))
