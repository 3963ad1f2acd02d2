"""Pages of terms: those that hold for somebody, one version, and the question before everything else."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Page


@dataclass(frozen=True, slots=True)
class TermsShown:
    """The terms of one organisation, as whoever they hold for reads them."""

    organisation: str
    body: str
    revision: str = ""
    """By which the text is known where it is stored."""
    number: int = 0
    """0: the organisation has not published any."""
    published: datetime | None = None
    accepted: str = ""
    """What the reader accepted, in a sentence."""
    earlier: tuple["VersionRow", ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list."""

    number: int
    href: str
    published: datetime
    note: str
    asks: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsPage(Page):
    """`/terms`: the terms that hold for the viewer."""

    template: ClassVar[str] = "conduct/terms.html"

    title: str = "Terms and conduct"
    terms: tuple[TermsShown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsVersionPage(Page):
    """`/terms/<organisation>/<number>`: one version, as it was published."""

    template: ClassVar[str] = "conduct/version.html"

    organisation: str
    row: VersionRow
    body: str
    revision: str
    holds: bool
    """Whether it is the one that holds now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptPage(Page):
    """`/accept-terms?next=/search`: what somebody has to accept before they go on."""

    template: ClassVar[str] = "conduct/accept.html"
    bare: ClassVar[bool] = True

    title: str = "Before you go on"
    organisation: str
    organisation_id: str
    number: int
    published: datetime
    note: str
    """What changed, for whoever accepted an earlier version."""
    body: str
    revision: str
    guest: bool
    again: bool
    wanted: str
    """Where they go on afterwards."""
    news: str = ""
