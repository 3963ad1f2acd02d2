"""The page on which a conversation is begun."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import Action, Choice, Page, Tab, Whose


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
