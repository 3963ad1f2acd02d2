"""Pages about the terms of an organisation, for those who look after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage
from hub.features.conduct.terms.pages import VersionRow
from hub.web.pages import Choice


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsAdminPage(AdminPage):
    """`/admin/<organisation>/terms`: what holds now, how many accepted it, and how soon reports are answered."""

    template: ClassVar[str] = "admin/terms.html"

    edit_href: str
    number: int = 0
    published: datetime | None = None
    accepted: str = ""
    """How many have accepted it, in a sentence."""
    body: str
    revision: str
    versions: tuple[VersionRow, ...] = ()
    action: str
    seen: str
    answer_within: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsEditPage(AdminPage):
    """`/admin/<organisation>/terms/edit`: the text that is published next.

    The form is sent to `action` with `csrf_token`, `body`, `note`, `asks`, and `do=preview` to see it first.
    """

    template: ClassVar[str] = "admin/terms-edit.html"
    keeps_drafts: ClassVar[bool] = True

    action: str
    cancel_href: str
    body: str
    note: str = ""
    asks: str = ""
    choices: tuple[Choice, ...] = ()
    """Whether everybody is asked again; none for the first version, which asks everybody."""
    preview: bool = False
    seen: str = ""
    news: tuple[str, ...] = ()
