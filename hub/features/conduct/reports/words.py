"""Why a post may be reported, and what became of it, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.web.pages import Choice

REASONS: Final = (
    Choice("personal", "It tells something about a person that should not be here", "A name, an address, a case."),
    Choice("abuse", "It is offensive, threatening or discriminating"),
    Choice("secret", "It is too sensitive for this place", "A password, something marked higher, a contract."),
    Choice("false", "It is false, and somebody may rely on it"),
    Choice("elsewhere", "It does not belong here", "An advert, or something about another matter."),
    Choice("other", "Something else"),
)
IN_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "personal": "Personal data",
        "abuse": "Offensive",
        "secret": "Too sensitive",
        "false": "False",
        "elsewhere": "Does not belong here",
        "other": "Something else",
    }
)
LEFT: Final = "left"
WITHDRAWN: Final = "withdrawn"
DONE: Final = "done"
"""Of a thing: whoever decided has changed it, marked it, moved it or put it away, and says what."""
