"""A rule's reason as a part of a sentence: "because Leeds shares its flood plan with York".

Reasons are people's own words. One is woven in where it is surely a clause; any other is put in brackets, as it is.
"""

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 160
FEWEST_WORDS: Final = 4
VERB_WITHIN: Final = 5
"""A clause has its verb among so many first words; the very first is its subject."""

_VERBS: Final = frozenset(
    """is are was were has have had may can must shares share shared reads read keeps keep writes write publishes
    publish leads runs run looks look manages manage takes took belongs belong stays stay advises advise owns own opens
    open sees see joins joined serves serve supports support delivers deliver provides provide maintains maintain agrees
    agreed asks wants want lets let gives give gave covers cover decides decide decided work speaks speak""".split()  # noqa: SIM905
)
"""Verbs that reasons are written with, and that are hardly ever nouns ("works", "plans" and "needs" may be)."""
_COMMON: Final = frozenset(
    """staff authors administrators editors lawyers officers people everyone everybody the this these our we all members
    managers partners councillors tenants engineers social electoral guests suppliers colleagues what who a an its their
    only anyone auditors inspectors planners residents""".split()  # noqa: SIM905
)
"""First words that lose their capital within a sentence; any other may be a name."""
_ENDS: Final = re.compile(r"[.;:!?(\n“”\"]")
_WORD: Final = re.compile(r"[\w’'-]+")


def tidy(reason: str) -> str:
    """A reason without the marks around it; empty where none was given."""
    return reason.strip(" -.\t\n")


def clause(reason: str) -> str:
    """The reason as it stands after "because", or an empty string where it is no clause, or has an end of its own."""
    said = tidy(reason)
    words = said.casefold().split()
    if len(words) < FEWEST_WORDS or len(said) > LONGEST or _ENDS.search(said) or "until" in words:
        return ""
    if not any(word.strip(",") in _VERBS for word in words[1:VERB_WITHIN]):
        return ""
    return said[0].lower() + said[1:] if words[0] in _COMMON else said


def names_one_of(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds a word, other than a common one, of any of the names."""
    said = _words(text)
    return any(said & (_words(name) - _PLAIN) for name in names)


_PLAIN: Final = _COMMON | {"the", "of", "and", "council", "city", "county", "borough", "district", "group", "team"}


def _words(text: str) -> set[str]:
    return {word.removesuffix("’s").removesuffix("'s").rstrip("'’") for word in _WORD.findall(text.casefold())}
