"""The pages on which somebody makes, sees and revokes the addresses of their feeds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import Page, Send


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedRow:
    """An address that the viewer made; which it is they were shown once."""

    name: str
    about: str
    """"What is new in a space: Flood forum"."""
    href: str
    """Where the same is in the hub; empty where the viewer may not see that any more."""
    made: date
    until: date
    """The last day, or the day on which it ended."""
    status: str
    """live, revoked or over."""
    used: datetime | None
    sends: tuple[Send, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedsPage(Page):
    """`/me/feeds`: the viewer's addresses."""

    template: ClassVar[str] = "feeds/feeds.html"

    title: str = "Feeds"
    feeds: tuple[FeedRow, ...] = ()
    barred: str = ""
    """Why the viewer can have none; empty for whoever can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFeedPage(Page):
    """`/me/feeds/new?space=…`: what an address is for, and what it is to be called."""

    template: ClassVar[str] = "feeds/new.html"

    title: str = "Follow in a feed reader"
    about: str
    href: str
    action: str
    cancel_href: str
    name: str
    calendar: bool = False
    """Whether it is for a calendar, and not for a feed reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedOncePage(Page):
    """A new address, in answer to the form that asked for it. It is not shown again."""

    template: ClassVar[str] = "feeds/once.html"

    name: str
    address: str
    until: date
    calendar: bool = False
