"""Pages about the mail that the hub has sent, for those who administer the platform."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage, Tab
from hub.web.pages import ONE_PAGE, PageLinks, Send


@dataclass(frozen=True, slots=True)
class LetterState:
    """What became of a letter: a word, and the tag that it is shown in."""

    text: str
    tag: str
    """quiet, draft (it waits) or withdrawn (somebody has to see to it)."""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the list."""

    subject: str
    href: str
    name: str
    address: str
    written: datetime
    state: LetterState


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMailPage(AdminPage):
    """`/admin/platform/mail?state=failed`: the hub's letters, newest first."""

    template: ClassVar[str] = "admin/sent-mail.html"

    title: str = "Sent mail"
    way: str
    """Where letters go, in a sentence."""
    trouble: str = ""
    """What keeps the letters that wait."""
    states: tuple[Tab, ...]
    """The list of all, of those that wait, of those that failed."""
    chosen: str = ""
    letters: tuple[LetterRow, ...]
    links: PageLinks = ONE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPage(AdminPage):
    """`/admin/platform/mail/<id>`: one letter, what became of it, and what may be done about it."""

    template: ClassVar[str] = "admin/letter.html"

    name: str
    address: str
    person_href: str
    """Empty where it goes to an address of which nobody knows whose it is."""
    state: LetterState
    reason: str = ""
    written: datetime
    left: datetime | None = None
    """When it was sent, or written into the folder."""
    attempts: int
    due: datetime | None = None
    """When it is tried next."""
    message_id: str
    text: str
    link: str = ""
    """The one-use link, as long as the letter did not reach a mail server and the link works."""
    link_until: datetime | None = None
    sends: tuple[Send, ...] = ()
