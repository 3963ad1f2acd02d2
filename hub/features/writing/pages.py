"""Pages of writing: the edit form, a step of the state, the marking, two revisions compared."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.audience.pages import Gain
from hub.audience.readers import Change
from hub.features.writing.difference import Difference
from hub.web.pages import Choice, Page, Send, Whose


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else saved meanwhile."""

    number: int
    at: datetime
    by: str
    title: str
    body: str
    """Empty where they saved a file."""
    file_name: str
    difference: Difference | None
    """From their text to that of the person who reads this; None where one of the two is a file."""
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EditPage(Page):
    """`/documents/<id>/edit`: title, and text or a replacement file.

    The form is sent to `action` as multipart/form-data with `csrf_token`, `based_on`, `name`, `body` or `file`,
    `note`, and `do=preview` to see it first. With `theirs` the status is 409: nothing was saved, both texts are here,
    and `based_on` is their revision.
    """

    template: ClassVar[str] = "writing/edit.html"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    marking: str
    state: str
    action: str
    cancel_href: str
    as_text: bool
    name: str
    body: str = ""
    note: str = ""
    based_on: int
    seen: str = ""
    """The seal of where the document stands: who reads what is saved."""
    news: tuple[str, ...] = ()
    """What of that has changed since the form was shown, a sentence each: nothing was saved, and the status is 409."""
    file_name: str = ""
    """The present file, where there is one."""
    largest: int
    """Bytes that a file may have."""
    hint: str
    """Who sees what is saved, and when."""
    preview: bool = False
    theirs: Theirs | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StepPage(Page):
    """`/documents/<id>/publish` and the like: what it means, who will read it then, and the button that does it."""

    template: ClassVar[str] = "writing/step.html"

    whose: Whose
    marking: str
    state: str
    meaning: str
    gain: Gain | None = None
    """Who gains by it, exactly; None where nobody does."""
    loss: Gain | None = None
    """Who loses by it, exactly; None where nobody does."""
    notes: tuple[str, ...] = ()
    """Whose loss it is, a sentence each."""
    change: Change
    send: Send
    cancel_href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkingPage(Page):
    """`/documents/<id>/marking`: the markings that the viewer may give, each with who can read it then."""

    template: ClassVar[str] = "writing/marking.html"

    whose: Whose
    state: str
    markings: tuple[Choice, ...]
    marking: str
    seen: str
    """The seal of the document as it is now: the form sends it back, so that nobody changes what they did not see."""
    action: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two revisions that are compared."""

    number: int
    href: str
    title: str
    at: datetime
    by: str
    note: str
    file_name: str
    unreadable: str
    """Why there is no text to compare, as a clause; empty where there is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparePage(Page):
    """`/documents/<id>/compare?from=1&to=3`, of texts as they are read, with `as=typed` as they were typed."""

    template: ClassVar[str] = "writing/compare.html"

    whose: Whose
    marking: str
    state: str
    action: str
    choices: tuple[Choice, ...]
    """The revisions, newest first."""
    older: Side
    newer: Side
    difference: Difference
    only_set: bool = False
    """The words are the same; headings, bold or the like are not."""
    typed: bool = False
    otherwise_href: str = ""
    """The same comparison as it was typed, or as it is read; empty where a file is compared."""
    bring_back: Send | None = None
