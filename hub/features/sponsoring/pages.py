"""The page of those who answer for guests."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import Page, Send


@dataclass(frozen=True, slots=True)
class SponsoredRow:
    """An admission for which the viewer answers."""

    name: str
    firm: str
    place: str
    """Empty for what the viewer may not see any more."""
    place_href: str
    purpose: str
    until: date
    over: bool
    soon: bool
    asleep: bool
    """Whether they were away for so long that they cannot sign in before they are woken."""
    seen: datetime | None
    sends: tuple[Send, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SponsoredPage(Page):
    """`/me/guests`: the guests for whom the viewer answers, until when, and one press for each thing to do."""

    template: ClassVar[str] = "sponsoring/guests.html"

    title: str = "Guests for whom you answer"
    rows: tuple[SponsoredRow, ...]
