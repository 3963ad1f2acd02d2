"""Pages of the profile and of the people finder."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.nouns.people.pages import Away
from hub.things.words import counted
from hub.web.pages import ONE_PAGE, Action, Choice, Page, PageLinks, Send, Tab, Who, Whose
from hub.web.rows import PlaceRow


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfilePage(Page):
    """`/me/profile`: what somebody says of themselves, in one form."""

    template: ClassVar[str] = "people/profile.html"
    keeps_drafts: ClassVar[bool] = True
    section: ClassVar[str] = "people"

    title: str = "Your profile"
    action: str
    cancel_href: str
    name: str
    organisation: str
    email: str
    """What their organisation knows; shown with how to reach them."""
    confirmed_on: date | None
    """None before they ever said anything."""
    called: str
    job: str
    team: str
    services: tuple[Choice, ...]
    chosen: tuple[str, ...]
    """Words of the services chosen, a field each."""
    place: str
    work_for: str
    skills: str
    skill: str = ""
    """One more, chosen from what is suggested or typed."""
    suggested: tuple[str, ...] = ()
    """Skills that are suggested while one is typed."""
    others: tuple[str, ...]
    """Skills that others name."""
    languages: str
    ask_about: str
    learning: str
    knows_for: str
    working_days: str
    contact: str
    reach_for: str
    away_from: str
    away_until: str
    stand_in: str
    stand_ins: tuple[Choice, ...]
    """Whom the name may mean, where it means several."""
    stand_in_is: str
    away_for: str
    shows: tuple[Choice, ...]
    seen_outside: bool | None = None
    """Whether staff of other councils can see their page today; None of a guest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoPage(Page):
    """`/me/photo`: one's own photograph. Fields photo and shown_to."""

    template: ClassVar[str] = "people/photo.html"
    section: ClassVar[str] = "people"

    title: str = "Your photograph"
    action: str
    back_href: str
    name: str
    src: str
    """Where it is; empty where there is none, or its own person does not see their page."""
    kept_at: datetime | None
    shown_to: str
    shows: tuple[Choice, ...]
    remove: Send | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is found: one sentence, and what it is about, as far as it is listed."""

    text: str
    things: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """Somebody who is found, and why."""

    who: Who
    photo: str = ""
    """Where their photograph is, if the viewer is shown one."""
    job: str = ""
    says: tuple[str, ...] = ()
    """What they say of themselves that answers the question."""
    reasons: tuple[Reason, ...] = ()
    away: Away | None = None
    ask_href: str = ""
    """Empty of the viewer themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FinderPage(Page):
    """`/people`: who somebody may see, by what they know."""

    template: ClassVar[str] = "people/find.html"
    section: ClassVar[str] = "people"

    title: str = "People"
    query: str
    asked: bool
    skill: str
    place: str
    service: str
    services: tuple[Choice, ...]
    organisation: str
    organisations: tuple[Choice, ...]
    filtered: bool
    """Whether anything but words is asked."""
    clear_href: str = ""
    total: int = 0
    more: bool = False
    """Whether there are more than are counted."""
    cards: tuple[PersonCard, ...] = ()
    links: PageLinks = ONE_PAGE
    skills: tuple[Action, ...] = ()
    """Skills that people name, where nothing is asked yet."""
    suggested: tuple[str, ...] = ()
    """Skills that are suggested while one is typed."""
    follow: Send | None = None
    """Where a skill is asked for: what lets the viewer hear of questions about it, or no longer."""
    engine_down: bool = False
    profile_href: str = "/me/profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Something that may answer a question."""

    title: str
    href: str
    kind: str
    stage: str = ""
    """Of a question, how far it has come; empty where there is nothing to say."""
    tone: str = ""
    """How that looks."""
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskBoxPage(Page):
    """`/ask?q=…`: what was answered before, who knows, and where to post the question."""

    template: ClassVar[str] = "people/box.html"
    section: ClassVar[str] = "home"

    title: str = "Ask"
    question: str = ""
    at: str = ""
    """The space from which it is asked."""
    answers: tuple[Answer, ...] = ()
    people: tuple[PersonCard, ...] = ()
    spaces: tuple[PlaceRow, ...] = ()
    engine_down: bool = False

    @property
    def found(self) -> str:
        """How much was found, as it is said to whoever does not look at the page."""
        answers, people = len(self.answers), len(self.people)
        told = counted(answers, "possible answer", "possible answers")
        return f"{told}, {counted(people, 'person who may know', 'people who may know')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class FiguresPage(Page):
    """`/figures/<place_id>`: how questions fare in a space. Small numbers are told as "fewer than 5"."""

    template: ClassVar[str] = "people/figures.html"
    section: ClassVar[str] = "spaces"

    title: str = "How questions fare here"
    whose: Whose
    tabs: tuple[Tab, ...]
    days: int
    asked: str
    answered: str
    first_answer: str
    """How long half of those with an answer waited for the first one at the most; empty of too few."""
    saved: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPage(Page):
    """`/ask/<slug>/<name>`: where to ask somebody a question."""

    template: ClassVar[str] = "people/ask.html"
    section: ClassVar[str] = "people"

    away: Away | None
    spaces: tuple[PlaceRow, ...]
