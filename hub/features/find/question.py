"""A search as somebody asked it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode

from search.entry import FACETS
from search.request import Sort, Term

ON_A_PAGE = 10
"""Results of one page."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A search as somebody asked it. `words` as typed; `filters` by facet name, places by their path."""

    words: str = ""
    terms: tuple[Term, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    date_from: date | None = None
    date_to: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    near: bool = False
    """Whether words that are nearly those of a title will do."""
    loosely: bool = False
    """Whether one of the words will do."""

    @property
    def asked(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.words.strip() or self.filters or self.date_from or self.date_to)

    @property
    def starred(self) -> bool:
        """Whether a word ends in a star, which stands for nothing here."""
        return any(len(word) > 1 and word.strip('"“”„‟«»').endswith("*") for word in self.words.split())

    def without(self, name: str, value: str) -> "Question":
        """The same search without one value of a filter, or without a date (`from`, `to`), from its first page."""
        if name == "from":
            return replace(self, date_from=None, page=1)
        if name == "to":
            return replace(self, date_to=None, page=1)
        left = tuple(v for v in self.filters.get(name, ()) if v != value)
        others = {n: v for n, v in self.filters.items() if n != name}
        return replace(self, filters=MappingProxyType({**others, name: left} if left else others), page=1)

    def bare(self) -> "Question":
        """The words without any filter."""
        return Question(words=self.words, terms=self.terms, sort=self.sort)

    def href(self, page: int = 1) -> str:
        """The address of a page of this search."""
        pairs: list[tuple[str, str]] = [("q", self.words)] if self.words else []
        pairs += [(name, value) for name in FACETS for value in self.filters.get(name, ())]
        pairs += [("from", self.date_from.isoformat())] if self.date_from else []
        pairs += [("to", self.date_to.isoformat())] if self.date_to else []
        pairs += [("sort", self.sort)] if self.sort != "relevance" else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"/search?{urlencode(pairs)}" if pairs else "/search"
