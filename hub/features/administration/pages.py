"""Pages for those who administer an organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.writing.difference import Difference
from hub.web.pages import ONE_PAGE, Choice, Page, PageLinks, Send


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of an organisation's administration."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminPage(Page):
    """About an organisation or the whole hub, for those who look after it: templates extend `admin/base.html`."""

    section: ClassVar[str] = "admin"

    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing on the checklist: what it is, how it stands, whether that is enough to begin with."""

    text: str
    state: str
    done: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person in a list of administrators."""

    name: str
    href: str
    handle: str
    email: str = ""
    job: str = ""
    status: str = "active"
    kind: str = "staff"
    signed_in: bool = True
    """False until their first sign-in."""
    send: Send | None = None
    """What may be done to them in this list."""
    organisation: str = ""
    """Where the list has people of several."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in a list."""

    name: str
    href: str
    handle: str
    members: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the checker of policy files says of a line; `line` 0 where it is of the file as a whole."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Touched:
    """How many people of an organisation, or how many guests, a text gives sight of something or takes it from."""

    name: str
    gain: str
    lose: str
    """Each a number, or that they are not counted."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A text of a policy that was put in force."""

    number: int
    href: str
    accepted_at: datetime
    accepted_by: str
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class IssuerFields:
    """What was typed about an issuer. A secret is never sent back."""

    redirect: str
    """The address that has to be registered there."""
    issuer: str = ""
    client_id: str = ""
    tested: str = ""
    """What a test has found, in a sentence; empty when none was made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistPage(AdminPage):
    """`/admin/<slug>`: what to do first, with how it stands."""

    template: ClassVar[str] = "admin/checklist.html"

    steps: tuple[Step, ...]
    done: int
    sends: tuple[Send, ...] = ()
    """Once all is done: to put the list away."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody whom another organisation invites, and who has not been added yet."""

    email: str
    by: str
    add_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PeoplePage(AdminPage):
    """`/admin/<slug>/people?q=words`: everybody of the organisation, whatever their status."""

    template: ClassVar[str] = "admin/people.html"

    title: str = "People"
    action: str
    add_href: str
    query: str = ""
    only: str = ""
    parts: tuple[Tab, ...] = ()
    """The same list of some of them only."""
    people: tuple[Someone, ...]
    links: PageLinks = ONE_PAGE
    wanted: tuple[Wanted, ...] = ()
    """Whom others invite by an address of the organisation's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AddPersonPage(AdminPage):
    """`/admin/<slug>/people/add`; with `link`, the answer: a link that is shown this once."""

    template: ClassVar[str] = "admin/add-person.html"
    keeps_drafts: ClassVar[bool] = True

    action: str
    name: str = ""
    email: str = ""
    job: str = ""
    handle: str = ""
    prefix: str = ""
    """What stands before each handle: `leeds/`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkOncePage(AdminPage):
    """The one-use link of somebody, in answer to the form that asked for it. It is not shown again."""

    template: ClassVar[str] = "admin/link-once.html"

    person: str
    organisation: str
    link: str
    """Empty where the organisation has no issuer yet."""
    mailed: str = ""
    """Address that it is mailed to; empty where the administrator has to pass it on."""
    local: bool = False
    """Whether they sign in at the hub itself: a guest whose firm has no issuer."""
    lasts: str
    """In words: "72 hours"."""
    person_href: str
    add_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonAdminPage(AdminPage):
    """`/admin/<slug>/people/<name>`: how somebody stands, and what can be done about it."""

    template: ClassVar[str] = "admin/person.html"
    keeps_drafts: ClassVar[bool] = True

    handle: str
    email: str = ""
    job: str = ""
    kind: str
    status: str
    signed_in: bool
    sessions: int
    added: datetime
    groups: tuple[Tab, ...] = ()
    sends: tuple[Send, ...] = ()
    is_viewer: bool = False
    left: str = ""
    """Why only the administrators of the hub look after them; empty while the viewer may."""
    action: str
    seen: str = ""
    """The seal of how they are shown now: the form sends it back."""
    typed_name: str
    typed_email: str
    typed_job: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupsPage(AdminPage):
    """`/admin/<slug>/groups`: the organisation's groups, and a form for a new one."""

    template: ClassVar[str] = "admin/groups.html"

    title: str = "Groups"
    action: str
    groups: tuple[GroupRow, ...]
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupPage(AdminPage):
    """`/admin/<slug>/groups/<name>?q=words`: who belongs to it; who could join."""

    template: ClassVar[str] = "admin/group.html"

    handle: str
    action: str
    members: tuple[Someone, ...]
    links: PageLinks = ONE_PAGE
    query: str = ""
    found: tuple[Someone, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvingRow:
    """A domain that is being proved: the record to make, and the two buttons."""

    domain: str
    name: str
    text: str
    check: Send
    drop: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationAdminPage(AdminPage):
    """`/admin/<slug>/organisation`: what it is called, how it is reached, and what may leave by mail."""

    template: ClassVar[str] = "admin/organisation.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Organisation"
    action: str
    name: str
    description: str
    contact: str
    leaves: str = "titles"
    """What may leave by mail, of these `choices`."""
    unreachable: int = 0
    """How many of its people have an address that a mail server refuses."""
    choices: tuple[Choice, ...] = ()
    seen: str = ""
    """The seal of these four as they are."""
    domains: tuple[tuple[str, datetime | None], ...]
    """Each with when it was proved; None where it was only typed."""
    proving: tuple[ProvingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class HandEditRow:
    """A text that stood in the file on disk and is not in force."""

    href: str
    """The editor, with this text."""
    seen_at: datetime
    by: str
    why: str
    held: bool
    """Whether it waits for somebody's yes."""


@dataclass(frozen=True, slots=True)
class WishRow:
    """That somebody wants to do something that lines of the file are in the way of."""

    by: str
    asked_at: datetime
    wanted: str
    """“delete leeds/housing/damp”: the thing as the lines name it."""
    lines: tuple[int, ...]
    refuse: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyPage(AdminPage):
    """`/admin/<slug>/policy`: the file in force, by line."""

    template: ClassVar[str] = "admin/policy.html"

    title: str = "Policy"
    file: str
    lines: tuple[str, ...]
    edit_href: str
    accepted_at: datetime | None
    accepted_by: str = ""
    remarks: tuple[Said, ...] = ()
    refused: tuple[Said, ...] = ()
    """What is wrong with the working copy on disk, which is not in force."""
    hand_edits: tuple[HandEditRow, ...] = ()
    history_href: str = ""
    whole_hub: bool = False
    """Whether it is the file of the platform, whose denies bind every organisation."""
    wishes: tuple[WishRow, ...] = ()
    people_href: str = ""
    """Where the line is looked at by which other councils find its people; empty where the file speaks of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyEditPage(AdminPage):
    """`/admin/<slug>/policy/edit`: the text, what the checker says, and the difference before it is adopted."""

    template: ClassVar[str] = "admin/policy-edit.html"
    keeps_drafts: ClassVar[bool] = True

    file: str
    action: str
    cancel_href: str
    text: str
    replacing: str
    """Digest of the text in force that this one would replace."""
    checked: str = ""
    """Digest of the text, and of whom it shows or takes what, when it can be adopted; empty before it was checked."""
    news: tuple[str, ...] = ()
    """What has changed since the person was asked, a sentence each: nothing was done."""
    faults: tuple[Said, ...] = ()
    remarks: tuple[Said, ...] = ()
    difference: Difference | None = None
    sentences: tuple[str, ...] = ()
    """What it shows to whom and takes from whom, with exact numbers; empty before it was checked."""
    touched: tuple[Touched, ...] = ()
    hand_edit: HandEditRow | None = None
    """The text on disk that this is."""
    put_back: Send | None = None
    """The other answer to one that is held."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyHistoryPage(AdminPage):
    """`/admin/<slug>/policy/versions`: every text that was ever in force, the newest first."""

    template: ClassVar[str] = "admin/policy-history.html"

    title: str = "Versions of the policy"
    file: str
    versions: tuple[VersionRow, ...]
    links: PageLinks = ONE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyVersionPage(AdminPage):
    """`/admin/<slug>/policy/versions/<number>`: one of them, compared with the text in force."""

    template: ClassVar[str] = "admin/policy-version.html"

    file: str
    version: VersionRow
    lines: tuple[str, ...]
    difference: Difference
    """From this text to the one in force."""
    back_href: str
    """The editor with this text; empty for the one in force."""
