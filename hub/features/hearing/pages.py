"""The page of news for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Notice, Page, Send, Who


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
    letters: Send | None = None
    """Ends letters of news, or begins them again; None for whom there are none."""
