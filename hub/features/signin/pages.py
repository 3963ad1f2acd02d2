"""Pages of signing in and out."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Page, Send
from hub.web.typed import Kept


@dataclass(frozen=True, slots=True)
class SignInChoice:
    """One organisation to sign in through."""

    name: str
    action: str
    """Where its button posts to: `/sign-in/<slug>`."""
    hint: str = ""
    """What helps to tell it from others: "District council", "leeds.gov.uk"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInPage(Page):
    """`/sign-in?next=/path&q=words`: choose your organisation by name or by e-mail domain.

    The search box is a GET form (`q`, `next`). Each choice is a submit button of one POST form that carries
    `csrf_token` and `next` to the choice's `action`.
    """

    template: ClassVar[str] = "signin/sign-in.html"

    title: str = "Sign in"
    query: str = ""
    next: str = ""
    """The path asked for first, already checked to be one of ours; `''` for home."""
    own: SignInChoice | None = None
    """The one through which this browser signed in last, on top of the others."""
    choices: tuple[SignInChoice, ...]
    total: int
    """How many organisations there are, or match; more than `len(choices)` asks to narrow the search."""
    contact: str = ""
    """How the people of `own`, or of the one that matches, reach their administrators."""
    notice: str = ""
    """Why the person is here, where that helps: "You have been signed out because nothing happened for 12 hours"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkPage(Page):
    """`/sign-in/link/whose`: whom a one-use link would make of the person, before it does.

    Two POST forms: `action` with `next` and `become=yes`, and `refuse` for those who opened it by mistake.
    """

    template: ClassVar[str] = "signin/link.html"

    title: str = "Is this you?"
    person: str
    organisation: str
    action: str
    refuse: str = "/sign-in/link/put-away"
    next: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingPage(Page):
    """On the way to an issuer, answered (200) to POST /sign-in/<slug> and to POST /sign-out.

    Not a redirect: browsers hold the whole redirect chain of a sent form against `form-action 'self'`, and we cannot
    know where an issuer redirects to next. The page moves on at once by a refresh of 0 seconds, and has a link.
    """

    template: ClassVar[str] = "signin/leaving.html"
    forms: ClassVar[bool] = False

    title: str = "Taking you to your organisation"
    destination: str
    """Who is there: "Leeds City Council"."""
    href: str
    """Full address at the issuer."""
    signing_out: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInProblemPage(Page):
    """Signing in did not work: what happened in plain words, what to do, a reference for the support desk."""

    template: ClassVar[str] = "signin/problem.html"

    title: str = "You are not signed in"
    sentences: tuple[str, ...]
    """Each a sentence: what happened, then what to do."""
    reference: str = ""
    contact: str = ""
    """Of the administrators of their organisation."""
    organisation: str = ""
    """Their organisation, where it is known."""
    retry_href: str = "/sign-in"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOutPage(Page):
    """`/signed-out`."""

    template: ClassVar[str] = "signin/signed-out.html"

    title: str = "You are signed out"
    organisation: str = ""
    still_signed_in: bool = False
    """True where the issuer offers no sign-out: the person stays signed in there."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where somebody is signed in."""

    browser: str
    """In words: "Firefox on Windows"."""
    address: str
    """From where on the network; empty where nobody noted it."""
    since: datetime
    seen: datetime
    end: Send | None
    """None of the session that they look from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionsPage(Page):
    """`/me/sessions`: where the viewer is signed in."""

    template: ClassVar[str] = "signin/sessions.html"

    title: str = "Where you are signed in"
    sessions: tuple[SessionRow, ...]
    others: Send | None = None
    """Ends all but this one; None where there is no other."""
    idle: str
    """After how long without use one ends: "60 minutes"."""
    lasts: str
    at_once: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProvePage(Page):
    """In answer to a form of administration, where its person has not proved lately who they are (403).

    One POST form: `action` with `form`, or with `next` where nothing is held.
    """

    template: ClassVar[str] = "signin/prove.html"

    title: str = "Is it still you?"
    organisation: str = ""
    """At whose issuer; empty where the session did not begin at one."""
    action: str = ""
    form: str = ""
    """By which what was sent is held; empty where it is not."""
    next: str = "/"


@dataclass(frozen=True, kw_only=True, slots=True)
class GoOnPage(Page):
    """`/me/sessions/go-on/<id>`: what they sent before they proved who they are, to be sent now."""

    template: ClassVar[str] = "signin/go-on.html"

    title: str = "Go on where you were"
    kept: Kept
    secrets: tuple[str, ...] = ()
    """Fields that are not held, and have to be typed again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialPage(Page):
    """The end of a sign-in that an administrator tried out: what came, and what the hub would make of it."""

    template: ClassVar[str] = "signin/trial.html"
    section: ClassVar[str] = "admin"
    forms: ClassVar[bool] = False

    title: str = "The sign-in works"
    organisation: str
    back: str
    """The page of the issuer."""
    worked: bool = True
    problem: str = ""
    """What went wrong, for an administrator; empty where nothing did."""
    detail: str = ""
    cure: str = ""
    way: str = ""
    """How the hub proved itself."""
    better: str = ""
    """The same, where another way was chosen and did not work."""
    name: str = ""
    email: str = ""
    verified: bool = False
    person: str = ""
    """Whom it would sign in, in a sentence."""
    claims: tuple[tuple[str, str, str], ...] = ()
    """Each by name, with its value and what it is for."""
    warnings: tuple[str, ...] = ()
