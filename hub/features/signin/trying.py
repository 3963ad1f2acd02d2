"""A sign-in that an administrator tries out: what came, what the hub would make of it, and nothing is made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.advice import what_to_do
from federation.claims import MISSING, Profile, read_profile
from federation.client import SignedIn
from federation.discovery import Metadata
from federation.errors import FederationError
from federation.validate import IdToken
from hub.access.guard import parts, viewer
from hub.access.models import Person, Place
from hub.features.signin.cookies import browser_secret, set_browser_secret
from hub.features.signin.credentials import AUTO, WAYS
from hub.features.signin.issuers import registration_of
from hub.features.signin.models import ExternalIdentity, Issuer, PendingBinding
from hub.features.signin.pages import TrialPage
from hub.features.signin.queries import domains_of, owner_of_domain
from hub.features.signin.signing import finish_sign_in
from hub.ground.errors import NotFound
from hub.web.pages import Crumb
from hub.web.render import render

LONGEST: Final = 200
"""Characters of a claim that are shown."""
_PROTOCOL: Final = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})
_MEANT: Final = {
    "iss": "The issuer: exactly the address that is registered",
    "sub": "The subject: with the issuer, this alone says who somebody is",
    "aud": "For whom the token was made: the hub’s client id",
    "name": "Their name",
    "email": "Their address, shown only in a mail domain of yours",
    "email_verified": "Whether you vouch for the address: only true counts",
    "hd": "Google’s customer",
    "tid": "Entra’s tenant",
    "sid": "The session at the issuer",
}
_SHARED: Final = ("hd", "tid")


def show_trial(issuer: Issuer, answer: Sequence[tuple[str, str]]) -> Response:
    """The page at the end of a sign-in that was tried out; raises NotFound for whoever may not try this issuer."""
    place = g.db.get(Place, issuer.organisation_id)
    decision = viewer().decide("administer", place) if g.user is not None and place is not None else None
    if place is None or decision is None or not decision.allowed:
        raise NotFound
    page = TrialPage(
        crumbs=(Crumb("Sign-in", f"/admin/{place.path}/issuer"),),
        organisation=place.name,
        back=f"/admin/{place.path}/issuer",
    )
    try:
        came = finish_sign_in(parts(), issuer, answer, browser_secret=browser_secret(), purpose="test")
    except FederationError as error:
        page = _failed(page, error)
    else:
        page = _went_well(page, issuer, came)
    response = render(page)
    set_browser_secret(response, "")
    return response


def _failed(page: TrialPage, error: FederationError) -> TrialPage:
    return TrialPage(
        title="The sign-in did not work",
        crumbs=page.crumbs,
        organisation=page.organisation,
        back=page.back,
        worked=False,
        problem=error.entry.admin,
        detail=error.detail,
        cure=what_to_do(error.code, error.detail),
        claims=_shown(error.claims, ()),
    )


def _went_well(page: TrialPage, issuer: Issuer, came: SignedIn) -> TrialPage:
    profile = read_profile(came.token.claims, domains_of(g.db, issuer.organisation_id))
    registration = registration_of(parts(), issuer, "test")
    chosen = issuer.auth_method not in {AUTO, came.method} or registration.auth_method != came.method
    return TrialPage(
        crumbs=page.crumbs,
        organisation=page.organisation,
        back=page.back,
        worked=True,
        way=WAYS[came.method],
        better=WAYS[came.method] if chosen else "",
        name=profile.name if profile.name is not MISSING else "",
        email=profile.email if profile.email is not MISSING else "",
        verified=profile.email_verified,
        person=_whom(g.db, issuer, came.token),
        claims=_shown(came.token.claims, came.from_userinfo),
        warnings=tuple(_warnings(g.db, issuer, came, profile, registration.metadata)),
    )


def _whom(session: Session, issuer: Issuer, token: IdToken) -> str:
    """What a sign-in by this token would come to."""
    known = session.execute(
        select(Person, ExternalIdentity.issuer_id)
        .join(ExternalIdentity, ExternalIdentity.person_id == Person.id)
        .where(ExternalIdentity.issuer == token.issuer, ExternalIdentity.subject == token.subject)
    ).one_or_none()
    if known is not None and known[1] == issuer.id:
        return f"It would sign in {known[0].name} ({known[0].handle})."
    if known is not None:
        return "It would be refused: this subject came in through another registration of the issuer."
    expected = session.scalar(
        select(Person)
        .join(PendingBinding, PendingBinding.person_id == Person.id)
        .where(
            PendingBinding.issuer_id == issuer.id,
            PendingBinding.subject == token.subject,
            PendingBinding.link_hash == "",
            PendingBinding.used_at.is_(None),
        )
    )
    if expected is not None:
        return f"It would sign in {expected.name} ({expected.handle}) for the first time: this subject is expected."
    return "It would be refused: nobody is known or expected by this subject. Add the person, or make them a link."


def _warnings(session: Session, issuer: Issuer, came: SignedIn, profile: Profile, metadata: Metadata) -> Iterator[str]:
    if profile.name is MISSING or not profile.name:
        yield "No name came. Allow the scope profile, or people keep the names that you typed."
    yield from _about_address(session, issuer, "email" in came.token.claims, profile)
    for name in _SHARED if not issuer.tenant_claim else ():
        value = came.token.claims.get(name)
        if isinstance(value, str):
            yield f"The issuer tells its customers apart by {name} ({value[:LONGEST]}). Register that value."
    if not metadata.end_session_endpoint:
        yield "The issuer offers no sign-out: whoever signs out of the hub stays signed in there."
    if not metadata.iss_supported:
        yield "The issuer does not name itself in its answers (RFC 9207). Its own redirect address makes up for that."


def _about_address(session: Session, issuer: Issuer, came: bool, profile: Profile) -> Iterator[str]:
    if not came:
        yield "No e-mail address came. Allow the scope email: invitations are bound to an address."
    elif profile.email_refused == "malformed":
        yield "The e-mail address is none that can be used, and is left out."
    elif profile.email_refused == "domain_not_owned":
        owner = owner_of_domain(session, profile.refused_domain)
        taken = owner is not None and owner != issuer.organisation_id
        end = "this person would be refused" if taken else "the address is left out"
        yield f"The address is not in a mail domain of yours ({profile.refused_domain}), so {end}."
    elif not profile.email_verified:
        yield (
            "The address is not marked as verified (email_verified is not true): whoever opens an invitation waits "
            "until its sponsor has looked at who came."
        )


def _shown(claims: Mapping[str, Any], from_userinfo: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (name[:LONGEST], _plain(claims[name]), _about(name, from_userinfo))
        for name in sorted(claims)
        if name not in _PROTOCOL
    )


def _about(name: str, from_userinfo: tuple[str, ...]) -> str:
    told = [_MEANT.get(name, ""), "told by userinfo" if name in from_userinfo else ""]
    return ", ".join(filter(None, told))


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        text = ", ".join(str(each) for each in value[:20])
        text += f" and {len(value) - 20} more" if len(value) > 20 else ""  # noqa: PLR2004 - as many as are listed
    else:
        text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:LONGEST])
    return shown + ("…" if len(text) > LONGEST else "")
