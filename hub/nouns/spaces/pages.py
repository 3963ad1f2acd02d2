"""Pages of places: an organisation, a space, a folder; and all spaces."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import (
    ONE_PAGE,
    Action,
    Admitted,
    Choice,
    DocumentRow,
    Joining,
    Page,
    PageLinks,
    PlaceRow,
    Send,
    Who,
    Whose,
    Why,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacePage(Page):
    """`/places/<path>`: what a place is, what lies in it, what the viewer may do there. The title is its name."""

    template: ClassVar[str] = "spaces/place.html"
    section: ClassVar[str] = "spaces"

    kind: str
    """organisation, space or folder."""
    whose: Whose
    description: str = ""
    marking: str = ""
    """`''` for an organisation."""
    state: str = "published"
    audience: str = ""
    """open, restricted, private, confidential; `''` for what is not a space."""
    standing: str = ""
    """Of a space: member, reader or outsider."""
    children: tuple[PlaceRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    links: PageLinks = ONE_PAGE
    """Paging of the documents."""
    actions: tuple[Action, ...] = ()
    star: Send | None = None
    """Makes it a favourite of the viewer's, or no longer one."""
    search_href: str = ""
    """Search within this place; `''` hides the link."""
    managers: tuple[Who, ...] = ()
    """Who manages a space, as far as the viewer may know: whom to ask."""
    who_href: str = ""
    """Who is in it, for its members and those who manage it."""
    inside: bool = True
    """False when the viewer sees only this home page (restricted, private), not what lies in the space."""
    joining: Joining | None = None
    """None for those who are inside."""
    admitted: Admitted | None = None
    """For a guest: who sponsors them, and until when."""
    why: Why | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SpacesPage(Page):
    """`/spaces?organisation=leeds&find=flood`: the spaces that the viewer may see, by name."""

    template: ClassVar[str] = "spaces/spaces.html"
    section: ClassVar[str] = "spaces"

    title: str = "Spaces"
    spaces: tuple[PlaceRow, ...] = ()
    organisations: tuple[Choice, ...] = ()
    """Whose spaces may be asked for, by the address of the organisation."""
    organisation: str = ""
    """The one that was asked for."""
    find: str = ""
    links: PageLinks = ONE_PAGE
