"""Pages of places: an organisation, a space, a folder."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Action, Admitted, DocumentRow, Joining, Page, PageLinks, PlaceRow, Who, Whose, Why


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacePage(Page):
    """`/places/<path>`: what a place is, what lies in it, what the viewer may do there. The title is its name."""

    template: ClassVar[str] = "spaces/place.html"
    section: ClassVar[str] = "organisations"

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
