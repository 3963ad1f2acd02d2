"""The page on which people are brought in from a table."""

from dataclasses import dataclass
from typing import ClassVar

from hub.features.administration.pages import AdminPage, Said


@dataclass(frozen=True, slots=True)
class NewRow:
    """Somebody who would be added."""

    line: int
    name: str
    handle: str
    email: str
    job: str
    groups: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPeoplePage(AdminPage):
    """`/admin/<slug>/people/import`: a table, what is wrong with it by line, or whom it would add."""

    template: ClassVar[str] = "admin/import-people.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "People from a table"
    action: str
    cancel_href: str
    text: str = ""
    make: bool = False
    """Whether groups that are not there yet are to be made."""
    checked: str = ""
    """Digest of the text when it can be taken as it stands; empty before it was checked."""
    faults: tuple[Said, ...] = ()
    advice: str = ""
    """What helps with them: no fault itself."""
    notes: tuple[Said, ...] = ()
    """What is left out or left as it is; nothing that keeps anybody from being added."""
    sentences: tuple[str, ...] = ()
    rows: tuple[NewRow, ...] = ()
    """The first of those who would be added."""
    more: int = 0
    """How many are not shown."""
