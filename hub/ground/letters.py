"""What people read as a name is one line: no line ends, nothing unseen, nothing that turns its letters round.

With a right-to-left override (U+202E) in place of the dash, `invoice-fdp.exe` reads `invoiceexe.pdf`; a line feed
forges a line of a letter or a list; two names that differ in a zero-width space look the same. People paste such
characters without knowing, so they are taken out, not refused.
Source: Unicode Technical Report 36, section 2; Unicode Standard Annex 9, section 2.
"""

import unicodedata
from typing import Final

JOINERS: Final = "\u200c\u200d"
"""Zero-width non-joiner and joiner: between letters of Persian or Hindi, and in emoji, they are part of the writing."""
BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category that are drawn as nothing: fillers of Hangul, the empty Braille pattern."""
_SPACES: Final = frozenset({"Cc", "Zs", "Zl", "Zp"})
_GONE: Final = frozenset({"Cf", "Co", "Cs"})
UNSEEN: Final = _SPACES | _GONE
"""General categories of what is never seen: controls, spaces, format characters, private and lone halves."""


LONGEST: Final = 10_000
"""Characters that are looked at: no column of names holds so many, and putting long runs of accents in order takes time
that grows with their square."""


def one_line(text: str) -> str:
    """A text as one line (NFC): white space and controls become single spaces, what is unseen goes."""
    text = text[:LONGEST]
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    whole = unicodedata.normalize("NFC", text)
    kept = (_kept(letter, whole[place - 1 : place], whole[place + 1 : place + 2]) for place, letter in enumerate(whole))
    return " ".join("".join(kept).split())


def is_unseen(letter: str) -> bool:
    """Whether a character is drawn as nothing."""
    return letter in BLANK_LETTERS or unicodedata.category(letter) in UNSEEN


def _kept(letter: str, before: str, after: str) -> str:
    if letter in JOINERS:
        return letter if before and after and not (before + after).isascii() else ""
    if letter in BLANK_LETTERS:
        return " "
    category = unicodedata.category(letter)
    return " " if category in _SPACES else "" if category in _GONE else letter
