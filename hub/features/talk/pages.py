"""Pages of talk: what is said in a space, one conversation, and what is done to a post."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from hub.features.talk.event_pages import EventRow, EventShown
from hub.nouns.spaces.pages import PlaceHead
from hub.web.pages import ONE_PAGE, Action, Choice, Page, PageLinks, Send, Tab, Who, Whose, Why


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadRow:
    """A conversation in a list."""

    title: str
    href: str
    sort: str
    """In words: "Question"."""
    stage: str
    """How far it has come, in words; empty where there is nothing to say."""
    tone: str
    """How that looks."""
    by: Who
    replies: int
    last_at: datetime
    pinned: bool = False
    closed: bool = False
    marking: str = ""
    state: str = "published"
    votes: str = ""
    """How many support it, in words."""
    words: str = ""
    """What it says, of one without a title of its own."""
    until: str = ""
    """When a campaign closes, or something is published by itself, in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkPage(Page):
    """`/talk/<space id>?show=questions`: the conversations of a space. The title is its name."""

    template: ClassVar[str] = "talk/list.html"
    section: ClassVar[str] = "spaces"

    head: PlaceHead
    shows: tuple[Tab, ...] = ()
    """What the list can be narrowed to."""
    show: str = ""
    follow: tuple[Send, ...] = ()
    hear: Action | None = None
    """Where the viewer says how much they want to hear."""
    """What changes whether the viewer hears of new ones."""
    begin: tuple[Action, ...] = ()
    """What the viewer may open here."""
    change: Action | None = None
    """Where those who manage the space say what that can be."""
    threads: tuple[ThreadRow, ...] = ()
    realised: str = ""
    """What ideas were worth that are done, in words."""
    links: PageLinks = ONE_PAGE
    coming: tuple[EventRow, ...] = ()
    """The next events, on the first page of all."""
    events_href: str = ""
    """Where all of them are listed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BeginPage(Page):
    """`/talk/<space id>/new?kind=question`: the form for a new conversation.

    The form is sent to `action` with `csrf_token`, `name`, `body`, `marking`, and `do=preview` to see it first.
    """

    template: ClassVar[str] = "talk/new.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    place: str
    place_href: str
    action: str
    cancel_href: str
    sorts: tuple[Tab, ...]
    sort: str
    button: str
    titled: bool = True
    """Whether it has a title of its own."""
    title_hint: str
    body_hint: str
    markings: tuple[Choice, ...] = ()
    """What it may be marked, each with who reads it then; empty where there is no choice."""
    marking: str = ""
    name: str = ""
    body: str = ""
    tell: str = ""
    tell_is: str = ""
    offered: tuple[Choice, ...] = ()
    """Whom the name that was typed may mean."""
    asks_closes: bool = False
    """Whether it is open up to a day, which is asked for."""
    closes: str = ""
    campaign: str = ""
    """The id of what it is put forward in."""
    within: Action | None = None
    """And where that is."""
    preview: bool = False
    said: str = ""
    """The text of the preview."""
    names_href: str = ""
    """Where people are asked for, whom one may name by an @."""
    attach_hint: str = ""
    """Where a file goes that is attached; empty for whoever may not add one."""
    seen: str = ""
    news: tuple[str, ...] = ()
    readers: str = ""
    """Who can read it, as far as the viewer may know."""
    keepers: str = ""
    """Who keeps it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostShown:
    """A post as it is shown."""

    number: int
    anchor: str
    href: str = ""
    """Its address, which does not change."""
    by: Who
    at: datetime
    body: str = ""
    """Markdown; empty of what was withdrawn."""
    revision: str = ""
    """What names the stored text."""
    edited: datetime | None = None
    earlier_href: str = ""
    """Where its earlier texts are, if it has any."""
    answers_to: int | None = None
    answers_href: str = ""
    answered: str = ""
    """Whom that was by."""
    told: tuple[Who, ...] = ()
    """Whom its author wanted to see it."""
    withdrawn: str = ""
    """Why it was, by whom."""
    removed: tuple[str, ...] = ()
    """What was taken out of it for good: by which organisation, when and why."""
    joined_from: str = ""
    """Of the first post that came from another conversation: the title of that."""
    accepted: bool = False
    moved: str = ""
    """The stage to which it brought the conversation, in words."""
    tone: str = ""
    """How that looks."""
    thanks: int = 0
    sends: tuple[Send, ...] = ()
    """What may be done about it at once: accept, thank."""
    actions: tuple[Action, ...] = ()
    """And on pages of their own: quote, edit, withdraw."""


@dataclass(kw_only=True, slots=True)
class Beside:
    """What stands beside what was said: what is to be known of it, and what may be done with it next."""

    remarks: list[str] = field(default_factory=list)
    """A sentence each."""
    votes: str = ""
    """How many support it, in words."""
    sends: list[Send] = field(default_factory=list)
    """What says so or takes it back; what says that the viewer has read it, where they are asked."""
    steps: list[Action] = field(default_factory=list)
    """What those who lead it may do next."""
    within: Action | None = None
    """What it was put forward in."""
    put_forward: tuple[ThreadRow, ...] = ()
    """What was put forward in it."""
    takes: str = ""
    """What that is, in words; empty where it takes nothing."""
    begin: Action | None = None
    """Where the viewer may put one forward."""
    follow: tuple[Send, ...] = ()
    """What changes how much they hear of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadPage(Page):
    """`/threads/<id>` and `/documents/<id>/comments`: what was said, and the form to say more.

    The form is sent to `action` with `csrf_token`, `body`, `answers_to`, and `do=preview` to see it first.
    """

    template: ClassVar[str] = "talk/thread.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    word: str
    """What it is: "Question", "Comments"."""
    about: Action | None = None
    """Of comments: the thing that they are about."""
    stage: str = ""
    tone: str = ""
    marking: str = ""
    state: str = "published"
    star: Send | None = None
    sent: str = ""
    """To how many who know it was sent, for whoever asked."""
    pinned: bool = False
    closed: bool = False
    posts: tuple[PostShown, ...] = ()
    accepted: tuple[PostShown, ...] = ()
    """Of the first page of a question: the answers that were accepted, on top."""
    total: int = 0
    links: PageLinks = ONE_PAGE
    menu: tuple[tuple[Action, ...], ...] = ()
    sends: tuple[Send, ...] = ()
    beside: Beside = field(default_factory=Beside)
    action: str = ""
    """Empty where the viewer may not post."""
    silent: str = ""
    """Why not, for whoever may read."""
    body: str = ""
    answers_to: str = ""
    tell: str = ""
    tell_is: str = ""
    offered: tuple[Choice, ...] = ()
    """Whom the name that was typed may mean."""
    quoted: str = ""
    """What the form answers, in words."""
    preview: bool = False
    said: str = ""
    """The text of the preview."""
    names_href: str = ""
    """Where people are asked for, whom one may name by an @."""
    attach_hint: str = ""
    """Where a file goes that is attached; empty for whoever may not add one."""
    button: str = "Reply"
    seen: str = ""
    news: tuple[str, ...] = ()
    readers: str = ""
    keepers: str = ""
    why: Why | None = None
    event: EventShown | None = None
    """When and where it takes place, and who comes; None of what does not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditPostPage(Page):
    """`…/posts/<number>/edit`: what one said, in a form. Sent with `csrf_token`, `based_on` and `body`."""

    template: ClassVar[str] = "talk/edit.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    action: str
    cancel_href: str
    body: str
    based_on: int
    preview: bool = False
    said: str = ""
    """The text of the preview."""
    names_href: str = ""
    """Where people are asked for, whom one may name by an @."""
    seen: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawPage(Page):
    """`…/posts/<number>/withdraw`: asks for the reason. Sent with `csrf_token` and `reason`."""

    template: ClassVar[str] = "talk/withdraw.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    post: PostShown
    own: bool
    reason: str = ""
    seen: str = ""
    reasons: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierText:
    """What a post said before."""

    number: int
    at: datetime
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierPage(Page):
    """`…/posts/<number>/earlier`: the post as it is, and every earlier text."""

    template: ClassVar[str] = "talk/earlier.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    back_href: str
    post: PostShown
    texts: tuple[EarlierText, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RenamePage(Page):
    """`/threads/<id>/rename`: another title. Sent with `csrf_token` and `name`."""

    template: ClassVar[str] = "talk/rename.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    name: str
    seen: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePage(Page):
    """`/threads/<id>/merge?find=words`: which conversation it becomes a part of. Sent with `csrf_token` and `into`."""

    template: ClassVar[str] = "talk/merge.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    find: str = ""
    threads: tuple[Choice, ...] = ()
    seen: str = ""
