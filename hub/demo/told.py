"""News, ideas and notes of the demo's people, as plain values, and when: so many working days before it is made."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DemoNews:
    """News of a space, and who of those asked says that they have read it."""

    place: str
    by: str
    title: str
    body: str
    days: int
    draft: bool = False
    asks: bool = False
    """Whether colleagues of its author are asked to say that they have read it, within a week."""
    read: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    """Handles, each with what they said."""


@dataclass(frozen=True, slots=True)
class DemoStep:
    """How an idea came to another stage."""

    stage: str
    by: str
    body: str
    worth: int | None = None


@dataclass(frozen=True, slots=True)
class DemoIdea:
    """An idea, put forward in the campaign of its place where it says so, and what came of it."""

    place: str
    by: str
    title: str
    body: str
    days: int
    support: tuple[str, ...] = ()
    steps: tuple[DemoStep, ...] = ()
    in_campaign: bool = False


@dataclass(frozen=True, slots=True)
class DemoCampaign:
    """A question to which ideas are wanted, up to so many days after the demo is made."""

    place: str
    by: str
    title: str
    body: str
    days: int
    open_for: int


OFFERS: Final = {
    "leeds/handbook": ("question", "discussion", "news"),
    "leeds/digital": ("question", "discussion", "news", "idea"),
    "york/libraries": ("question", "discussion", "note"),
}
"""What some spaces take, by the keys of sorts."""

NEWS: Final = (
    DemoNews(
        "leeds/handbook",
        "leeds/owen-hughes",
        "From the chief executive: how we work between home and office",
        "From next month every team agrees for itself on which days it meets in the office. **Two things stay:** "
        "somebody answers the telephone from eight to six, and nobody is asked to come in only to be seen.\n\n"
        "Read the page on working hours before you agree with your team. If the new way makes your work harder, say "
        "so below, or tell me on the stairs.\n\n*Written down by Owen Hughes for the chief executive.*",
        days=2,
        asks=True,
        read=("leeds/sam-okafor", "leeds/fatima-bello"),
        comments=(
            ("leeds/peter-dyson", "The gritting crews have no office day to agree on. May they swap shifts instead?"),
            ("leeds/owen-hughes", "They may, and I have put it on the page. Thank you for asking."),
        ),
    ),
    DemoNews(
        "leeds/digital",
        "leeds/fatima-bello",
        "The form for missed bins now takes forty seconds",
        "It took three minutes, and a third of people gave up at the map. We ask for the street first and guess the "
        "bin. The pattern is free for every council: copy it and tell us where it fails.",
        days=6,
    ),
    DemoNews(
        "leeds/digital",
        "leeds/fatima-bello",
        "What we switch off next",
        "The old booking system goes. I still need the date from the supplier.",
        days=1,
        draft=True,
    ),
)

CAMPAIGNS: Final = (
    DemoCampaign(
        "leeds/digital",
        "leeds/fatima-bello",
        "Which form should councils build once, and share?",
        "Each of us builds the same forms again. Name one that costs you time, and say who would use yours. The three "
        "that most people support are built first, by whoever has the best one now.",
        days=9,
        open_for=21,
    ),
)

IDEAS: Final = (
    DemoIdea(
        "leeds/digital",
        "york/mei-chen",
        "One form for lost library cards",
        "York has one that works without an account. It needs a name and a branch, nothing else.",
        days=7,
        support=("leeds/fatima-bello", "york/david-skelton"),
        steps=(DemoStep("considered", "leeds/fatima-bello", "We try York's form in two branches for a month."),),
        in_campaign=True,
    ),
    DemoIdea(
        "leeds/digital",
        "york/david-skelton",
        "Register to speak at a meeting, the same way everywhere",
        "People who speak at several councils learn a new form for each. The rules differ by one line.",
        days=5,
        support=("york/mei-chen",),
        in_campaign=True,
    ),
    DemoIdea(
        "leeds/digital",
        "york/david-skelton",
        "Buy the licence for reading minutes aloud together",
        "Five councils pay for the same voice. One licence for all would cost less than two of them.",
        days=60,
        support=("leeds/fatima-bello", "york/mei-chen"),
        steps=(
            DemoStep("accepted", "leeds/fatima-bello", "The supplier agrees. Leeds signs for all five."),
            DemoStep("done", "leeds/fatima-bello", "Signed, and the old licences are ended.", worth=18_600),
        ),
    ),
    DemoIdea(
        "leeds/digital",
        "york/mei-chen",
        "Put every form on paper too",
        "Some people ask for paper at the desk.",
        days=28,
        steps=(
            DemoStep(
                "declined",
                "leeds/fatima-bello",
                "Branches print a form for whoever asks, which was 31 times last year. Stocks of paper forms were out "
                "of date within a month.",
            ),
        ),
    ),
)

NOTES: Final = (
    (
        "york/libraries",
        "york/mei-chen",
        "The reading room at Acomb is warm again. Forty people came on the first morning, most of them to stay.",
        3,
    ),
    (
        "york/libraries",
        "york/david-skelton",
        "Found out today that the archive lends its *projector*. Ask for Ruth, before noon.",
        1,
    ),
)
"""Where, by whom, what, and how many working days ago."""
