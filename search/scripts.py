"""Writing without spaces between words, and writing whose vowels may be left out: what of it is indexed besides.

Chinese, Japanese and Korean are found by pairs of letters, as in Lucene's CJK analysis; Arabic words without vowel
signs, with one form of alef, yeh and teh, and without the article and the particles written in one with it (the
prefixes of light10: Larkey, Ballesteros and Connell, SIGIR 2002).
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_EAST = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0002fa1f]+"
)
_ARABIC = re.compile("[\u0610-\u061a\u0620-\u0669\u066e-\u06d3\u06d5-\u06ed\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff]+")
_ANY = re.compile(f"{_EAST.pattern}|{_ARABIC.pattern}")
_SIGNS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_ONE_FORM: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك"}
)
_ARTICLES: Final = ("وال", "بال", "كال", "فال", "لل", "ال")
_SHORTEST: Final = 3
"""Letters that must be left of a word without its article."""


def pairs_and_roots(text: str) -> tuple[str, ...]:
    """What is indexed besides of a text: single letters and pairs of East Asian writing, Arabic words in one form."""
    if text.isascii() or _ANY.search(text) is None:
        return ()
    found = dict.fromkeys(_arabic(text))
    for run in _runs(text):
        found |= dict.fromkeys(run) | dict.fromkeys(map("".join, pairwise(run)))
    return tuple(found)


def asked_pairs_and_roots(text: str) -> tuple[str, ...]:
    """What must be there of it for words that were typed: of a longer run its pairs, not its single letters."""
    found = dict.fromkeys(_arabic(text))
    for run in _runs(text):
        found |= dict.fromkeys(map("".join, pairwise(run))) if len(run) > 1 else {run: None}
    return tuple(found)


def _runs(text: str) -> Iterator[str]:
    return (unicodedata.normalize("NFKC", run) for run in _EAST.findall(text))


def _arabic(text: str) -> Iterator[str]:
    for word in _ARABIC.findall(text):
        plain = _SIGNS.sub("", word).translate(_ONE_FORM)
        article = next((a for a in _ARTICLES if plain.startswith(a) and len(plain) >= len(a) + _SHORTEST), "")
        if plain:
            yield plain.removeprefix(article)
