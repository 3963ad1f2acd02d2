"""The two halves of a sign-in, over the hub's tables. What may be believed is decided in `federation`."""

import json
from collections.abc import Sequence
from typing import cast

from federation.client import RelyingParty, SignedIn
from federation.discovery import Metadata
from federation.errors import FederationError
from federation.jwks import KeySource
from federation.logout_token import LogoutToken, verify_logout_token
from federation.transaction import Purpose, digest
from federation.validate import Expected
from hub.access.parts import Parts
from hub.features.signin.issuers import guarded_http, look_up, registration_of
from hub.features.signin.models import Issuer, SignInTransaction
from hub.features.signin.stores import KeySets, Transactions


def begin_sign_in(
    parts: Parts,
    issuer: Issuer,
    *,
    browser_secret: str,
    return_path: str,
    login_hint: str = "",
    purpose: Purpose = "sign-in",
) -> str:
    """The address to send a browser to; raises FederationError, within two seconds when the issuer is down."""
    issuer = look_up(parts, issuer)
    return _party(parts, issuer).start(
        registration_of(parts, issuer, purpose),
        browser_secret=browser_secret,
        return_path=return_path,
        login_hint=login_hint,
        purpose=purpose,
        now=parts.clock.now(),
    )


def purpose_of(parts: Parts, issuer: Issuer, answer: Sequence[tuple[str, str]], browser_secret: str | None) -> Purpose:
    """What the sign-in was begun for that an answer ends: an everyday one unless its row says otherwise."""
    state = dict(answer).get("state", "")
    with parts.database.reading() as session:
        row = session.get(SignInTransaction, digest(state))
    if row is None or row.issuer_id != issuer.id or row.browser_hash != digest(browser_secret or ""):
        return "sign-in"
    return cast("Purpose", row.purpose)


def finish_sign_in(
    parts: Parts,
    issuer: Issuer,
    answer: Sequence[tuple[str, str]],
    *,
    browser_secret: str | None,
    purpose: Purpose = "sign-in",
) -> SignedIn:
    """What an issuer says of the person who came back from it; raises FederationError.

    One that was begun to try the issuer out ends as such and never signs anybody in.
    """
    if not issuer.pin:
        raise FederationError("response_mismatch", "nobody was ever sent to this issuer")
    registration = registration_of(parts, issuer, purpose)
    came = _party(parts, issuer).finish(registration, answer, browser_secret=browser_secret, now=parts.clock.now())
    if came.transaction.purpose != purpose:
        raise FederationError("response_mismatch", "it was begun for something else")
    return came


def _party(parts: Parts, issuer: Issuer) -> RelyingParty:
    http = guarded_http(parts, issuer.issuer, inner_network=issuer.inner_network)
    return RelyingParty(http, KeySets(parts), Transactions(parts))


def read_logout_token(parts: Parts, issuer: Issuer, token: object) -> LogoutToken:
    """What an issuer says of a session that has ended; raises FederationError.

    Also of one that is switched off, or whose changes wait: what it says ends access, and gives none. Its pin counts.
    """
    if not issuer.pin:
        raise FederationError("response_mismatch", "nobody was ever sent to this issuer")
    pin = Metadata.from_json(json.loads(issuer.pin))
    expected = Expected(issuer=pin.issuer, client_id=issuer.client_id, nonce="", algorithms=pin.algorithms)
    http = guarded_http(parts, issuer.issuer, inner_network=issuer.inner_network)
    return verify_logout_token(token, expected, KeySource(pin.jwks_uri, http, KeySets(parts)), parts.clock.now())
