"""Events as lists have them."""

from collections.abc import Sequence
from typing import Final

from hub.access.entries import nearest_space
from hub.access.guard import parts, viewer
from hub.features.talk.event_pages import EventRow
from hub.nouns.threads.event_queries import Dated, coming, counts_of
from hub.nouns.threads.events import in_words
from hub.nouns.threads.sorts import CALLED_OFF

MOST_NEXT: Final = 3


def next_events(place_id: str) -> tuple[EventRow, ...]:
    """The next ones of a space, as its talk begins with them. Two queries, and one where there are none."""
    return event_rows(coming(viewer(), parts().clock.now(), 1, MOST_NEXT, place_id)[:MOST_NEXT])


def event_rows(found: Sequence[Dated], *, places: bool = False) -> tuple[EventRow, ...]:
    """With the space of each, where the list mixes `places`. One query: how many come."""
    come = counts_of(viewer().session, [each.thread.node for each in found]) if found else {}
    return tuple(
        EventRow(
            title=each.thread.title,
            href=f"/threads/{each.thread.id}",
            when=in_words(each.event),
            starts=each.event.starts_at,
            venue=each.event.venue,
            place=_space_of(each.thread.place_id) if places else "",
            off=each.thread.stage == CALLED_OFF,
            come=come.get(each.thread.node, 0),
        )
        for each in found
    )


def _space_of(place_id: str) -> str:
    place = viewer().place(nearest_space(viewer().snapshot, place_id))
    return place.name if place else ""
