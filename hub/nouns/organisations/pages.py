"""Pages about organisations."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import Page


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation in the list."""

    name: str
    href: str
    kind: str
    """In words: "District council", "Partner firm"."""
    spaces: int
    """How many of its spaces the viewer may see."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationsPage(Page):
    """`/organisations`: those that the viewer may see, in alphabetical order, the viewer's own first or marked."""

    template: ClassVar[str] = "organisations/organisations.html"
    section: ClassVar[str] = "spaces"

    title: str = "Organisations"
    organisations: tuple[OrganisationRow, ...]
    own: str = ""
    """Name of the viewer's own organisation, marked in the list; `''` for guests."""
