"""Pages of events: lists by date, one that is announced, changed or called off, and what its own page says of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.nouns.spaces.pages import PlaceHead
from hub.web.pages import Action, Page, Send, Who, Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """An event in a list."""

    title: str
    href: str
    when: str
    """"4 December 2026, 10:00 to 12:00"."""
    starts: datetime
    venue: str
    place: str = ""
    """The space, where the list mixes spaces."""
    off: bool = False
    come: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class EventShown:
    """What the page of a conversation says of when and where it takes place, and who comes."""

    when: str
    starts: datetime
    venue: str
    venue_href: str
    """The address of a meeting on the web; empty of a place."""
    off: str
    """Why it is called off; empty where it is not."""
    over: bool
    counts: tuple[tuple[str, int], ...]
    """How many said what."""
    names_href: str
    """Where those of them are named whom the viewer may see; empty where nobody answered."""
    mine: str
    """What the viewer said, in words; empty where they said nothing."""
    sends: tuple[Send, ...]
    """What the viewer may say."""
    actions: tuple[Action, ...]
    """What those who edit there do on pages of their own, and the file for a calendar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpaceEventsPage(Page):
    """`/talk/<space id>/events`: what is coming in a space, or with `?past=yes` what is over. The title is its name."""

    template: ClassVar[str] = "talk/space-events.html"
    section: ClassVar[str] = "spaces"

    head: PlaceHead
    past: bool
    events: tuple[EventRow, ...]
    other: Action
    """The other of the two lists."""
    begin: Action | None = None
    feed_href: str = ""
    earlier: str = ""
    later: str = ""
    """The pages before and after."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventsPage(Page):
    """`/events`: all that is coming and the viewer may see."""

    template: ClassVar[str] = "talk/events.html"
    section: ClassVar[str] = "events"

    title: str = "Events"
    events: tuple[EventRow, ...]
    feed_href: str = ""
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFields:
    """When and where, as typed."""

    starts_on: str
    starts: str
    ends_on: str
    ends: str
    venue: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncePage(Page):
    """`/talk/<space id>/new-event`: the form for a new event."""

    template: ClassVar[str] = "talk/announce.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    place: str
    place_href: str
    action: str
    cancel_href: str
    name: str
    body: str
    fields: EventFields
    preview: bool = False
    seen: str = ""
    news: tuple[str, ...] = ()
    readers: str = ""
    keepers: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeEventPage(Page):
    """`/threads/<id>/event`: another time or place."""

    template: ClassVar[str] = "talk/change-event.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    fields: EventFields
    based_on: int
    seen: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CallOffPage(Page):
    """`/threads/<id>/call-off`: why it does not take place."""

    template: ClassVar[str] = "talk/call-off.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    based_on: int
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComersPage(Page):
    """`/threads/<id>/who-comes`: those who answered and whom the viewer may see, by what they said."""

    template: ClassVar[str] = "talk/comers.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    names: tuple[tuple[str, tuple[Who, ...]], ...]
