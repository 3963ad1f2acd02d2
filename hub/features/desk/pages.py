"""The home page, and the page that asks where something new shall lie."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import Action, Notice, Page, Who
from hub.web.rows import DocumentRow, PlaceRow


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A thing of any kind in a short list: title, kind, and where it lies."""

    title: str
    href: str
    icon: str
    """By which `hub/web/icons.py` knows its picture."""
    kind: str
    """In words: "Text", "PDF", "Space"."""
    place: str = ""
    """`''` where the viewer may not see it, and for what lies in no place."""
    changed: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What one person did in one space: "Tomasz Nowak of Leeds City Council added 6 files in Joint flood plan"."""

    who: Who
    did: str
    """"added 6 files", "changed 1 page"."""
    space: str
    space_href: str
    at: datetime
    """The newest of it."""
    documents: tuple[DocumentRow, ...]
    """The first of them, newest first."""
    more: int = 0
    """How many are not listed here."""
    more_href: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HomePage(Page):
    """`/` for somebody signed in."""

    template: ClassVar[str] = "desk/home.html"
    section: ClassVar[str] = "home"

    title: str = "Home"
    given_name: str = ""
    waiting: tuple[Notice, ...] = ()
    """What waits for the viewer or is wrong, from every feature."""
    told: tuple[Notice, ...] = ()
    """What they should know."""
    opened: tuple[ThingRow, ...] = ()
    """What they opened last."""
    favourites: tuple[ThingRow, ...] = ()
    spaces: tuple[PlaceRow, ...] = ()
    """Spaces of which the viewer is a member."""
    others: tuple[PlaceRow, ...] = ()
    """For a member of none: spaces of their organisation, each with its standing."""
    writes: bool = False
    """Whether the viewer may write somewhere: others are not told of drafts."""
    drafts: tuple[DocumentRow, ...] = ()
    """The viewer's own, last changed first."""
    last_visit: datetime | None = None
    """None on a first visit."""
    changes: tuple[ChangeGroup, ...] = ()
    """What others did in the viewer's spaces since then, or in the last month, newest first."""
    earlier: bool = False
    """Whether there is more than is shown."""
    recent: tuple[DocumentRow, ...] = ()
    """For whom there is none of that: documents that they may see, last changed first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPage(Page):
    """`/new?what=page`: where something new shall lie. The title asks."""

    template: ClassVar[str] = "desk/new.html"

    what: str
    kinds: tuple[Action, ...]
    """What else there is to add; `primary` marks what was chosen."""
    places: tuple[PlaceRow, ...] = ()
    """Where the viewer may add it; each leads to the form there."""
    find: str = ""
    more: bool = False
    """Whether there are more places than are listed."""
