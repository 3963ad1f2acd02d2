"""Pages that ask before something is done: who gains, who loses, and whether to do it."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import Page, Send, Whose


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a document in a list."""

    name: str
    href: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Crowded:
    """How many people of one organisation."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Things of one kind: what many of them are called ("Documents"), and their titles."""

    heading: str
    rows: tuple[Named, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """Who gains or loses by a change: the count in words, a page of names and titles. A turn shows more of these."""

    sentence: str
    more: str = ""
    """The same of names and descriptions of places, where it is about those too."""
    organisations: tuple[Crowded, ...] = ()
    people: tuple[Named, ...] = ()
    hidden_people: int = 0
    """Of this page of the list: people whose pages the viewer may not see."""
    things: tuple[Listed, ...] = ()
    turns: tuple[Send, ...] = ()
    first: int = 1
    last: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmPage(Page):
    """What is about to be shown to whom, or taken from whom, before it is saved. `send` does it."""

    template: ClassVar[str] = "audience/confirm.html"

    whose: Whose
    gain: Gain | None = None
    loss: Gain | None = None
    heard: Gain | None = None
    """Who may write in a space by it."""
    silenced: Gain | None = None
    """Who may not any more."""
    notes: tuple[str, ...] = ()
    """What else the change means, a sentence each."""
    news: tuple[str, ...] = ()
    """What has changed since the person was asked, a sentence each: nothing was done."""
    send: Send
    cancel_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SurePage(Page):
    """What cannot be undone, or means more than its button says: first what it means, then the button."""

    template: ClassVar[str] = "audience/sure.html"

    whose: Whose
    lede: str
    notes: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    """What has changed since the person was asked, a sentence each: nothing was done."""
    send: Send
    cancel_href: str
