"""Pages about an organisation's records of what was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage
from hub.web.pages import ONE_PAGE, PageLinks


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRow:
    """A post that the organisation holds."""

    name: str
    organisation: str
    """For which its author spoke."""
    at: datetime
    text: str
    """As much of it as fits."""
    about: str
    """What it was said about; empty where the viewer may not read that."""
    about_href: str
    withdrawn: bool = False
    removed: bool = False
    erase_href: str = ""
    """Where personal data is taken out of it; empty where that is for another organisation to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsPage(AdminPage):
    """`/admin/<slug>/records`: what the organisation holds of what was said. Asked by GET with the fields below."""

    template: ClassVar[str] = "admin/records.html"

    title: str = "Records of what was said"
    action: str
    words: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    earlier: bool = False
    why: str = ""
    found: str = ""
    """How much that is, in words; empty before anything was asked."""
    rows: tuple[HeldRow, ...] = ()
    links: PageLinks = ONE_PAGE
    export_href: str = ""
