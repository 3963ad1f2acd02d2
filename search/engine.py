"""The port: what the hub asks of a search engine, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from search.entry import Deletion, Entry
from search.request import SearchRequest
from search.words import InvalidQuery

Segments = tuple[tuple[str, bool], ...]
"""Plain text in pieces, each with whether it is marked. Never HTML: the page escapes and marks it."""
Change = Entry | Deletion


class EngineError(Exception):
    """The engine could not do what was asked; its text is a sentence for the person who runs the hub."""


class EngineDown(EngineError):
    """The engine cannot be reached, or cannot work with us; the sentence says what to do."""


class IndexUnfit(EngineDown):
    """The index is there, and of no use to this version: of another layout, or damaged. A rebuild replaces it."""


class EngineSlow(EngineError):
    """No answer within the budget."""


class SecondIndexer(EngineError):
    """Another process writes to this index."""


class QueryRefused(EngineError, InvalidQuery):
    """The engine will not run this query."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. Without a score: it would say something of documents that the viewer may not see."""

    id: str
    kind: str
    title: Segments
    snippet: Segments
    type: str
    organisation: str
    space: str
    marking: str
    state: str
    date: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results, the count, and the facets, all under one filter.

    `total` counts to 10,000; beyond that `total_is_exact` is False. A facet lists (value, count) by count, then value,
    and counts under all filters but its own, so that a person can widen their choice; no value with count 0.
    """

    total: int
    total_is_exact: bool
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class ItemError:
    """An entry or deletion that the engine refused, and its reason."""

    id: str
    reason: str


class Rebuild(Protocol):
    """A new generation of the index, being filled while the old one answers."""

    def write(self, entries: Iterable[Entry]) -> tuple[ItemError, ...]:
        """Fills the new generation only."""
        ...

    def finish(self) -> int:
        """Puts the new generation in place of the old one, at once for every process; returns its count of entries."""
        ...

    def abandon(self) -> None:
        """Drops the new generation; the old one stays."""
        ...


class Plain(Protocol):
    """Texts ranked by the engine's own BM25, whoever may see them: to compare with, never to answer from."""

    def ranked(self, words: Sequence[str], size: int) -> list[str]:
        """The ids of the best texts that have any of the words; a word that is given twice counts twice."""
        ...

    def close(self) -> None:
        """Takes the index away."""
        ...


class Engine(Protocol):
    """A search engine. Every method raises EngineDown, EngineSlow or another EngineError, and nothing else."""

    def search(self, request: SearchRequest) -> Answer:
        """The answer within two seconds, or EngineSlow."""
        ...

    def write(self, changes: Sequence[Change]) -> tuple[ItemError, ...]:
        """Puts entries in and takes deletions out, also of a generation that is being filled.

        A change whose version is not above the indexed one is passed over in silence: the index knows better already.
        Raises SecondIndexer where another process writes.
        """
        ...

    def commit(self) -> None:
        """Makes what was written last and visible to every reader that reloads from now on."""
        ...

    def reload_if_behind(self, sequence: int) -> None:
        """Called with the `indexed_sequence` that a reader took together with its fences, before it searches."""
        ...

    def begin_rebuild(self) -> Rebuild:
        """A new, empty generation; what an earlier, broken rebuild left is removed."""
        ...

    def count(self) -> int:
        """Entries that a search may find; 0 also where there is no index."""
        ...

    def healthy(self) -> None:
        """Returns where the engine answers; raises the EngineError that says why not."""
        ...

    def aside(self) -> "Engine":
        """An empty index of its own beside this one, by the same engine; taken away when it is closed."""
        ...

    def plain(self, texts: Iterable[tuple[str, str]]) -> Plain:
        """A plain index of texts, by id, beside this one."""
        ...

    def close(self) -> None:
        """Lets go of locks and connections."""
        ...


class Closing(ABC):
    """`with engine:` closes it."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of locks and connections."""

    def __enter__(self) -> Self:
        """The engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()
