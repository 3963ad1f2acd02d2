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
    bare = question.bare()
    filtered = bare != replace(question, page=1)  # else it was asked already
    asked = {"near": replace(bare, near=True)}
    asked |= {"wider": bare} if filtered else {}
    asked |= {"some": _loosely(question)} if is_sparse(question, 0) else {}
    answers = ask_all(engine, kinds, [(viewer, each) for each in asked.values()])
    found = {name: answered for name, (answered,) in zip(asked, answers, strict=True)}
    unfiltered = found["wider"].total if filtered else 0
    titles = ("".join(text for text, _ in one.title) for one in found["near"].hits)
    other = meant(question.terms, titles) if question.terms and not unfiltered else ""
    return Help(
        unfiltered=unfiltered,
        meant=_asking(other) if other else None,
        single=() if unfiltered or other else _single(question),
        some=found["some"].hits if "some" in found else (),
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
