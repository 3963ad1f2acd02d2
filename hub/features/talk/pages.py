"""Pages of talk: what is said in a space, one conversation, and what is done to a post."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from hub.features.talk.event_pages import EventRow, EventShown
from hub.features.talk.post_pages import PostShown
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
