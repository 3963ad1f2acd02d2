"""Events as calendars have them."""

from urllib.parse import urlsplit

from hub.ground.clock import LONDON
from hub.nouns.threads.event_queries import Dated
from hub.nouns.threads.sorts import CALLED_OFF
from hub.web.calendars import CalendarEntry


def entry_of(dated: Dated, url: str, by: str, *, venue: bool) -> CalendarEntry:
    """One, of a hub at this address, announced by whom; with where it is, or without."""
    thread, event = dated.thread, dated.event
    return CalendarEntry(
        uid=f"{thread.id}@{urlsplit(url).hostname}",
        title=thread.title,
        starts=event.starts_at.astimezone(LONDON),
        ends=event.ends_at.astimezone(LONDON),
        changed=event.changed_at,
        revision=event.revision,
        href=f"{url}/threads/{thread.id}",
        off=thread.stage == CALLED_OFF,
        venue=event.venue if venue else "",
        by=by,
    )
