"""The sorts of conversation, each as one value: what it is called, and how far it may come. A list you can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of conversation, in words."""

    key: str
    one: str
    many: str
    begin: str
    """What whoever opens one presses."""
    title_hint: str
    body_hint: str
    reply: str
    """What whoever posts to one presses."""
    stages: Mapping[str, str]
    """How far one may have come, the first one first: the key, and what a page says of it; nothing needs no word."""
    answers: bool = False
    """Whether posts of it may be accepted as the answer."""
    for_members: bool = False
    """Whether those who belong to its space hear of each new one, unless they say otherwise."""


OPEN: Final = "open"
ANSWERED: Final = "answered"

QUESTION: Final = Sort(
    key="question",
    one="Question",
    many="Questions",
    begin="Ask a question",
    title_hint="In one sentence, as you would ask a colleague: “How do you register volunteer flood wardens?”",
    body_hint="What have you tried, and by when do you need it? Whoever answers can do so at once.",
    reply="Answer",
    stages=MappingProxyType({OPEN: "Needs an answer", ANSWERED: "Answered"}),
    answers=True,
    for_members=True,
)
DISCUSSION: Final = Sort(
    key="discussion",
    one="Discussion",
    many="Discussions",
    begin="Start a discussion",
    title_hint="What it is about, in a few words.",
    body_hint="What do you think, and what would you like to hear from others?",
    reply="Reply",
    stages=MappingProxyType({OPEN: ""}),
)
SORTS: Final[Mapping[str, Sort]] = MappingProxyType({sort.key: sort for sort in (QUESTION, DISCUSSION)})
