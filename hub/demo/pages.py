"""The pages of the tour: eight steps, the first page and the last. There in a demo only."""

from dataclasses import dataclass
from typing import ClassVar

from hub.features.find.pages import SearchHit
from hub.features.policies.pages import Answer
from hub.features.talk.post_pages import PostShown
from hub.web.pages import Choice, Page, Send, Whose, Why


@dataclass(frozen=True, slots=True)
class StepLink:
    """A step in the list of all: its number, its few words, and how long it is."""

    number: int
    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody whose eyes one looks through."""

    name: str
    job: str
    organisation: str
    be: Send
    """Signs in as them, and goes to the page that shows the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TourPage(Page):
    """What every step has. `step` is 0 on the first page and past the last number on the last."""

    section: ClassVar[str] = ""

    step: int
    steps: tuple[StepLink, ...]
    lede: str
    previous: str = ""
    next: str = ""
    next_text: str = ""
    do: Send | None = None
    """The button that does this step's act."""
    state: str = ""
    """How things stand now, in a sentence."""
    yourself: tuple[str, ...] = ()
    """How to do the same by hand."""
    put_back: Send | None = None
    """Given where the tour has changed something."""
    waiting: int = 0
    """Entries that search does not have yet: right after the first start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartPage(TourPage):
    """`/demo`."""

    template: ClassVar[str] = "demo/start.html"

    minutes: str = "Five minutes"


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of a file. `kind` is same, gone (taken out by the tour) or mark (the one that matters)."""

    number: int
    text: str
    kind: str = "same"


@dataclass(frozen=True, slots=True)
class Column:
    """One person's answer to the search that all are asked."""

    person: Persona
    total: int = 0
    hits: tuple[SearchHit, ...] = ()
    notes: tuple[str, ...] = ()
    """Who else found each."""
    own: tuple[SearchHit, ...] = ()
    """The first of those that nobody else here found."""
    more: int = 0
    """How many are not shown."""
    told: str = ""
    """What is worth noting, as a sentence."""
    down: bool = False
    """Search did not answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchesPage(TourPage):
    """Steps 1, 3, 4 and 5: one search by several people, and in the later two the file that decides."""

    template: ClassVar[str] = "demo/searches.html"

    query: str
    where: str = ""
    """The space that the search is kept to."""
    columns: tuple[Column, ...]
    words: tuple[str, ...] = ()
    """Other searches to try; with them there is a box."""
    file: str = ""
    path: str = ""
    """Where the file lies on this machine."""
    lines: tuple[FileLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one person can see the document, or what was nearest to letting them."""

    person: Persona
    why: Why | None = None
    """As the page tells it to themselves; None where they see no page."""
    managers: Answer | None = None
    """As it is told to who manages the document."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The head of a document's page."""

    title: str
    marking: str
    state: str
    whose: Whose
    owner: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyPage(TourPage):
    """Step 2."""

    template: ClassVar[str] = "demo/why.html"

    document: Paper
    manager: str
    """Who manages the document, by name."""
    reasons: tuple[Reason, ...]
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Crowd:
    """Some of one organisation who can see a thing for one reason."""

    organisation: str
    names: tuple[str, ...]
    sentence: str
    """"Everyone at City of York Council, until 20 February 2027: York watches the same rivers"."""
    source: str
    """"organisations/leeds.csv line 10", or by whom it was given."""
    rule: str = ""
    """The line as it is written, where a file holds it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SharePage(TourPage):
    """Step 6: the audience of a share before it is made, and after."""

    template: ClassVar[str] = "demo/share.html"

    document: Paper
    shared: bool
    whom: str
    until: str
    foreseen: str
    """"This shows 1 document to 9 people in 1 organisation and no guest."; empty once it is shared."""
    names: tuple[str, ...]
    """Who they are: those who would gain it, or have."""
    readers: int
    people: int
    """How many can read it now, of how many."""
    columns: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadersPage(TourPage):
    """Step 7: everyone who can see a thing, and why."""

    template: ClassVar[str] = "demo/readers.html"

    document: Paper
    choices: tuple[Choice, ...]
    chosen: str
    crowds: tuple[Crowd, ...]
    readers: int
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedPage(TourPage):
    """Step 8: a question and what answered it, and a search by which others find both or neither."""

    template: ClassVar[str] = "demo/asked.html"

    question: str
    whose: Whose
    marking: str
    posts: tuple[PostShown, ...]
    """What was asked, and what answered it."""
    more: int
    """How many posts are not shown."""
    query: str
    where: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EndPage(TourPage):
    """How to start an empty hub."""

    template: ClassVar[str] = "demo/end.html"

    commands: tuple[tuple[str, str], ...]
    """What each is for, and the command."""
