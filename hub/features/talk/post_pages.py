"""A post as it is shown, and pages of what is done to one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Action, Choice, Page, Send, Who, Whose


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
