"""The page of how an issuer is."""

from dataclasses import dataclass
from typing import ClassVar

from hub.features.administration.pages import AdminPage


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing by which one sees how an issuer is."""

    what: str
    stands: str
    well: bool = True
    """False where somebody has to do something."""
    cure: str = ""
    """What to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuerHealthPage(AdminPage):
    """`/admin/<slug>/issuer/health`: each sign, and the last day of the client secret (field `until`)."""

    template: ClassVar[str] = "admin/issuer-health.html"

    title: str = "How your sign-in is"
    issuer: str
    signs: tuple[Sign, ...]
    action: str
    seen: str
    until: str = ""
    """The last day of the client secret, as it is typed."""
