"""Pages of making and sharing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Action, Choice, Page, PageLinks, Send, Tab, Who, Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPlacePage(Page):
    """`/make/<place_id>`: a new space, or folder (`?kind=folder`). Fields: those of the settings, and slug."""

    template: ClassVar[str] = "sharing/new.html"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    kind: str
    parent: str
    parent_href: str
    action: str
    audiences: tuple[Choice, ...]
    """Empty for a folder."""
    markings: tuple[Choice, ...]
    name: str = ""
    slug: str = ""
    """Empty: made from the name."""
    audience: str = ""
    voices: str = ""
    writers: tuple[Choice, ...] = ()
    """Who may write in it, to choose from; empty for a folder."""
    marking: str = ""
    about: str = ""
    services: tuple[Choice, ...] = ()
    """Which it may be about; empty for a folder."""
    chosen: tuple[str, ...] = ()
    """Those that it is about, and `''` for each further one that it could be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPage(Page):
    """`/settings/<place_id>`: name, description, marking, audience and who may write; ways to move or put it away."""

    template: ClassVar[str] = "sharing/settings.html"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    tabs: tuple[Tab, ...] = ()
    kind: str
    action: str
    seen: str = ""
    """The seal of what was shown: the form sends it back."""
    news: tuple[str, ...] = ()
    """What has changed since the form was shown, a sentence each: nothing was saved."""
    cancel_href: str
    looking: tuple[Action, ...] = ()
    """Who can see it, who asks for access."""
    move_href: str
    steps: tuple[Action, ...] = ()
    """What may be done to its state: archive, withdraw, restore."""
    delete_href: str = ""
    state: str = "published"
    name: str
    about: str
    audience: str = ""
    audiences: tuple[Choice, ...] = ()
    voices: str = ""
    writers: tuple[Choice, ...] = ()
    """Who may write in it, to choose from; empty for a folder."""
    said: tuple[str, ...] = ()
    """What is to be known of who may write now, a sentence each."""
    marking: str = ""
    markings: tuple[Choice, ...] = ()
    services: tuple[Choice, ...] = ()
    """Which it may be about; empty for a folder."""
    chosen: tuple[str, ...] = ()
    """Those that it is about, and `''` for each further one that it could be."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Someone to whom a place was given."""

    name: str
    href: str
    kind: str
    """person, guest, group or organisation."""
    role: str
    given_by: str
    given: date
    until: date | None
    over: bool
    """Whether the last day has passed."""
    reason: str
    limits: str
    """What of the place it is about: "up to OFFICIAL, published"; `''` for all of it."""
    remove: Send
    change_href: str = ""
    """Where role, last day and reason are changed; of one that is over, where it is renewed."""
    organisation: str = ""
    """Of a person."""


@dataclass(frozen=True, slots=True)
class InsiderRow:
    """Someone who is in a space, as its members know them."""

    who: Who
    may: str
    """In plain words: "Can edit"."""
    until: date | None = None
    guest: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class WhoPage(Page):
    """`/who-is-in/<place_id>`: who is in a space, for its members."""

    template: ClassVar[str] = "sharing/who.html"

    whose: Whose
    tabs: tuple[Tab, ...] = ()
    members_href: str = ""
    """Where those who manage the space add and change members."""
    place_href: str
    rows: tuple[InsiderRow, ...]
    """A page of those to whom it was given."""
    links: PageLinks = ONE_PAGE
    by_policy: tuple[InsiderRow, ...] = ()
    """Those whom lines of policy name, on the first page."""
    guest: bool = False
    """Whether the viewer is one: they are not told of guests of other firms."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Someone found by name who can be added."""

    name: str
    detail: str
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation to a place that is open."""

    email: str
    role: str
    by: str
    until: datetime
    """When it ends by itself."""
    call_back: Send
    accepted: str = ""
    """Who said yes, and of which organisation; empty before that."""
    add_href: str = ""
    """Where they are added then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitePage(Page):
    """`/members/<place_id>/invite`: a colleague of another council. Fields email, role, until, reason."""

    template: ClassVar[str] = "sharing/invite.html"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    action: str
    cancel_href: str
    lasts: int
    """Days until it ends by itself."""
    email: str = ""
    roles: tuple[Choice, ...]
    role: str = ""
    until: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """An invitation to the viewer."""

    by: str
    role: str
    reason: str
    until: date | None
    """The last day of what they would be given."""
    ends: datetime
    accept: Send
    decline: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class MyInvitationsPage(Page):
    """`/invitations`: who invites the viewer."""

    template: ClassVar[str] = "sharing/invitations.html"

    title: str = "Invitations"
    rows: tuple[InvitedRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MembersPage(Page):
    """`/members/<place_id>`: to whom a place was given, and a search for whom to add."""

    template: ClassVar[str] = "sharing/members.html"

    whose: Whose
    tabs: tuple[Tab, ...] = ()
    place_href: str
    audience_href: str
    members: tuple[MemberRow, ...]
    """A page of those whose membership holds, the newest first."""
    links: PageLinks = ONE_PAGE
    query: str = ""
    """The words in the names of those listed; `''` for everybody."""
    filtered: bool = False
    """Whether there is a box to find a member by name."""
    over: tuple[MemberRow, ...] = ()
    """Those whose last day has passed, the latest first: they see no more of it than others."""
    total_over: int = 0
    """How many these are, listed or not."""
    action: str
    find: str = ""
    offers: tuple[Offer, ...] = ()
    invite_href: str = ""
    """Where staff invite somebody by e-mail."""
    invitations: tuple[InvitationRow, ...] = ()
    """Those that are open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareDocumentPage(Page):
    """`/share/document/<id>`: with whom a document is shared by name, and a search for with whom to share it."""

    template: ClassVar[str] = "sharing/share.html"

    whose: Whose
    document_href: str
    audience_href: str
    given: tuple[MemberRow, ...]
    """A page of those to whom it was given, the newest first."""
    links: PageLinks = ONE_PAGE
    over: tuple[MemberRow, ...] = ()
    """Those whose last day has passed."""
    action: str
    find: str = ""
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AddMemberPage(Page):
    """`/members/<place_id>/add?who=WORD`: role, end date and reason; so `/share/document/<id>/add`, of a document.

    Fields who, role, until, reason, seen.
    """

    template: ClassVar[str] = "sharing/add.html"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    action: str
    cancel_href: str
    seen: str = ""
    """The seal of what they have now."""
    news: tuple[str, ...] = ()
    """What has changed since the form was shown, a sentence each: nothing was saved."""
    who: str
    name: str
    kind: str
    about: str = "Members"
    """What the form is a part of."""
    roles: tuple[Choice, ...]
    role: str = ""
    until: str = ""
    reason: str = ""
    needs_reason: bool = False
    needs_end: bool = False
    known: bool = False
    """Whether they are a member already, whose role, last day and reason are changed."""


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """Those who can read something by one rule."""

    whom: str
    source: str
    reason: str
    until: str
    people: int
    guests: int
    names: tuple[Who, ...]
    more: int
    """How many are not named."""
    uncounted: bool = False
    """Whether it lets in others too, of whom the viewer may not know who and how many they are."""


@dataclass(frozen=True, slots=True)
class ReaderList:
    """Everybody who can read one thing."""

    heading: str
    sentence: str
    rows: tuple[ReaderRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AudiencePage(Page):
    """`/audience/<…>`: who can see this, by which rule."""

    template: ClassVar[str] = "sharing/audience.html"

    whose: Whose
    back_href: str
    lists: tuple[ReaderList, ...]
    action: str = ""
    """Where another day is asked for; empty where none can be."""
    day: str = ""
    """The day that is asked for, as an ISO date or as it was typed; empty for now."""
    said: str = ""
    """Why there are no lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MovePage(Page):
    """`/move/<…>`: another place for a place or a document, or another address. Fields to, slug, seen."""

    template: ClassVar[str] = "sharing/move.html"

    whose: Whose
    action: str
    seen: str = ""
    """The seal of what was shown."""
    cancel_href: str
    path: str
    slug: str
    """Empty for a document, whose address stays."""
    find: str = ""
    to: str = ""
    places: tuple[Choice, ...] = ()
    note: str = ""
    """What to do instead where it cannot go there."""


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """One of several things that are changed at once."""

    title: str
    href: str
    marking: str
    why: str = ""
    """Why it stays as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManyPage(Page):
    """`/files/<place_id>/move` and `/mark`: where to, or which marking, for all that was chosen."""

    template: ClassVar[str] = "sharing/many.html"

    whose: Whose
    action: str
    cancel_href: str
    things: tuple[ChosenRow, ...]
    """Those that are there."""
    nodes: tuple[str, ...]
    """All that were chosen."""
    field: str
    """to, or marking."""
    choices: tuple[Choice, ...]
    find: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManyDonePage(Page):
    """What came of it: the title says how many are done and how many are not."""

    template: ClassVar[str] = "sharing/many-done.html"

    whose: Whose
    done: tuple[ChosenRow, ...] = ()
    left: tuple[ChosenRow, ...] = ()
    missing: int = 0
    """So many of what was chosen are not there."""
    undo: Send | None = None
    back_href: str
    back: str
