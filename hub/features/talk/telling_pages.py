"""Pages of what spaces take, of news and who has read it, and of what comes of ideas."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.pages import ONE_PAGE, Choice, Page, PageLinks, Send, Tab, Who, Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class OffersPage(Page):
    """`/talk/<space id>/sorts`: what the space takes. Sent with `csrf_token`, `seen` and `sort`, once for each."""

    template: ClassVar[str] = "talk/offers.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    choices: tuple[Choice, ...]
    chosen: tuple[str, ...]
    seen: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishPage(Page):
    """`/threads/<id>/publish`: when a draft is to be published, and who is asked to read it.

    Sent with `csrf_token`, `seen`, `when`, `day`, `at`, `ask` and `by`.
    """

    template: ClassVar[str] = "talk/publish.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    action: str
    cancel_href: str
    when: str
    whens: tuple[Choice, ...]
    day: str = ""
    at: str = ""
    ask: str = ""
    asks: tuple[Choice, ...] = ()
    """Empty for whoever has no colleagues to ask."""
    by: str = ""
    seen: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """Somebody who is asked to read a thing, and when they said that they have."""

    by: Who
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingPage(Page):
    """`…/who-has-read`: who of one's organisation has read a thing. Sent with `csrf_token`, `seen`, `by`, `on`."""

    template: ClassVar[str] = "talk/reading.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    back_href: str
    organisation: str
    asked: bool = False
    by_date: date | None = None
    read: int = 0
    total: int = 0
    shows: tuple[Tab, ...] = ()
    rows: tuple[ReaderRow, ...] = ()
    links: PageLinks = ONE_PAGE
    csv_href: str = ""
    by: str = ""
    stop: Send | None = None
    seen: str = ""
    news: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StepFormPage(Page):
    """`/threads/<id>/stage/<word>`: why it comes to another stage. Sent with `csrf_token`, `seen`, `body` and more."""

    template: ClassVar[str] = "talk/stage.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    action: str
    cancel_href: str
    button: str
    hint: str
    body: str = ""
    realised: bool = False
    """Whether the day is asked for, and what it was worth."""
    done_on: str = ""
    worth: str = ""
    seen: str = ""
    news: tuple[str, ...] = ()
    readers: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LastDayPage(Page):
    """`/threads/<id>/last-day`: another last day of a campaign. Sent with `csrf_token`, `seen`, `closes` and `body`."""

    template: ClassVar[str] = "talk/last-day.html"
    section: ClassVar[str] = "spaces"
    keeps_drafts: ClassVar[bool] = True

    whose: Whose
    action: str
    cancel_href: str
    closes: str
    body: str = ""
    seen: str = ""
    news: tuple[str, ...] = ()
    readers: str = ""
