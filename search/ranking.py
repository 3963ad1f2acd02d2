"""How results are ordered, alike on both engines, and without a word of what the viewer may not see.

A result's rank is made of the document's own words alone: for each term of the query 4 where the title has it, 1 where
the text has it, 1 more where it is among the words that the text uses most; then newest first; then a hash of the id.
A word matches in all its forms, by its stem; in the title, and among the words used most, it counts 1 more in the very
form that was typed: "accessibility" has the stem of "access", and means something else.
No count over the whole index enters (BM25's would), so that documents hidden from the viewer move nothing that they see
(with BM25, one hidden document was seen to take a visible score from 10.4 to 9.6).
"""

from datetime import date
from typing import Final

TITLE: Final = 4.0
BODY: Final = 1.0
OFTEN: Final = 1.0
TITLE_EXACT: Final = 1.0
OFTEN_EXACT: Final = 1.0

_FIRST: Final = date(1970, 1, 1).toordinal()
_LAST: Final = date(2060, 1, 1).toordinal()
_SPREAD: Final = 0.006
"""Below one part in 160, the nearest that two ranks come with twenty terms: a newer date never lifts a lower rank."""


def recency_weight(ordinal: int) -> float:
    """The factor, from 1 to 1.006, by which a day lifts a rank among its equals; days are told apart 1970 to 2060."""
    within = min(max(ordinal, _FIRST), _LAST) - _FIRST
    return 1 + _SPREAD * within / (_LAST - _FIRST)
