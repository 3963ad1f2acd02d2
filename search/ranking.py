"""How results are ordered, alike on both engines, and without a word of what the viewer may not see.

What a word counts in a document is its *impact*: how often the document has it, damped and set against the document's
own length, as in BM25 (Robertson and Zaragoza, Foundations and Trends in Information Retrieval 3, 2009), but with a
fixed mean length in place of the mean of the index; more where the title has it. It is worked out when the document is
indexed and kept as one of `LEVELS` steps, in the index as a word of its own. A result's rank is the sum, over the words
asked for, of that step times the word's rarity in texts that everybody may read (`search/rarity.py`), and a little more
where the word stands in the very form that was typed: "accessibility" has the stem of "access", and means something
else. Then comes the newest, then a hash of the id.

No count over the index enters (BM25's would), so that documents hidden from the viewer move nothing that they see.
All weights are whole numbers, whose sums are exact in whatever order an engine adds them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import gcd
from typing import Final

from search.rarity import Rarity
from search.stems import plain_words, stems
from search.words import Term

LEVELS: Final = 8
STEP: Final = 4
"""What a level counts; a form typed exactly counts `EXACT`, less than a level."""
EXACT: Final = 2
IN_TITLE: Final = 7
IN_TEXT: Final = 5
"""Levels of words in a row, and of a word that only a neighbour's spelling finds."""

_K1, _B, _LENGTH = 1.2, 0.75, 150
_TITLE, _BOTH = 0.5, 0.15
_MOST = _K1 + 1 + _TITLE + _BOTH
_MARK: Final = "#"
"""Between a stem and its level: no word has it."""

_FIRST: Final = date(1970, 1, 1).toordinal()
_LAST: Final = date(2060, 1, 1).toordinal()
RECENCY_UP_TO: Final = 1_000
"""The highest rank that a day may lift: beyond it a newer date could lift a rank over the next one."""
_SPREAD: Final = 0.9 / RECENCY_UP_TO
MOST_TIMES: Final = 5
"""So often a word counts that a question repeats."""


def recency_weight(ordinal: int) -> float:
    """The factor, from 1 to 1.0009, by which a day lifts a rank among its equals; days are of 1970 to 2060."""
    within = min(max(ordinal, _FIRST), _LAST) - _FIRST
    return 1 + _SPREAD * within / (_LAST - _FIRST)


def level(times: int, length: int, *, titled: bool, both: bool) -> int:
    """The step, from 1 to `LEVELS`, of a word that stands so often in a document of so many words."""
    impact = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / _LENGTH))
    impact += _TITLE * titled + _BOTH * both
    return min(LEVELS, int(impact / _MOST * LEVELS) + 1)


class _Marks(dict[int, str]):
    """What follows a stem that stands so often in a text of one length: hundreds of stems have the same few numbers."""

    def __init__(self, length: int, *, titled: bool, both: bool) -> None:
        self._level = partial(level, length=length, titled=titled, both=both)

    def __missing__(self, times: int) -> str:
        found = self[times] = f"{_MARK}{self._level(times)}"
        return found


def impacts(title: str, body: str) -> list[str]:
    """Each stem of a document, and with its level, as the field `impact` has them."""
    above, below = Counter(stems(title)), Counter(stems(body))
    length = above.total() + below.total()
    text, only, both = (
        _Marks(length, titled=titled, both=both) for titled, both in ((False, False), (True, False), (True, True))
    )
    found = list(below.keys() | above.keys())
    found += [stem + text[times] for stem, times in below.items() if stem not in above]
    found += [stem + (both if stem in below else only)[times + below[stem]] for stem, times in above.items()]
    return found


def at_level(stem: str, step: int) -> str:
    """A stem at a level, as one word of the index."""
    return f"{stem}{_MARK}{step}"


@dataclass(frozen=True, slots=True)
class Clause:
    """Something that a document may have, and what it counts: in one of the forms of `texts`, in a field."""

    field: str
    texts: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term as both engines ask for it."""

    term: Term
    found: tuple[Clause, ...]
    """A document is found by any of them."""
    besides: tuple[Clause, ...]
    """What counts besides, of a document that was found: its level among them."""
    near: int
    """What a title's word that is nearly this one counts."""

    def scaled(self, by: int) -> "Weighed":
        """With every weight divided."""
        found, besides = (
            tuple(Clause(c.field, c.texts, c.weight // by) for c in some) for some in (self.found, self.besides)
        )
        return Weighed(self.term, found, besides, self.near // by)

    @property
    def most(self) -> int:
        """The most that it counts."""
        return (
            sum(c.weight for c in self.found) + self.near + sum(c.weight for c in self.besides if c.field != "impact")
        )


def weighed(terms: Sequence[Term], rarity: Rarity) -> tuple[Weighed, ...]:
    """What each term counts by its rarity, in the smallest whole numbers that are to one another as these."""
    found = [_weighed(term, rarity) for term in terms]
    weights = [c.weight for one in found for c in (*one.found, *one.besides)] + [one.near for one in found]
    by = gcd(*weights) or 1
    return tuple(one.scaled(by) for one in found)


def _weighed(term: Term, rarity: Rarity) -> Weighed:
    texts = [(text, stems(text)) for text in (term.text, *term.others)]
    single = tuple(dict.fromkeys(row[0] for _, row in texts if len(row) == 1))
    rows = tuple(text for text, row in texts if len(row) > 1)
    rare = _rare(texts, rarity) * min(term.times, MOST_TIMES) * STEP
    besides = (*_levels(single, rare), *_exact(term, rare * EXACT // STEP))
    return Weighed(term, tuple(_found(term, single, rows, rare)), besides, rare * LEVELS)


def _rare(texts: Sequence[tuple[str, list[str]]], rarity: Rarity) -> int:
    """The rarity of a term: of words in a row that of the rarest, of spellings that of the commonest."""
    own = texts[0][1]
    if len(own) != 1:
        return max(map(rarity.of, own), default=1)
    return min(rarity.of(row[0]) for _, row in texts if len(row) == 1)


def _found(term: Term, single: tuple[str, ...], rows: tuple[str, ...], rare: int) -> Iterator[Clause]:
    if single:
        yield Clause("impact", single, 0)
    if rows:
        yield Clause("title", rows, rare * IN_TITLE)
        yield Clause("body", rows, rare * IN_TEXT)
    if term.also:
        yield Clause("also", term.also, rare * IN_TEXT)


def _levels(single: tuple[str, ...], rare: int) -> Iterator[Clause]:
    """Of each stem a document is at one level; where it has several spellings, each counts."""
    for step in range(1, LEVELS + 1) if single else ():
        yield Clause("impact", tuple(at_level(stem, step) for stem in single), rare * step)


def _exact(term: Term, weight: int) -> tuple[Clause, ...]:
    words = plain_words(term.text)
    return tuple(Clause(name, (words[0],), weight) for name in ("title_exact", "often")) if len(words) == 1 else ()
