"""Pages of asking for access."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Action, Choice, Page, PageLinks, Send, Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPage(Page):
    """`/ask-for-access`: an address and a reason. Fields address, reason."""

    template: ClassVar[str] = "asking/ask.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Ask for access"
    action: str = "/ask-for-access"
    address: str = ""
    reason: str = ""
    example: str
    """What the address of a document looks like in this hub."""
    guest: bool = False
    already: Action | None = None
    """What they asked for, where they may see it already."""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """Something that the viewer asked for, and what they were told."""

    address: str
    reason: str
    asked: date
    status: str
    """waiting, expired, granted or declined."""
    answered: date | None = None
    note: str = ""
    thing: str = ""
    href: str = ""
    """What was granted, if they see it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MinePage(Page):
    """`/my-requests`: what the viewer asked for."""

    template: ClassVar[str] = "asking/mine.html"

    title: str = "My requests"
    rows: tuple[OwnRow, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Somebody who asks for something."""

    name: str
    organisation: str
    guest: bool
    thing: str
    kind: str
    """document, space or folder; empty where it is shown as it was typed."""
    thing_href: str
    reason: str
    asked: date
    href: str
    """Where it is answered."""


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A request that was answered lately."""

    row: RequestRow
    answer: str
    """granted, declined or unsaid."""
    answered: date
    take_back: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestsPage(Page):
    """`/requests`: who asks for what the viewer manages, and for what nobody manages."""

    template: ClassVar[str] = "asking/requests.html"

    title: str = "Requests for access"
    rows: tuple[RequestRow, ...]
    links: PageLinks = ONE_PAGE
    left_over: tuple[RequestRow, ...] = ()
    """Of what nobody manages, in organisations that the viewer administers."""
    answered: tuple[AnsweredRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPage(Page):
    """`/requests/<id>`: one request, and a form that grants it: role, until, reason."""

    template: ClassVar[str] = "asking/answer.html"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose | None
    """None where it is not the viewer's to know."""
    row: RequestRow
    address: str
    asked: datetime
    job: str = ""
    has_role: str = ""
    """What they were given on it before."""
    action: str
    seen: str = ""
    """The seal of the thing as it was shown; `''` for those who do not manage it."""
    decline_href: str
    roles: tuple[Choice, ...]
    """Empty where the viewer cannot grant it."""
    role: str = ""
    until: str = ""
    reason: str = ""
    needs_reason: bool = False
    needs_end: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclinePage(Page):
    """`/requests/<id>/decline`: a note, and whether to say anything. Fields note, tell."""

    template: ClassVar[str] = "asking/decline.html"
    keeps_drafts: ClassVar[bool] = True

    row: RequestRow
    action: str
    cancel_href: str
    choices: tuple[Choice, ...]
    """Empty where nothing may be said: it lies in a confidential space."""
    note: str = ""
    tell: str = ""
