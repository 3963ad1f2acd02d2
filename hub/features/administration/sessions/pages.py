"""The page of an organisation's own limits for sessions."""

from dataclasses import dataclass
from typing import ClassVar

from hub.features.administration.pages import AdminPage


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionLimitsPage(AdminPage):
    """`/admin/<slug>/sessions`: one form; each field is empty where the hub's own limit is enough."""

    template: ClassVar[str] = "admin/session-limits.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Sessions"
    action: str
    seen: str
    """The seal of the limits as they are."""
    idle_minutes: str
    hours: str
    at_once: str
    most_idle_minutes: int
    """The hub's own limits, which nobody can widen."""
    most_hours: int
    most_at_once: int
