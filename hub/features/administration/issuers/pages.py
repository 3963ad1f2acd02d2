"""Pages about how an organisation's people sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.features.administration.pages import AdminPage, IssuerFields, Tab
from hub.features.signin.failures import Failure
from hub.web.pages import Choice, Send


@dataclass(frozen=True, slots=True)
class StepShown:
    """One thing to do at the issuer, with the address to copy there."""

    text: str
    copy: str = ""


@dataclass(frozen=True, slots=True)
class IssuerMore:
    """What is rarely needed: how the hub proves itself, whose people are meant, what is on record."""

    ways: tuple[Choice, ...]
    auth_method: str = "auto"
    tenant_claim: str = ""
    tenant_value: str = ""
    s256_waived: bool = False
    open: bool = False
    """Whether any of it is set, or wrong, so that it is shown at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuerPage(AdminPage):
    """`/admin/<slug>/issuer`: how people sign in, what the issuer has changed; or, step by step, how they will."""

    template: ClassVar[str] = "admin/issuer.html"
    keeps_drafts: ClassVar[bool] = True

    title: str = "Sign-in"
    slug: str
    issuer: str = ""
    """Empty where there is none yet."""
    status: str = ""
    redirect: str = ""
    client_id: str = ""
    rule: str = ""
    """Which of the issuer's people are meant; empty where all are."""
    way: str = ""
    """How the hub proves itself, in words."""
    answered: datetime | None = None
    changes: tuple[str, ...] = ()
    """What it has changed and nobody has accepted, each with its new value."""
    found: tuple[tuple[str, str], ...] = ()
    """What it says of itself, by name."""
    sends: tuple[Send, ...] = ()
    action: str
    seen: str = ""
    """The seal of the issuer as it is: the form sends it back."""
    typed: IssuerFields
    """What was typed, of a first issuer or of new credentials."""
    more: IssuerMore
    prepared: bool = False
    """Whether it is prepared, and nobody signs in through it yet."""
    replaces: str = ""
    """The address of the issuer in whose place this one would come."""
    kind: str = ""
    """Which product's steps are shown."""
    kinds: tuple[Tab, ...] = ()
    steps: tuple[StepShown, ...] = ()
    note: str = ""
    looks_like: str = ""
    next_href: str = ""
    """Where another issuer is prepared in its place."""
    failed_href: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedPage(AdminPage):
    """`/admin/<slug>/issuer/failed`: the last sign-ins that failed, and what to do about each."""

    template: ClassVar[str] = "admin/failed-sign-ins.html"

    title: str = "Sign-ins that failed"
    failures: tuple[Failure, ...]
