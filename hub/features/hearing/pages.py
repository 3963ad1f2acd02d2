"""The page of news for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Action, Choice, Notice, Page, Send, Who


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRow:
    """That somebody said something that concerns the viewer."""

    who: Who
    did: str
    """Why the viewer hears of it: "answered you"."""
    title: str
    href: str
    """The first post that is new to them."""
    place: str
    at: datetime
    new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticesPage(Page):
    """`/notices`: of what the viewer is to hear, the newest first."""

    template: ClassVar[str] = "hearing/notices.html"
    section: ClassVar[str] = "notices"

    title: str = "News for you"
    told: tuple[Notice, ...] = ()
    """What was decided about posts of theirs, or that they reported."""
    notices: tuple[NoticeRow, ...] = ()
    put_away: Send | None = None
    """Marks all of them as seen."""
    actions: tuple[Action, ...] = ()
    """Where the viewer says what comes by mail, and what they follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowPage(Page):
    """`…/follow`: how much the viewer hears of a thing or a place. Sent with `csrf_token`, `level` and `until`."""

    template: ClassVar[str] = "hearing/follow.html"
    section: ClassVar[str] = "notices"

    about: str
    action: str
    cancel_href: str
    choices: tuple[Choice, ...]
    level: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """Something of which the viewer chose what to hear."""

    word: str
    """What it is: "Conversation", "Person"."""
    title: str
    href: str
    level: str
    """What they hear of it; empty of a service."""
    stop: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowingPage(Page):
    """`/me/following`: what the viewer follows, and what they want to hear nothing of."""

    template: ClassVar[str] = "hearing/following.html"
    section: ClassVar[str] = "notices"

    title: str = "What you follow"
    followed: tuple[FollowedRow, ...] = ()
    skill: str = ""
    """What was typed into the field for another thing that people know."""
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPage(Page):
    """`/notices/settings`: which letters the viewer gets, and when.

    Sent with `csrf_token`, `daily`, `at_once`, `from`, `to` and a `day` for each day.
    """

    template: ClassVar[str] = "hearing/settings.html"
    section: ClassVar[str] = "notices"

    title: str = "Letters to you"
    action: str
    address: str = ""
    """To which they go; empty where the viewer gets none."""
    without: str = ""
    """Why the viewer gets none."""
    refused: str = ""
    """What the mail server said to that address, where it is refused."""
    again: Send | None = None
    away: str = ""
    """That the viewer is away, and when letters come again."""
    yes_no: tuple[tuple[Choice, ...], tuple[Choice, ...]] = ((), ())
    """What can be chosen of the daily letter, and of letters at once."""
    daily: str = "yes"
    at_once: str = "yes"
    begins: str = "8:00"
    ends: str = "18:00"
    days: tuple[tuple[Choice, bool], ...] = ()
    """Each day, and whether letters may come on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StopPage(Page):
    """`/letters/stop/<token>`: ends letters of a kind, for whoever has the link; the same for every link."""

    template: ClassVar[str] = "hearing/stop.html"

    title: str = "Get no more of these letters?"
    action: str = ""
    """Empty once it is done."""
