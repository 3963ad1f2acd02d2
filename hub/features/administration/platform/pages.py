"""Pages for those who administer the whole hub."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import IssuerFields, Someone, Tab
from hub.web.pages import ONE_PAGE, Choice, Page, PageLinks, Send

KINDS = (
    Choice("council", "Council", "Its staff sign in and read what is open to everyone"),
    Choice("partner", "Partner", "A body such as a health trust or a fire service, whose staff work here too"),
    Choice("supplier", "Supplier", "A firm: its people come in as guests, for named spaces and until an end date"),
)


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list of all."""

    name: str
    href: str
    slug: str
    kind: str
    people: int
    issuer: str
    """How its sign-in stands, in words."""
    blocked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOrganisationsPage(Page):
    """`/admin/platform?q=words`: every organisation of the hub."""

    template: ClassVar[str] = "admin/organisations.html"
    section: ClassVar[str] = "admin"

    title: str = "Organisations of this hub"
    tabs: tuple[Tab, ...]
    action: str
    add_href: str
    query: str = ""
    organisations: tuple[OrganisationLine, ...]
    links: PageLinks = ONE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class AddOrganisationPage(Page):
    """`/admin/platform/organisations/add`."""

    template: ClassVar[str] = "admin/add-organisation.html"
    section: ClassVar[str] = "admin"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Add an organisation"
    tabs: tuple[Tab, ...]
    action: str
    reserved: str
    """Id that its issuer will have: carried along, so that the redirect address stays what it was."""
    name: str = ""
    slug: str = ""
    kind: str = "council"
    kinds: tuple[Choice, ...] = KINDS
    contact: str = ""
    domains: str = ""
    issuer: IssuerFields


@dataclass(frozen=True, kw_only=True, slots=True)
class OneOrganisationPage(Page):
    """`/admin/platform/organisations/<slug>`: what the people who run the hub do about an organisation."""

    template: ClassVar[str] = "admin/one-organisation.html"
    section: ClassVar[str] = "admin"

    tabs: tuple[Tab, ...]
    slug: str
    kind: str
    people: int
    guests: int
    sessions: int
    issuer: str
    has_issuer: bool
    administrators: tuple[str, ...]
    blocked_at: datetime | None
    administer_href: str
    issuer_href: str
    domains: str
    domains_seen: str = ""
    """The seal of the domains as they are."""
    domains_action: str
    invite_action: str
    invite_name: str = ""
    invite_email: str = ""
    sends: tuple[Send, ...] = ()
    block_href: str = ""
    """Empty for what is blocked, and for the viewer's own organisation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SurePage(Page):
    """Before something is done that shuts people out: what it does, in sentences, and the button."""

    template: ClassVar[str] = "admin/sure.html"
    section: ClassVar[str] = "admin"

    tabs: tuple[Tab, ...]
    sentences: tuple[str, ...]
    news: tuple[str, ...] = ()
    """What has changed since the person was asked, a sentence each: nothing was done."""
    send: Send
    cancel_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformAdministratorsPage(Page):
    """`/admin/platform/administrators?q=words`: the people who run the hub; who could."""

    template: ClassVar[str] = "admin/platform-administrators.html"
    section: ClassVar[str] = "admin"

    title: str = "Administrators of the hub"
    tabs: tuple[Tab, ...]
    action: str
    members: tuple[Someone, ...]
    query: str = ""
    found: tuple[Someone, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One change that nobody has confirmed yet, and whose rights wait for it."""

    who: str
    href: str
    organisation: str
    what: str
    detail: str
    by: str
    at: datetime
    confirm: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingPage(Page):
    """`/admin/platform/waiting`: rights beyond an organisation that wait to be confirmed."""

    template: ClassVar[str] = "admin/waiting.html"
    section: ClassVar[str] = "admin"

    title: str = "Rights that wait"
    tabs: tuple[Tab, ...]
    rows: tuple[WaitingRow, ...] = ()
