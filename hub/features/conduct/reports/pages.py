"""Pages of reports: reporting a post, what waits, and one report."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Action, Choice, Page, Send, Who, Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """A post as it is shown to somebody who is about to do something about it."""

    number: int
    href: str
    by: Who
    at: datetime
    body: str
    revision: str
    withdrawn: str = ""
    """Why it was withdrawn, where it was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPage(Page):
    """`/threads/<id>/posts/<number>/report`: what is wrong with a post, and who will look at it.

    The form is sent to `action` with `csrf_token`, `why`, `words` and `revision`.
    """

    template: ClassVar[str] = "conduct/report.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Report a post"
    whose: Whose
    post: Quoted | None = None
    about: Action | None = None
    """Where a thing is reported and no post: what it is."""
    who_looks: str
    """Who will see the report, and how soon they answer."""
    action: str = ""
    """Empty where the viewer reported it before."""
    cancel_href: str
    choices: tuple[Choice, ...] = ()
    why: str = ""
    words: str = ""
    revision: int = 1
    said: str = ""
    """What became of the viewer's own report so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """A post that was reported, in the list."""

    href: str
    title: str
    place: str
    by: Who
    body: str
    """How it begins."""
    reasons: str
    reports: int
    at: datetime
    due: datetime
    overdue: bool
    passed_on: bool
    icon: str = "talk"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportsPage(Page):
    """`/reports`: what waits for the viewer, the oldest first."""

    template: ClassVar[str] = "conduct/reports.html"

    title: str = "Reported posts and documents"
    cases: tuple[CaseRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportShown:
    """What one person reported."""

    who: Who
    at: datetime
    why: str
    words: str
    edited: bool
    """Whether the post was edited since they read it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage(Page):
    """`/reports/<id>`: one post that was reported, and what may be done about it.

    The forms send `leave-note`, `withdraw-note` or `done-note`, and `seen`.
    """

    template: ClassVar[str] = "conduct/case.html"

    whose: Whose
    post: Quoted | None = None
    about: Action | None = None
    """Where a thing was reported and no post: what it is."""
    earlier_href: str = ""
    """Where it reads as it was before it was edited."""
    reports: tuple[ReportShown, ...]
    due: datetime
    overdue: bool
    done: str = ""
    """What was done, by whom; the forms are then left out."""
    done_note: str = ""
    leave_action: str = ""
    withdraw_action: str = ""
    seen_to_action: str = ""
    """Of a thing: where is said what was done about it."""
    pass_on: Send | None = None
    seen: str = ""
    news: tuple[str, ...] = ()
    leave_note: str = ""
    withdraw_note: str = ""
    done_typed: str = ""
