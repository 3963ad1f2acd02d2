"""What helps where a search finds nothing: the same without filters, and words that may have been meant.

Both are searches of the same viewer, so that a suggestion is made of nothing but what they may see.
"""

from dataclasses import dataclass, replace
from typing import Final

from hub.access.viewer import Viewer
from hub.features.find.queries import ask_all
from hub.features.find.question import Question
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


def help_for(engine: Engine, kinds: Kinds, viewer: Viewer, question: Question) -> Help:
    """What helps after a question that found nothing. One load of rows; raises EngineError where the engine fails."""
    bare = question.bare()
    filtered = bare != replace(question, page=1)  # else it was asked already
    asked = [replace(bare, near=True), *([bare] if filtered else [])]
    (nearly,), *wider = ask_all(engine, kinds, [(viewer, each) for each in asked])
    unfiltered = sum(answered.total for (answered,) in wider)
    titles = ("".join(text for text, _ in found.title) for found in nearly.hits)
    other = meant(question.terms, titles) if question.terms and not unfiltered else ""
    return Help(
        unfiltered=unfiltered,
        meant=_asking(other) if other else None,
        single=() if unfiltered or other else _single(question),
    )


def _single(question: Question) -> tuple[Question, ...]:
    words = [term.text for term in question.terms]
    return tuple(map(_asking, words[:MOST_OFFERED])) if len(words) >= FEWER_FROM else ()


def _asking(words: str) -> Question:
    return Question(words=words, terms=parse_query(words))
