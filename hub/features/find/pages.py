"""The search page."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Action, Choice, Page, PageLinks

Segments = tuple[tuple[str, bool], ...]
"""Pieces of plain text, each with whether it is marked as a match."""


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value of a filter, with how many results it would give."""

    value: str
    text: str
    count: int | None
    """None for a chosen value that the engine gave no count for."""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One filter: check boxes named `name`."""

    name: str
    """organisation, space, kind, type, marking, year."""
    legend: str
    options: tuple[FacetOption, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is in force, with the address of the same search without it."""

    text: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result."""

    title: Segments
    href: str
    kind: str
    """In words: "Document", "Space", "Person", "Organisation"."""
    snippet: Segments = ()
    type: str = ""
    """In words: "PDF", "Text"; `''` for what is not a document."""
    organisation: str = ""
    organisation_href: str = ""
    space: str = ""
    space_href: str = ""
    marking: str = ""
    state: str = ""
    """Shown where it is not `published`."""
    changed: date | None = None
    owner: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage(Page):
    """`/search?q=…&organisation=…&from=…&to=…&sort=…&page=…`: one GET form, its facets and its results.

    `asked` is False before anything was asked: box and advice only. `engine_down` replaces the results by a notice
    (status 503). `problems` name the fields `q`, `from`, `to`.
    """

    template: ClassVar[str] = "find/search.html"
    section: ClassVar[str] = "search"

    title: str = "Search"
    query: str = ""
    asked: bool = True
    engine_down: bool = False
    total: int = 0
    total_is_exact: bool = True
    hits: tuple[SearchHit, ...] = ()
    facets: tuple[FacetGroup, ...] = ()
    chips: tuple[Chip, ...] = ()
    clear_href: str = ""
    """The same words without any filter."""
    date_from: str = ""
    date_to: str = ""
    """As typed: ISO dates, or what was wrong."""
    sort: str = "relevance"
    sorts: tuple[Choice, ...] = (
        Choice("relevance", "Best match"), Choice("newest", "Newest first"), Choice("oldest", "Oldest first"),
    )  # fmt: skip
    links: PageLinks = ONE_PAGE
    feed_href: str = ""
    """Where an address is made at which a feed reader repeats the search."""
    some: tuple[SearchHit, ...] = ()
    """What has some of the words, where little was found by all."""
    unfiltered: int = 0
    """Of no result: how many there are without the filters."""
    meant: Action | None = None
    """Of no result: the same search in words that were probably meant."""
    single: tuple[Action, ...] = ()
    """Of no result: each of the words on its own."""
    starred: bool = False
    """Whether a word ends in a star."""
