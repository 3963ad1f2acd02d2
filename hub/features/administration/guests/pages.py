"""Pages about the guests of an organisation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage
from hub.nouns.people.forms import ROLE_CHOICES
from hub.web.pages import ONE_PAGE, Choice, PageLinks, Send

GUEST_ROLES = tuple(choice for choice in ROLE_CHOICES if choice.value != "manager")


@dataclass(frozen=True, slots=True)
class GuestRow:
    """What a guest was given."""

    name: str
    handle: str
    firm: str
    place: str
    """Empty for what the viewer may not see."""
    place_href: str
    role: str
    sponsor: str
    sponsor_gone: bool
    """Whether the sponsor is not active any more."""
    until: date | None
    over: bool
    purpose: str
    end: Send
    anew: Send | None = None
    """A new link, for a guest who signs in at the hub itself."""


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm whose people are guests here."""

    name: str
    guests: int
    end_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GuestsPage(AdminPage):
    """`/admin/<slug>/guests`: whom the organisation's spaces have admitted, by whom and until when."""

    template: ClassVar[str] = "admin/guests.html"

    title: str = "Guests"
    add_href: str
    evidence_href: str = ""
    guests: tuple[GuestRow, ...]
    firms: tuple[FirmRow, ...] = ()
    links: PageLinks = ONE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmitPage(AdminPage):
    """`/admin/<slug>/guests/add`: who comes in, to what, why, until when, and who answers for them."""

    template: ClassVar[str] = "admin/admit.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Admit a guest"
    action: str
    firms: tuple[Choice, ...]
    spaces: tuple[Choice, ...]
    roles: tuple[Choice, ...] = GUEST_ROLES
    firm: str = ""
    name: str = ""
    email: str = ""
    space: str = ""
    role: str = "reader"
    until: str = ""
    reason: str = ""
    sponsor: str = ""
    """What was typed of them."""
    sponsors: tuple[Choice, ...] = ()
    """Whom that may mean, where it is not one alone."""
    sponsor_is: str = ""
    """Which of them was chosen."""
    add_firm_href: str = ""
    """For those who run the hub; empty for others, who ask them."""
    make_space_href: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Something that was done for a guest, or that they opened."""

    at: datetime
    what: str
    guest: str
    firm: str
    thing: str
    thing_href: str
    purpose: str
    by: str
    """Handle of who did it; empty for what the guest opened."""
    until: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """An admission on a line of time that is 1000 long."""

    name: str
    firm: str
    begins: date
    until: date
    left: int
    width: int
    today: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidencePage(AdminPage):
    """`/admin/<slug>/guests/evidence`: who had access to what, by whose word, and what they opened; to be printed."""

    template: ClassVar[str] = "admin/guest-evidence.html"

    title: str = "What guests had, and opened"
    rows: tuple[EvidenceRow, ...]
    more: bool = False
    """Whether there is more than the page shows: the table as CSV has it."""
    spans: tuple[Span, ...] = ()
    csv_href: str
