"""What pages are put together from, each shown once with its name: `/help/components` of a demo."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from hub.web.pages import Choice, Crumb, Page, PageLink, PageLinks, Problem, Who, Whose, Why
from hub.web.rows import DocumentRow, PlaceRow

HERE: Final = "/help/components"
_DAY: Final = date(2026, 11, 20)


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentsPage(Page):
    """`/help/components`: every shared part of a page, with values that are made up and links that lead back here."""

    template: ClassVar[str] = "demo/components.html"

    here_href: str
    whose: Whose
    someone: Who
    documents: tuple[DocumentRow, ...]
    places: tuple[PlaceRow, ...]
    links: PageLinks
    choices: tuple[Choice, ...]
    faults: tuple[Problem, ...]
    """What is wrong in the example of a form, beside its field: the page itself has nothing wrong."""
    why: Why


COMPONENTS: Final = ComponentsPage(
    title="Parts of pages",
    crumbs=(Crumb("The tour", "/demo"),),
    here_href=HERE,
    whose=Whose("Leeds City Council", HERE, "Housing", HERE),
    someone=Who("Sam Okafor", "Leeds City Council", HERE),
    documents=(
        DocumentRow("Damp and mould: what we ask first", HERE, "Text", "OFFICIAL", "published", _DAY),
        DocumentRow("Who pays for a ramp", HERE, "PDF", "OFFICIAL-SENSITIVE", "draft", _DAY, "Sam Okafor", "Housing"),
    ),
    places=(
        PlaceRow("Housing", HERE, "space", "Repairs and damp", "OFFICIAL", "private", "Leeds City Council", "member"),
        PlaceRow("Flood plan", HERE, "folder", organisation="City of York Council"),
    ),
    links=PageLinks((PageLink("1", HERE, current=True), PageLink("2", HERE), PageLink("…", "")), "", HERE, 1, 2, 57),
    choices=(Choice("reader", "Reader", "Reads what is published"), Choice("editor", "Editor", "Writes, publishes")),
    faults=(Problem("until", "Enter a day that is still to come, such as 31/03/2027"),),
    why=Why("You can read this because Leeds shares its flood plan with York until 31 March 2027."),
)
