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
    opens: str = "comment"
    """What one must be allowed to do in a place to open one there."""
    dated: bool = False
    """Whether it takes place at a time, which a form of its own asks for (`hub/features/talk/announcing.py`)."""


OPEN: Final = "open"
ANSWERED: Final = "answered"
PLANNED: Final = "planned"
CALLED_OFF: Final = "off"

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
EVENT: Final = Sort(
    key="event",
    one="Event",
    many="Events",
    begin="Announce an event",
    title_hint="What it is, in a few words: “Silt sensors: what we learned”.",
    body_hint="What happens there, whom it is for, and what to bring.",
    reply="Comment",
    stages=MappingProxyType({PLANNED: "", CALLED_OFF: "Called off"}),
    opens="edit",
    dated=True,
)
SORTS: Final[Mapping[str, Sort]] = MappingProxyType({sort.key: sort for sort in (QUESTION, DISCUSSION, EVENT)})
