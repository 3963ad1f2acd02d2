"""Pages for those who administer the whole hub."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage, IssuerFields, Someone
from hub.web.pages import ONE_PAGE, Choice, PageLinks, Send

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
class AllOrganisationsPage(AdminPage):
    """`/admin/platform?q=words`: every organisation of the hub."""

    template: ClassVar[str] = "admin/organisations.html"

    title: str = "Organisations of this hub"
    action: str
    add_href: str
    query: str = ""
    organisations: tuple[OrganisationLine, ...]
    links: PageLinks = ONE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class AddOrganisationPage(AdminPage):
    """`/admin/platform/organisations/add`."""

    template: ClassVar[str] = "admin/add-organisation.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Add an organisation"
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
class OneOrganisationPage(AdminPage):
    """`/admin/platform/organisations/<slug>`: what the people who run the hub do about an organisation."""

    template: ClassVar[str] = "admin/one-organisation.html"

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
class SurePage(AdminPage):
    """Before something is done that shuts people out: what it does, in sentences, and the button."""

    template: ClassVar[str] = "admin/sure.html"

    sentences: tuple[str, ...]
    news: tuple[str, ...] = ()
    """What has changed since the person was asked, a sentence each: nothing was done."""
    send: Send
    cancel_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformAdministratorsPage(AdminPage):
    """`/admin/platform/administrators?q=words`: the people who run the hub; who could."""

    template: ClassVar[str] = "admin/platform-administrators.html"

    title: str = "Administrators of the hub"
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
class WaitingPage(AdminPage):
    """`/admin/platform/waiting`: rights beyond an organisation that wait to be confirmed."""

    template: ClassVar[str] = "admin/waiting.html"

    title: str = "Rights that wait"
    rows: tuple[WaitingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in the list of all."""

    name: str
    href: str
    part_of: str = ""
    """The service into which it is merged."""
    retired_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ServicesPage(AdminPage):
    """`/admin/platform/services`: what spaces can be about. Field name."""

    template: ClassVar[str] = "admin/services.html"

    title: str = "Services"
    action: str
    services: tuple[ServiceLine, ...] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServicePage(AdminPage):
    """`/admin/platform/services/<word>`: one of them. Fields do, name, into, seen."""

    template: ClassVar[str] = "admin/service.html"

    action: str
    seen: str = ""
    """The seal of what was shown: the forms send it back."""
    news: tuple[str, ...] = ()
    """What has changed since the form was shown, a sentence each: nothing was saved."""
    name: str
    part_of: str = ""
    """The service into which it is merged."""
    parts: tuple[str, ...] = ()
    """Those that are merged into it."""
    others: tuple[Choice, ...] = ()
    """Into which it could be merged."""
    retired_at: datetime | None = None
    questions_href: str = ""
    """The page of its question space, where there is one."""
    taking_part: tuple[str, ...] = ()
    """Who joined that, by name."""
