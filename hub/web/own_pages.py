"""Pages of the hub itself: what is not there, what went wrong, what every visitor may read of it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hub.web.pages import Action, Page
from hub.web.typed import Kept


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFoundPage(Page):
    """404, the same for what is absent and what is forbidden. Filled from the viewer alone, never from the address."""

    template: ClassVar[str] = "layout/errors/not-found.html"
    forms: ClassVar[bool] = False

    title: str = "Page not found"
    organisation: str = ""
    contact: str = ""
    signed_in: bool = False
    kept: Kept | None = None
    """What they sent, where they sent something."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorPage(Page):
    """Any other error: what happened, and what to do next. What was sent is given back to whoever sent it."""

    template: ClassVar[str] = "layout/errors/error.html"
    forms: ClassVar[bool] = False

    status: int
    sentences: tuple[str, ...]
    contact: str = ""
    lasts: bool = True
    """Whether it may go on until somebody mends it: whom to tell is said then."""
    links: tuple[Action, ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessibilityPage(Page):
    """The accessibility statement."""

    template: ClassVar[str] = "layout/help/accessibility.html"

    title: str = "Accessibility statement"
    site: str
    contact: str = ""
    prepared: date


@dataclass(frozen=True, slots=True)
class CookieRow:
    """One cookie that the hub sets."""

    name: str
    purpose: str
    ends: str
    """"When you sign out, or after 12 hours"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CookiesPage(Page):
    """What the hub keeps in the browser."""

    template: ClassVar[str] = "layout/help/cookies.html"

    title: str = "Cookies"
    cookies: tuple[CookieRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TakingPartPage(Page):
    """For somebody whose organisation does not take part yet: what this is, whom to ask, and what it takes."""

    template: ClassVar[str] = "layout/help/taking-part.html"

    title: str = "Your organisation is not in the list?"
    contact: str = ""
    write_href: str = ""
    """A letter to the contact, begun; empty where there is no address."""
    tour_href: str = ""
    """Where there is a tour without signing in."""
