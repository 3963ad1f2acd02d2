"""Words that a person may have meant, taken from titles that they may see."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from search.words import Term

SHORTEST: Final = 4
"""Letters of a word that may be a misspelt one."""
_TWO_FROM: Final = 7
_WORD = re.compile(r"[^\W\d_]+")


def letters_off(word: str) -> int:
    """By how many letters another word may differ from this one; 0 for a word too short to be taken for another."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < _TWO_FROM else 2


def folded(word: str) -> str:
    """A word in lower case without accents, as both engines compare them."""
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def meant(terms: Sequence[Term], titles: Iterable[str]) -> str:
    """What was typed with words of these titles for those that are misspelt; empty where there are none.

    Of several the nearest, then the one that comes first in the titles.
    """
    known = dict.fromkeys(word for title in titles for word in _WORD.findall(title))
    words = [term.text if term.phrase else _nearest(term.text, known) for term in terms]
    if all(word == term.text for word, term in zip(words, terms, strict=True)):
        return ""
    return " ".join(f'"{word}"' if term.phrase else word for word, term in zip(words, terms, strict=True))


def _nearest(typed: str, known: Iterable[str]) -> str:
    most = letters_off(typed)
    if not most:
        return typed
    near = [(distance(folded(typed), folded(word), most), word) for word in known]
    best = min((found for found, _ in near), default=most + 1)
    return typed if not 0 < best <= most else next(word.lower() for found, word in near if found == best)


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, leave out or swap with a neighbour (optimal string alignment); of more than `most`, any.

    Source: Damerau, Communications of the ACM 7 (1964), 171.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for there, theirs in enumerate(other, 1):
            cost = min(before[there] + 1, row[-1] + 1, before[there - 1] + (letter != theirs))
            if at > 1 and there > 1 and letter == other[there - 2] and one[at - 2] == theirs:
                cost = min(cost, older[there - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
