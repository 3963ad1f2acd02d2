"""What is asked of an engine. It cannot be built without saying who asks (a Visibility) and what is fenced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from acl.visibility import Visibility
from search.entry import FACETS
from search.rarity import SHIPPED, Rarity
from search.words import InvalidQuery, Term, parse_query

__all__ = ["NOTHING_HIDDEN", "Hidden", "InvalidQuery", "SearchRequest", "Sort", "Term", "parse_query"]

Sort = Literal["relevance", "newest", "oldest"]
SORTS: Final = ("relevance", "newest", "oldest")
MAX_RESULTS: Final = 10_000
"""Results counted exactly, and reached by paging."""
MAX_SIZE: Final = 50
MAX_VALUES: Final = 200
"""Values of one filter."""
MAX_FENCED: Final = 10_000
"""Fences in one request: beyond it the index is so far behind that a search must wait."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The fence: what has been tightened and is not indexed yet. Left out of hits, counts and facets alike."""

    ids: frozenset[str] = frozenset()
    """Ids of entries."""
    nodes: frozenset[str] = frozenset()
    """Nodes of places: everything within them is left out."""

    def __post_init__(self) -> None:
        """Refuses strings passed for sets, and fences beyond number."""
        for name in ("ids", "nodes"):
            _refuse_text(getattr(self, name), name)
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        if len(self.ids) + len(self.nodes) > MAX_FENCED:
            raise InvalidQuery("Search is catching up with a large change. Try again in a few minutes.")


def _refuse_text(values: object, name: str) -> None:
    """A text is a sequence of letters, which the types let through."""
    if isinstance(values, str):
        raise TypeError(f"{name} takes a collection of texts, not one text")


NOTHING_HIDDEN: Final = Hidden()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One page of answers for one person.

    `filters` has facet names (`search.entry.FACETS`) and the values of which one must hold; `date_from` and `date_to`
    are the first and last day; `page` counts from 1. Raises TypeError without a Visibility or a Hidden, InvalidQuery
    for what a person may have typed into an address.
    """

    visibility: Visibility
    hidden: Hidden
    terms: tuple[Term, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    date_from: date | None = None
    date_to: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    hits_only: bool = False
    """Only hits, without snippets, facets or an exact total (which then counts the hits so far): for a short list."""

    near: bool = False
    """Whether words of titles that differ from a word by a letter or two (`search/nearby.py`) are found as well."""

    loosely: bool = False
    """Whether one of the words is enough; every phrase must be there all the same."""

    rarity: Rarity = SHIPPED
    """How rare words are in texts that everybody may read."""

    def __post_init__(self) -> None:
        """Holds at run time what the types say, as a forgotten Visibility would be a leak."""
        if not isinstance(self.visibility, Visibility) or type(self.visibility) is Visibility:
            raise TypeError(f"a search needs an acl.visibility.Visibility, not {type(self.visibility).__name__}")
        if not isinstance(self.hidden, Hidden):
            raise TypeError(f"a search needs a Hidden, not {type(self.hidden).__name__}")
        if not isinstance(self.terms, tuple) or not all(isinstance(term, Term) for term in self.terms):
            raise TypeError("terms must be a tuple of Term: use parse_query on what was typed")
        object.__setattr__(self, "filters", _checked_filters(self.filters))
        if self.sort not in SORTS:
            raise InvalidQuery(f"Results can be sorted by {', '.join(SORTS)}, not by {self.sort!r}.")
        if not 1 <= self.size <= MAX_SIZE:
            raise InvalidQuery(f"A page holds 1 to {MAX_SIZE} results.")
        if self.page < 1:
            raise InvalidQuery("Pages are counted from 1.")
        if self.page * self.size > MAX_RESULTS:
            raise InvalidQuery(f"Only the first {MAX_RESULTS:,} results can be shown: add a word or a filter.")
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise InvalidQuery("The first date is after the last date: swap them.")

    @property
    def offset(self) -> int:
        """How many results come before this page."""
        return (self.page - 1) * self.size


def _checked_filters(filters: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    unknown = sorted(set(filters) - set(FACETS))
    if unknown:
        raise InvalidQuery(f"There is no filter {unknown[0]!r}: use {', '.join(FACETS)}.")
    checked = {}
    for name, values in filters.items():
        _refuse_text(values, f"the filter {name}")
        if len(values) > MAX_VALUES:
            raise InvalidQuery(f"Choose at most {MAX_VALUES} values of {name}.")
        if values:
            checked[name] = tuple(sorted(set(values)))
    return MappingProxyType(checked)
