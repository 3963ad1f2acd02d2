"""How rare words are, counted in texts that everybody may read and nowhere else.

A table of words comes with the hub (`shipped.txt`, made by `tools/rarity.py`), so that a hub that has few public texts
ranks well too; the hub's own public texts are counted beside it and soon weigh more. Where both are equal, two hubs
rank alike, whatever else they hold.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from math import log
from types import MappingProxyType
from typing import Final

from search.stems import stems

SHIPPED_COUNTS: Final = 100
"""So many texts the shipped table stands for."""
MOST: Final = 24
"""The rarity of the rarest words; of those in every text it is 1."""
_STEPS: Final = 3
"""Of rarity for each factor e by which a word is rarer."""
LONGEST: Final = 60
"""Letters of a stem that is counted: longer ones are no words, and as rare as can be."""


@dataclass(frozen=True)
class Rarity:
    """Counts of public texts: how many there are, and in how many of them each stem stands."""

    texts: int = 0
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, stem: str) -> int:
        """From 1, for a stem that every text has, to `MOST`: Robertson and Spärck Jones's weight, in whole steps."""
        among = self.texts + SHIPPED_COUNTS
        having = self.counts.get(stem, 0) + SHIPPED_COUNTS * self._shipped.get(stem, 0.0)
        return min(MOST, max(1, round(_STEPS * log(1 + (among - having + 0.5) / (having + 0.5)))))

    @cached_property
    def _shipped(self) -> Mapping[str, float]:
        return shipped()


def words_of(title: str, body: str) -> frozenset[str]:
    """The stems for which a text counts."""
    return frozenset(stem for stem in (*stems(title), *stems(body)) if len(stem) <= LONGEST)


def counted(texts: Iterable[Iterable[str]]) -> Rarity:
    """The counts of texts, each given by its stems."""
    number, counts = 0, Counter[str]()
    for words in texts:
        number += 1
        counts.update(set(words))
    return Rarity(number, MappingProxyType(dict(counts)))


@cache
def shipped() -> Mapping[str, float]:
    """The table that comes with the hub: the share of its texts that have each stem."""
    lines = [line for line in (files("search") / "shipped.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
    among = int(lines[0])
    return MappingProxyType({stem: int(number) / among for stem, number in (line.split() for line in lines[1:])})


SHIPPED: Final = Rarity()
"""The shipped table alone: of a hub that has no public texts."""
