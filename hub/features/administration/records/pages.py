"""Pages about an organisation's records of what was said."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage
from hub.web.pages import ONE_PAGE, Choice, PageLinks, Send


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRow:
    """A post that the organisation holds."""

    name: str
    organisation: str
    """For which its author spoke."""
    at: datetime
    text: str
    """As much of it as fits."""
    about: str
    """What it was said about; empty where the viewer may not read that."""
    about_href: str
    withdrawn: bool = False
    removed: bool = False
    erase_href: str = ""
    """Where personal data is taken out of it; empty where that is for another organisation to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsPage(AdminPage):
    """`/admin/<slug>/records`: what the organisation holds of what was said. Asked by GET with the fields below."""

    template: ClassVar[str] = "admin/records.html"

    title: str = "Records of what was said"
    action: str
    words: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    earlier: bool = False
    why: str = ""
    found: str = ""
    """How much that is, in words; empty before anything was asked."""
    rows: tuple[HeldRow, ...] = ()
    links: PageLinks = ONE_PAGE
    export_href: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasePage(AdminPage):
    """`/admin/<slug>/records/post?node=NODE&number=1`: what of a post is to be taken out, and why."""

    template: ClassVar[str] = "admin/erase.html"

    title: str = "Remove personal data from a post"
    action: str
    cancel_href: str
    node: str
    number: int
    by: str
    at: datetime
    body: str
    lines: tuple[tuple[str, str], ...] = ()
    """What stands beside the post, such as the title, and what that says."""
    earlier: tuple[tuple[datetime, str], ...] = ()
    notes: tuple[str, ...] = ()
    """That it was withdrawn, and what was taken out of it before."""
    span: str = ""
    way: str = "span"
    reason: str = ""
    ways: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseSurePage(AdminPage):
    """The same once more: how every text of the post will read, before it is done for good."""

    template: ClassVar[str] = "admin/erase-sure.html"

    title: str = "Remove this for good?"
    sentences: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    """Which text, and how it will read."""
    elsewhere: tuple[int, ...] = ()
    """Numbers of other posts of the same talk that say the same."""
    send: Send
    cancel_href: str
    news: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRow:
    """A conversation that the organisation is about to keep no longer, or keeps whatever its schedule says."""

    title: str
    """Empty where the viewer may not read it."""
    href: str
    posts: int
    last: datetime
    due: date | None = None
    held_for: str = ""
    others: bool = False
    """Whether another organisation keeps it too."""
    sends: tuple[Send, ...] = ()
    hold_href: str = ""
    """Where it is said to keep it, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionPage(AdminPage):
    """`/admin/<slug>/retention`: how long what was said is kept. Sent with `months`, `which` and `comments`."""

    template: ClassVar[str] = "admin/retention.html"

    title: str = "How long conversations are kept"
    action: str
    now: str
    """How it is at the moment, in a sentence."""
    months: str = ""
    which: str = "closed"
    whiches: tuple[Choice, ...] = ()
    comments: str = ""
    """How long comments are kept: a value of `comment_choices`."""
    comment_choices: tuple[Choice, ...] = ()
    seen: str = ""
    due: tuple[DueRow, ...] = ()
    links: PageLinks = ONE_PAGE
    held: tuple[DueRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldPage(AdminPage):
    """`/admin/<slug>/retention/<node>`: keeping a conversation whatever the schedule says. Sent with `reason`."""

    template: ClassVar[str] = "admin/hold.html"

    title: str = "Keep this conversation"
    action: str
    cancel_href: str
    about: str
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionSurePage(AdminPage):
    """What a new schedule makes due, before it holds."""

    template: ClassVar[str] = "admin/sure.html"

    title: str
    sentences: tuple[str, ...]
    send: Send
    cancel_href: str
    news: tuple[str, ...] = ()
