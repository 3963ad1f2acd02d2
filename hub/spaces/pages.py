"""Pages of places: an organisation, a space, a folder."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Action, Admitted, DocumentRow, Page, PageLinks, PlaceRow, Whose, Why


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
    children: tuple[PlaceRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    links: PageLinks = ONE_PAGE
    """Paging of the documents."""
    actions: tuple[Action, ...] = ()
    search_href: str = ""
    """Search within this place; `''` hides the link."""
    managers: tuple[str, ...] = ()
    """Names, for a space whose contents the viewer may not see: whom to ask."""
    inside: bool = True
    """False when the viewer sees only this home page (restricted, private), not what lies in the space."""
    join_href: str = ""
    """Where to ask for what lies in the space; `''` for those who are inside."""
    admitted: Admitted | None = None
    """For a guest: who sponsors them, and until when."""
    why: Why | None = None
