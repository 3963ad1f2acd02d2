"""Characters that a person takes for others: named, with the one that was probably meant."""

import unicodedata
from typing import Final

_DASHES: Final = {
    "\u2010": "a hyphen of another kind",
    "\u2011": "a hyphen of another kind",
    "\u2012": "a dash",
    "\u2013": "an en dash",
    "\u2014": "a long dash",
    "\u2015": "a long dash",
    "\u2212": "a minus sign",
}
DASHES: Final = "".join(_DASHES)
_ALIKE: Final = dict(
    zip(
        "авеёікмнопрстухјѕһԁԛԝАВЕЁІКМНОРСТУХЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικρυχ",
        "abeeikmhonpctyxjshdqwABEEIKMHOPCTYXJSABEZHIKMNOPTYXoavikpyx",
        strict=True,
    )
)
_QUOTES: Final = "\u2018\u2019\u201c\u201d"


def lookalike(value: str) -> str:
    """What is wrong with the letters of a cell that cannot be read, and what to type; empty where it is not they."""
    meant = "".join(_meant(c) for c in value)
    if not meant.isascii() or meant == value:
        return ""
    odd = next(c for c in value if not c.isascii())
    if odd in _DASHES:
        wanted = "- (the key beside the zero)" if meant == "-" else meant
        return f"'{value}' has {_DASHES[odd]}, which is not the hyphen. Type {wanted}."
    if odd in _QUOTES:
        return f"'{value}' has a curly quotation mark. Type {meant}."
    script = unicodedata.name(odd, "other").partition(" ")[0].capitalize()
    at = value.index(odd) + 1
    looks = f"the {script} letter {odd} as character {at}, which looks like the Latin {_meant(odd)}"
    return f"'{value}' has {looks}. Type {meant} afresh."


def _meant(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character in _QUOTES:
        return "" if character in "\u201c\u201d" else "'"
    return _ALIKE.get(character) or unicodedata.normalize("NFKC", character)
