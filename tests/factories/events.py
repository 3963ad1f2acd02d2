"""Examples of the pages of events."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from hub.features.talk.event_pages import (
    AnnouncePage,
    CallOffPage,
    ChangeEventPage,
    ComersPage,
    EventFields,
    EventRow,
    EventShown,
    EventsPage,
    SpaceEventsPage,
)
from hub.web.pages import Action, Page, Problem, Send
from tests.factories.page_values import HOUSING, LEEDS, LONG_WORD, WHOSE
from tests.factories.spaces import HEAD, PRIYA, TOM

THREAD: Final = "/threads/t4k9x2m7qabc"
WHEN: Final = "4 December 2026, 10:00 to 12:30"
STARTS: Final = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
ROW: Final = EventRow(
    title="Silt sensors: what we learned", href=THREAD, when=WHEN, starts=STARTS, venue="Civic Hall, Leeds", come=12
)
SHOWN: Final = EventShown(
    when=WHEN,
    starts=STARTS,
    venue=f"https://meet.example/{LONG_WORD}",
    venue_href=f"https://meet.example/{LONG_WORD}",
    off="",
    over=False,
    counts=(("come", 1), ("may come", 2)),
    names_href=f"{THREAD}/who-comes",
    mine="You said that you come.",
    sends=(Send("Maybe", f"{THREAD}/come"), Send("Take my answer back", f"{THREAD}/come", kind="link")),
    actions=(Action("Add to your calendar", f"{THREAD}/event.ics"), Action("Call it off", f"{THREAD}/call-off")),
)
FIELDS: Final = EventFields(starts_on="2026-12-04", starts="10:00", ends_on="", ends="12:30", venue="Civic Hall, Leeds")


def event_examples() -> dict[str, Page]:
    """Every page of events by a short name."""
    space = SpaceEventsPage(
        title="Flood plan",
        crumbs=(LEEDS, HOUSING),
        head=HEAD,
        past=False,
        events=(ROW, replace(ROW, title=LONG_WORD, off=True)),
        other=Action("What is over", "?past=yes"),
        begin=Action("Announce an event", "/talk/p4/new-event", primary=True),
        feed_href="/me/feeds/new?events=p4",
        later="?page=2",
    )
    announce = AnnouncePage(
        title="Announce an event",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        place="Flood plan",
        place_href="/places/leeds/flood-plan",
        action="/talk/p4k9x2m7qa/new-event",
        cancel_href="/talk/p4k9x2m7qa",
        name="Silt sensors",
        body="Bring **yours**.",
        fields=FIELDS,
        preview=True,
        readers="27 people can read this.",
        keepers="Leeds City Council keeps it.",
    )
    change = ChangeEventPage(
        title="Change time or place",
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        action=f"{THREAD}/event",
        cancel_href=THREAD,
        fields=FIELDS,
        based_on=1,
        news=("It is now somewhere else.",),
    )
    wrong = (Problem("starts_on", "Enter a day"), Problem("ends", "It must end after it starts"))
    return {
        "events": EventsPage(
            events=(replace(ROW, place="Flood plan"),), feed_href="/me/feeds/new?mine=yes", earlier="?"
        ),
        "events-none": EventsPage(events=()),
        "space-events": space,
        "space-events-past": replace(
            space, past=True, events=(), begin=None, feed_href="", later="", earlier="?page=1"
        ),
        "announce": announce,
        "announce-again": replace(announce, preview=False, problems=wrong),
        "change-event": change,
        "change-event-again": replace(change, problems=(Problem("venue", "Say where it is"),)),
        "who-comes": ComersPage(
            title="Who comes?", crumbs=(LEEDS,), whose=WHOSE, names=(("come", (PRIYA,)), ("may come", (TOM, PRIYA)))
        ),
        "who-comes-none": ComersPage(title="Who comes?", crumbs=(LEEDS,), whose=WHOSE, names=()),
        "call-off": CallOffPage(
            title="Call off “Silt sensors”?",
            crumbs=(LEEDS, HOUSING),
            whose=WHOSE,
            action=f"{THREAD}/call-off",
            cancel_href=THREAD,
            based_on=1,
            problems=(Problem("reason", "Say why it is called off"),),
        ),
    }
