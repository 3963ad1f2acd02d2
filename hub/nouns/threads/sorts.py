"""The sorts of conversation, each as one value: what it is called, and how far it may come. A list you can read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

LONGEST_NOTE: Final = 500
WAITS: Final = "draft"
GOES_ON: Final = "official"
REACHED: Final = "public"
OVER: Final = "archived"


@dataclass(frozen=True, kw_only=True)
class Step:
    """That one may come to a stage: those who edit in its place bring it there, with words that all may read."""

    stage: str
    """To which it comes, a key of its sort's stages."""
    sources: frozenset[str]
    """From which."""
    button: str
    question: str
    hint: str
    says: str = ""
    """What is said where nothing is written; empty where a reason has to be given."""
    realised: bool = False
    """Whether the day is asked for, and what it was worth."""


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """A word by which each reader may say once what they make of one."""

    button: str
    back: str
    """What takes it back."""
    one: str
    many: str
    """Those who said it, counted."""
    stages: frozenset[str]
    """While it is at one of these."""


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of conversation, in words."""

    key: str
    one: str
    many: str
    word: str
    """What narrows a list to these, in its address."""
    begin: str
    """What whoever opens one presses."""
    title_hint: str
    body_hint: str
    reply: str
    """What whoever posts to one presses."""
    answered: str
    """What somebody else did who posted to one, as whoever opened it hears of it."""
    stages: Mapping[str, str]
    """How far one may have come, the first one first: the key, and what a page says of it; nothing needs no word."""
    tones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of stages, how they look: what waits, goes on, or has come to something; of others nothing more is to be done."""
    answers: bool = False
    """Whether posts of it may be accepted as the answer."""
    opens: str = "comment"
    """What one must be allowed to do in a place to open one there."""
    usual: bool = False
    """Whether a space takes new ones where nobody has said."""
    goes_with: str = ""
    """The sort with which it is switched on and off; empty where it is so by itself."""
    titled: bool = True
    """Whether it has a title of its own; else its first words are that."""
    longest: int = 0
    """Characters of the first post, where that is less than of any other."""
    drafted: bool = False
    """Whether it begins as a draft, which is published at once or at a time."""
    takes: str = ""
    """The sort of what is put forward in one, up to a day that is named."""
    steps: tuple[Step, ...] = ()
    ballots: Mapping[str, Ballot] = field(default_factory=lambda: MappingProxyType({}))
    order: str = ""
    """How a list of them goes: where somebody wrote last, or by a key of `hub/nouns/threads/queries.py`."""
    dated: bool = False
    """Whether it takes place at a time, which a form of its own asks for (`hub/features/talk/announcing.py`)."""
    for_members: bool = False
    """Whether those who belong to its space hear of each new one, unless they say otherwise."""

    def tone(self, stage: str) -> str:
        """How a stage looks, by a word of `hub-tag`."""
        return self.tones.get(stage, OVER)

    @property
    def first(self) -> str:
        """The stage at which one begins."""
        return next(iter(self.stages))

    @property
    def switch(self) -> str:
        """The key by which a space says whether it takes new ones."""
        return self.goes_with or self.key

    def steps_from(self, stage: str) -> tuple[Step, ...]:
        """What may be done next."""
        return tuple(step for step in self.steps if stage in step.sources)


OPEN: Final = "open"
ANSWERED: Final = "answered"
DRAFT: Final = "draft"
SCHEDULED: Final = "scheduled"
PUBLISHED: Final = "published"
NEW_IDEA: Final = "new"
CONSIDERED: Final = "considered"
ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"
DONE: Final = "done"
SUPPORT: Final = "support"
PLANNED: Final = "planned"
CALLED_OFF: Final = "off"

QUESTION: Final = Sort(
    key="question",
    one="Question",
    many="Questions",
    word="questions",
    begin="Ask a question",
    title_hint="In one sentence, as you would ask a colleague: “How do you register volunteer flood wardens?”",
    body_hint="What have you tried, and by when do you need it? Whoever answers can do so at once.",
    reply="Answer",
    answered="answered your question",
    stages=MappingProxyType({OPEN: "Needs an answer", ANSWERED: "Answered"}),
    tones=MappingProxyType({OPEN: WAITS, ANSWERED: REACHED}),
    answers=True,
    usual=True,
    for_members=True,
)
DISCUSSION: Final = Sort(
    key="discussion",
    one="Discussion",
    many="Discussions",
    word="discussions",
    begin="Start a discussion",
    title_hint="What it is about, in a few words.",
    body_hint="What do you think, and what would you like to hear from others?",
    reply="Reply",
    answered="wrote in your discussion",
    stages=MappingProxyType({OPEN: ""}),
    usual=True,
)
NEWS: Final = Sort(
    key="news",
    one="News",
    many="News",
    word="news",
    begin="Write news",
    title_hint="What is new, in one sentence.",
    body_hint="What has happened, whom it concerns and what they should do. It is a draft until you publish it.",
    reply="Comment",
    answered="commented on your news",
    stages=MappingProxyType({DRAFT: "", SCHEDULED: "Scheduled", PUBLISHED: ""}),
    tones=MappingProxyType({SCHEDULED: WAITS}),
    opens="edit",
    drafted=True,
    for_members=True,
    order="published",
)
IDEA: Final = Sort(
    key="idea",
    one="Idea",
    many="Ideas",
    word="ideas",
    begin="Put forward an idea",
    title_hint="The idea in one sentence: “Share one gritting contract with the council next door.”",
    body_hint="What would change, for whom, and what it might save or improve.",
    reply="Comment",
    answered="commented on your idea",
    stages=MappingProxyType(
        {
            NEW_IDEA: "New",
            CONSIDERED: "Being considered",
            ACCEPTED: "Accepted",
            DECLINED: "Declined",
            DONE: "Done",
        }
    ),
    tones=MappingProxyType({NEW_IDEA: GOES_ON, CONSIDERED: WAITS, ACCEPTED: REACHED, DONE: REACHED}),
    steps=(
        Step(
            stage=CONSIDERED,
            sources=frozenset({NEW_IDEA, DECLINED}),
            button="Consider it",
            question="Say that this is being considered?",
            hint="Who looks into it, and by when they decide. Leave it empty to say only that it is looked into.",
            says="This is being looked into.",
        ),
        Step(
            stage=ACCEPTED,
            sources=frozenset({NEW_IDEA, CONSIDERED, DONE}),
            button="Accept it",
            question="Accept this idea?",
            hint="Why, who does it now, and when it may be done. Everyone who reads the idea reads this.",
        ),
        Step(
            stage=DECLINED,
            sources=frozenset({NEW_IDEA, CONSIDERED, ACCEPTED}),
            button="Decline it",
            question="Decline this idea?",
            hint="Why not, so that whoever had it can understand. Everyone who reads the idea reads this.",
        ),
        Step(
            stage=DONE,
            sources=frozenset({ACCEPTED}),
            button="Say that it is done",
            question="Say that this is done?",
            hint="What was done, and how the value was worked out.",
            says="This is done.",
            realised=True,
        ),
    ),
    ballots=MappingProxyType(
        {
            SUPPORT: Ballot(
                button="Support this",
                back="Take your support back",
                one="person supports this",
                many="people support this",
                stages=frozenset({NEW_IDEA, CONSIDERED}),
            )
        }
    ),
    order="support",
)
CAMPAIGN: Final = Sort(
    key="campaign",
    one="Ideas campaign",
    many="Ideas campaigns",
    word="campaigns",
    begin="Start an ideas campaign",
    title_hint="The question that ideas are to answer: “How can we spend less on heating our buildings?”",
    body_hint="What you are looking for, what you will do with the ideas, and who decides.",
    reply="Comment",
    answered="commented on your ideas campaign",
    stages=MappingProxyType({OPEN: ""}),
    opens="edit",
    goes_with=IDEA.key,
    takes=IDEA.key,
)
NOTE: Final = Sort(
    key="note",
    one="Note",
    many="Notes",
    word="notes",
    begin="Write a note",
    title_hint="",
    body_hint=f"What you are doing or have just found out, in up to {LONGEST_NOTE} characters.",
    reply="Reply",
    answered="replied to your note",
    stages=MappingProxyType({OPEN: ""}),
    titled=False,
    longest=LONGEST_NOTE,
    order="opened",
)
EVENT: Final = Sort(
    key="event",
    one="Event",
    many="Events",
    word="events",
    begin="Announce an event",
    title_hint="What it is, in a few words: “Silt sensors: what we learned”.",
    body_hint="What happens there, whom it is for, and what to bring.",
    reply="Comment",
    answered="commented on your event",
    stages=MappingProxyType({PLANNED: "", CALLED_OFF: "Called off"}),
    opens="edit",
    dated=True,
)
SORTS: Final[Mapping[str, Sort]] = MappingProxyType(
    {sort.key: sort for sort in (QUESTION, DISCUSSION, NEWS, IDEA, CAMPAIGN, NOTE, EVENT)}
)
SWITCHES: Final[tuple[Sort, ...]] = tuple(sort for sort in SORTS.values() if not sort.goes_with)
"""Those that a space says whether it takes new ones of."""
