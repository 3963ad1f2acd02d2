"""Pages of places: an organisation, a space, a folder; and all spaces."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import (
    ONE_PAGE,
    Action,
    Admitted,
    Choice,
    Crumb,
    Joining,
    Page,
    PageLinks,
    Send,
    Tab,
    Who,
    Whose,
    Why,
)
from hub.web.rows import DocumentRow, PlaceRow


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceHead:
    """What every page of a place begins with."""

    kind: str
    """organisation, space or folder."""
    whose: Whose
    marking: str = ""
    """`''` for an organisation."""
    state: str = "published"
    audience: str = ""
    """open, restricted, private, confidential; `''` for what is not a space."""
    standing: str = ""
    """Of a space: member, reader or outsider."""
    actions: tuple[Action, ...] = ()
    star: Send | None = None
    """Makes it a favourite of the viewer's, or no longer one."""
    search_href: str = ""
    """Search within this place; `''` hides the link."""
    tabs: tuple[Tab, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacePage(Page):
    """`/places/<organisation>`: what an organisation is, and its spaces. The title is its name."""

    template: ClassVar[str] = "spaces/place.html"
    section: ClassVar[str] = "spaces"

    head: PlaceHead
    description: str = ""
    children: tuple[PlaceRow, ...] = ()
    admitted: Admitted | None = None
    """For a guest: who sponsors them, and until when."""
    why: Why | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverText:
    """The text that a space's managers named as its cover."""

    body: str
    """Markdown."""
    href: str
    marking: str
    state: str
    edit_href: str = ""
    """For those who may edit it."""
    take_away: Send | None = None
    """For those who manage the space: it is its cover no longer."""


@dataclass(frozen=True, slots=True)
class PinnedRow:
    """A thing that is pinned, and for those who manage the space what may be done about it."""

    row: DocumentRow
    sends: tuple[Send, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OverviewPage(Page):
    """`/places/<space>`: what a space is for, and what is new in it. The title is its name."""

    template: ClassVar[str] = "spaces/overview.html"
    section: ClassVar[str] = "spaces"

    head: PlaceHead
    description: str = ""
    services: tuple[Crumb, ...] = ()
    """What it is about, each with where all spaces about that are."""
    cover: CoverText | None = None
    begin_cover: Send | None = None
    """Where there is none, for those who manage the space: begins one."""
    pinned: tuple[PinnedRow, ...] = ()
    spaces: tuple[PlaceRow, ...] = ()
    """The spaces right in it."""
    changes: tuple[DocumentRow, ...] = ()
    """What changed last in it, the folders below included."""
    files_href: str = ""
    managers: tuple[Who, ...] = ()
    """Who manages it, as far as the viewer may know: whom to ask."""
    inside: bool = True
    """False when the viewer sees only this home page (restricted, private), not what lies in the space."""
    joining: Joining | None = None
    """None for those who are inside."""
    admitted: Admitted | None = None
    """For a guest: who sponsors them, and until when."""
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading of a table that can be sorted."""

    text: str
    href: str
    """Sorts by it; by the one that is sorted by, the other way round."""
    sorted: str = ""
    """ascending or descending."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A thing in the table of files."""

    row: DocumentRow
    node: str
    owner: Who | None = None
    size: int = 0
    """Bytes, of a file; 0 of what is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FilesPage(Page):
    """`/files/<space id>` and `/places/<folder>`: what lies right here, as a table. The title is the place's name."""

    template: ClassVar[str] = "spaces/files.html"
    section: ClassVar[str] = "spaces"

    head: PlaceHead
    description: str = ""
    folders: tuple[PlaceRow, ...] = ()
    columns: tuple[Column, ...] = ()
    files: tuple[FileRow, ...] = ()
    together: tuple[Action, ...] = ()
    """What can be done with those that are chosen, each a button that sends them there."""
    take_all: str = ""
    """Where all that is in it is downloaded as one archive."""
    links: PageLinks = ONE_PAGE
    many: bool = False
    """Whether there may be more than the list counts and leads to."""
    admitted: Admitted | None = None
    """For a guest: who sponsors them, and until when."""
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The spaces of one service, or of one organisation, that the viewer may see."""

    name: str
    href: str
    spaces: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SpacesPage(Page):
    """`/spaces?service=housing&organisation=leeds&find=flood`: the spaces that the viewer may see, by name."""

    template: ClassVar[str] = "spaces/spaces.html"
    section: ClassVar[str] = "spaces"

    title: str = "Spaces"
    spaces: tuple[PlaceRow, ...] = ()
    organisations: tuple[Choice, ...] = ()
    """Whose spaces may be asked for, by the address of the organisation."""
    organisation: str = ""
    """The one that was asked for."""
    services: tuple[Choice, ...] = ()
    """About which services spaces may be asked for, by their words."""
    service: str = ""
    """The one that was asked for."""
    follow: Send | None = None
    """What lets the viewer hear of new conversations in spaces about it, or no longer."""
    questions: PlaceRow | None = None
    """The space in which councils ask one another about it, where there is one that the viewer may see."""
    find: str = ""
    by_service: tuple[Shelf, ...] = ()
    """Where nothing is asked for: what there is of each service, and of each organisation."""
    by_organisation: tuple[Shelf, ...] = ()
    links: PageLinks = ONE_PAGE
