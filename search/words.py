"""The words that both engines treat alike: what a person typed, split into terms by us and by nobody else."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from search.scripts import asked_pairs_and_roots
from search.spellings import spellings
from search.stems import stems

MAX_CHARACTERS: Final = 1_000
"""Of a query's text."""
MAX_TERMS: Final = 20
"""Words and phrases of a query together."""
MAX_PHRASE_WORDS: Final = 30
ALL_OF: Final = 3
ASKED: Final = 4
"""A query of more words is a question."""
SOME: Final = 2

_STOP_WORDS = """
    a an and are as at be but by can do does for from had has have how i if in into is it its my no not of on or our
    shall she so such than that the their them then there these they this to was we were what when where which who
    will with would you your
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""English words that say nothing of a subject: left out of a query that has others, never out of a phrase."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PARTS = re.compile(r'"([^"]*)"|([^\s"]+)')
_POSSESSIVE = re.compile("['\u2019\u02bc][sS]$")
_WORD = re.compile(r"[^\W_]+")


class InvalidQuery(Exception):
    """A query that is not asked of any engine; its text is a sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words in a row; `text` as typed, without quotation marks."""

    text: str
    phrase: bool = False
    others: tuple[str, ...] = ()
    """Other ways of writing it (`search/spellings.py`): it is found where any of them is."""
    also: tuple[str, ...] = ()
    """What finds it besides, all of it (`search/scripts.py`); empty for writing with spaces and vowels."""
    times: int = 1
    """How often it was typed."""


def needed(words: int) -> int:
    """How many of so many words a result must have: all of up to three, then three, and a third of more than nine.

    A whole question typed in finds what has most of it first; asked for every word, 210 of the 225 questions of the
    Cranfield collection find nothing. Phrases must always match.
    """
    return words if words <= ALL_OF else max(ALL_OF, -(-words // 3))


def enough(words: int, *, loosely: bool = False) -> int:
    """How many of so many words a thing must have to be found: all of up to three, three of four, two of a question.

    What has more of them, and rarer ones, comes first; a whole question finds what answers it in other words. Loosely
    one is enough of however many.
    """
    if loosely:
        return min(words, 1)
    return words if words <= ALL_OF else ALL_OF if words <= ASKED else SOME


def parse_query(text: str) -> tuple[Term, ...]:
    """The terms of what a person typed: words, and "words in quotation marks" that must follow one another.

    Nothing else has a meaning: no field names, wildcards or operators. Every phrase must match, and of the words as
    many as `needed` says. Raises InvalidQuery where the text is longer than `MAX_CHARACTERS` or has more than
    `MAX_TERMS` terms.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidQuery(
            f"Your search is {len(text):,} characters long. Use at most {MAX_CHARACTERS:,}: a few words are enough."
        )
    plain = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()).translate(_QUOTES)
    if plain.count('"') % 2:  # a quotation mark that nothing closes is no phrase
        head, _, tail = plain.rpartition('"')
        plain = f"{head} {tail}"
    typed = [(quoted, word) for quoted, word in _PARTS.findall(plain) if _says(quoted or word)]
    terms = _terms(typed)
    kept = tuple(t for t in terms if t.phrase or t.text.lower() not in STOP_WORDS) or terms
    if len(kept) > MAX_TERMS:
        raise InvalidQuery(f"Your search has {len(kept)} words. Use at most {MAX_TERMS}: the rarest say the most.")
    if any(len(_WORD.findall(t.text)) > MAX_PHRASE_WORDS for t in kept):
        raise InvalidQuery(f"A phrase in your search is too long. Use at most {MAX_PHRASE_WORDS} words in a row.")
    return kept


def weightiest(text: str, rarity: Callable[[str], int]) -> tuple[Term, ...]:
    """The terms of a text that may be longer than a query: its rarest words, by stem, as many as one may have."""
    forms: dict[str, Counter[str]] = {}
    for word in words_in(text.lower()):
        for stem in () if word in STOP_WORDS else stems(word)[:1]:
            forms.setdefault(stem, Counter())[word] += 1
    kept = sorted(forms, key=lambda stem: -rarity(stem) * forms[stem].total())[:MAX_TERMS]
    words = [(forms[stem].most_common(1)[0][0], forms[stem].total()) for stem in kept]
    return tuple(Term(word, also=asked_pairs_and_roots(word), times=times) for word, times in words)


def words_in(text: str) -> list[str]:
    """The words of a text: runs of letters and digits."""
    return _WORD.findall(text)


def _says(text: str) -> bool:
    return _WORD.search(text) is not None


def _terms(typed: Sequence[tuple[str, str]]) -> tuple[Term, ...]:
    """Each once, as it first stands: a phrase or a word, and the word's other spellings."""
    words = [_bare(word) for _, word in typed]
    found: dict[tuple[str, bool], Term] = {}
    for place, (quoted, _) in enumerate(typed):
        text = " ".join(quoted.split()) if quoted else words[place]
        others = () if quoted else spellings(words, place)
        term = found.get((text, bool(quoted))) or Term(text, bool(quoted), others, asked_pairs_and_roots(text), 0)
        found[text, bool(quoted)] = replace(term, times=term.times + 1)
    return tuple(found.values())


def _bare(word: str) -> str:
    """A word without a possessive’s ending."""
    bare = _POSSESSIVE.sub("", word)
    return bare if _says(bare) else word
