"""The page of those who came and wait until somebody has said that it is they."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Page, Send, Who


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """Somebody who came, whose place it would be, and the two answers."""

    who: str
    """The name that came; a sentence where none did."""
    email: str
    verified: bool
    subject: str
    issuer: str
    came_at: datetime
    place: Who
    invited: str
    """The address for which the link was made; empty where there is none."""
    replaced: bool
    """Whether no link was opened, and the organisation's issuer is a new one."""
    admit: Send
    refuse: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivalsPage(Page):
    """`/arrivals`: who came and waits for the viewer, who sponsors them or looks after their organisation."""

    template: ClassVar[str] = "admin/arrivals.html"

    title: str = "Who came"
    arrivals: tuple[ArrivalRow, ...]
