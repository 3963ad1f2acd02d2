"""Pages of what somebody proposed and a second person has to agree to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list."""

    summary: str
    href: str
    where: str
    """Whose administrators may agree."""
    by: str
    at: datetime
    stands: str
    """In words: "Waits for a second person", "Done"."""
    waits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalsPage(AdminPage):
    """`/admin/<slug>/proposals`: what waits and what was decided, the newest first."""

    template: ClassVar[str] = "admin/proposals.html"

    title: str = "What a second person agrees to"
    rows: tuple[ProposalRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalPage(AdminPage):
    """`/admin/<slug>/proposals/<id>`: one of them. One form: `do` (approve, refuse, withdraw) and `reason`."""

    template: ClassVar[str] = "admin/proposal.html"

    kind: str
    summary: str
    reason: str
    by: str
    at: datetime
    until: datetime
    stands: str
    decided: datetime | None = None
    decided_by: str = ""
    note: str = ""
    """Why it was refused."""
    action: str
    may: bool = False
    """Whether the viewer may agree."""
    may_not: str = ""
    """Why they may not."""
    is_own: bool = False
    waits: bool = False
    typed: str = ""
    """The reason that they began to write."""
