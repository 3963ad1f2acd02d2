"""Pages of guests who sign in at the hub itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.pages import Page, Send


@dataclass(frozen=True, kw_only=True, slots=True)
class GuestSignInPage(Page):
    """`/sign-in/guest`: by a code that is sent to one's address, by a passkey, or on with an invitation.

    Three forms: `email` to `/sign-in/guest/code`, a passkey that script fills in to `/sign-in/guest/passkey`, and
    `carried` to `/sign-in/guest/invitation/here`; each with `next`.
    """

    template: ClassVar[str] = "signin/guest.html"

    title: str = "Sign in as a guest"
    email: str = ""
    next: str = ""
    mails: bool
    """Whether this hub sends letters: without, there are no codes."""
    passkeys: bool
    """Whether there are passkeys: not at a bare address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodePage(Page):
    """`/sign-in/guest/code`: type the code that was sent, if anybody is known at that address."""

    template: ClassVar[str] = "signin/code.html"

    title: str = "Type the code"
    to: str
    """The address, as far as this browser may know it."""
    invited: bool
    """Whether it is an invitation's: that one surely gets a letter."""
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationPage(Page):
    """`/sign-in/guest/invitation`: whom an invitation means, before anything is done with it."""

    template: ClassVar[str] = "signin/invitation.html"

    title: str = "You are invited"
    person: str
    firm: str
    by: str
    """The organisation that invites; empty for the hub."""
    to: str
    """The address that it is for, partly hidden."""
    mails: bool
    again: bool
    """Whether it lets somebody in anew, which ends what they signed in by before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CarryPage(Page):
    """The code by which an invitation goes on in another browser, in answer to the form that asked for it."""

    template: ClassVar[str] = "signin/carry.html"

    title: str = "Go on on another device"
    code: str
    address: str
    """Where it is typed."""
    until: datetime


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """One of one's passkeys."""

    name: str
    added: datetime
    used: datetime | None
    works: bool
    """Whether it is for the host that the hub has now."""
    remove: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class PasskeysPage(Page):
    """`/me/passkeys`: one's passkeys, one more, fewer."""

    template: ClassVar[str] = "signin/passkeys.html"

    title: str = "Passkeys"
    passkeys: tuple[PasskeyRow, ...]
    offered: bool
    """Whether there are passkeys here."""
    own: bool
    """Whether the viewer signs in at the hub itself: whoever signs in through an organisation has passkeys there."""
    recent: bool
    """Whether they signed in just now, so that one may be added."""
    again: Send | None = None
    """To sign in again first."""
    address: str = ""
