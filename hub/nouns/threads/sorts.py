"""The sorts of conversation, each as one value: what it is called, and how far it may come. A list you can read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.nouns.threads.sort import GOES_ON, REACHED, WAITS, Ballot, Sort, Step

LONGEST_NOTE: Final = 500
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
