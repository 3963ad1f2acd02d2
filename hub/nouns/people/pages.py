"""Pages about people."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import Page, PlaceRow, Why


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPage(Page):
    """`/people/<slug>/<name>`: who somebody is. The title is their name."""

    template: ClassVar[str] = "people/person.html"

    organisation: str
    organisation_href: str = ""
    handle: str
    """`leeds/sam-okafor`: what policy files call them; `''` for those who write none."""
    job: str = ""
    email: str = ""
    is_viewer: bool = False
    spaces: tuple[PlaceRow, ...] = ()
    """Spaces that the person belongs to and the viewer may see."""
    why: Why | None = None
