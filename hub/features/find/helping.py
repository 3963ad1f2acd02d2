"""What helps where a search finds nothing: the same without filters, and words that may have been meant.

Both are searches of the same viewer, so that a suggestion is made of nothing but what they may see.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from hub.access.viewer import Viewer
from hub.features.find.queries import Found, ask_all
from hub.features.find.question import ON_A_PAGE, Question
from hub.things.kinds import Kinds
from search.engine import Engine
from search.nearby import meant
from search.words import parse_query

FEWER_FROM: Final = 2
"""Words from which on it helps to be offered each of them alone."""
MOST_OFFERED: Final = 6


@dataclass(frozen=True, slots=True)
class Help:
    """`unfiltered`: how many results there are without the filters; `meant`: the search in other words, or None."""

    unfiltered: int = 0
    meant: Question | None = None
    single: tuple[Question, ...] = ()
    """Each word of several on its own."""
    some: tuple[Found, ...] = ()
    """What has some of the words."""


def help_for(engine: Engine, kinds: Kinds, viewer: Viewer, question: Question) -> Help:
    """What helps after a question that found nothing. One load of rows; raises EngineError where the engine fails."""
    bare = replace(question.bare(), page=1)
    (wider,), (nearly,), (loose,) = ask_all(
        engine, kinds, ((viewer, bare), (viewer, replace(bare, near=True)), (viewer, _loosely(question)))
    )
    titles = ("".join(text for text, _ in found.title) for found in nearly.hits)
    other = meant(question.terms, titles) if question.terms and not wider.total else ""
    return Help(
        unfiltered=wider.total if question.bare() != replace(question, page=1) else 0,
        meant=_asking(other) if other else None,
        single=() if wider.total or other else _single(question),
        some=loose.hits if is_sparse(question, 0) else (),
    )


def is_sparse(question: Question, total: int) -> bool:
    """Whether so little was found by several words that what has some of them is worth a look."""
    words = [term for term in question.terms if not term.phrase]
    return len(words) >= FEWER_FROM and total < ON_A_PAGE and question.page == 1 and question.sort == "relevance"


def some_for(engine: Engine, kinds: Kinds, viewer: Viewer, question: Question, found: Collection[str]) -> Help:
    """What has some of the words, beside the little that was found, given by its ids. Raises as `help_for`."""
    ((loose,),) = ask_all(engine, kinds, ((viewer, _loosely(question)),))
    return Help(some=tuple(hit for hit in loose.hits if hit.id not in found))


def _loosely(question: Question) -> Question:
    return replace(question, loosely=True, page=1)


def _single(question: Question) -> tuple[Question, ...]:
    words = [term.text for term in question.terms]
    return tuple(map(_asking, words[:MOST_OFFERED])) if len(words) >= FEWER_FROM else ()


def _asking(words: str) -> Question:
    return Question(words=words, terms=parse_query(words))
