"""Is this logout token true, for us, and new? What an issuer sends when a session of its own has ended.

Source: OpenID Connect Back-Channel Logout 1.0, section 2.6. The checks of an ID token that hold here too are the same
functions, in the same order; then come those that are a logout token's alone. Whether its `jti` was seen before is for
whoever keeps that to say.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from federation.errors import TokenRefused
from federation.validate import CHECKS, MAX_SUBJECT, SKEW, Candidate, Expected, Keys, verify

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
OLDEST: Final = timedelta(minutes=5)
"""Of one that is sent at once: long enough for an issuer that tries again."""
LONGEST_ID: Final = 255
_SHARED: Final = ("alg", "embedded_key", "crit", "key", "signature", "iss", "aud", "aud_others", "exp", "iat", "nbf")


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """Which sessions have ended: of a subject, of a session id, or of both together. Empty text: not said."""

    subject: str
    sid: str
    jti: str
    spent: datetime
    """From when on it is too old to be shown again."""


def verify_logout_token(token: object, expected: Expected, keys: Keys, now: datetime) -> LogoutToken:
    """Return what a logout token says, or raise ``TokenRefused`` (which names the check) or ``keys_unavailable``."""
    claims = verify(token, replace(expected, access_token=None, max_age=None), keys, now, CHECKS_OF_LOGOUT)
    said = {name: str(claims[name]) for name in ("sub", "sid", "jti") if name in claims}
    spent = datetime.fromtimestamp(float(claims["iat"]), now.tzinfo) + OLDEST + 2 * SKEW
    return LogoutToken(said.get("sub", ""), said.get("sid", ""), said["jti"], spent)


def _typ(seen: Candidate) -> None:
    typ = seen.header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.lower() not in {"jwt", "logout+jwt"}:
        raise TokenRefused("typ", "it is another kind of token")


def _age(seen: Candidate) -> None:
    if float(seen.claims["iat"]) + (OLDEST + SKEW).total_seconds() < seen.now:
        raise TokenRefused("age", "it was made too long ago", code="token_time")


def _events(seen: Candidate) -> None:
    events = seen.claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise TokenRefused("events", "it does not say that somebody has signed out")


def _no_nonce(seen: Candidate) -> None:
    if "nonce" in seen.claims:
        raise TokenRefused("no_nonce", "it has a nonce, so it is an ID token")


def _who(seen: Candidate) -> None:
    said = [seen.claims[name] for name in ("sub", "sid") if name in seen.claims]
    if not said or not all(_is_id(value) for value in said):
        raise TokenRefused("who", "it names neither a subject nor a session in a text of at most 255 characters")


def _jti(seen: Candidate) -> None:
    if not _is_id(seen.claims.get("jti")):
        raise TokenRefused("jti", "it has no id of its own")


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= MAX_SUBJECT and value.isprintable()


CHECKS_OF_LOGOUT: Final = (
    ("typ", _typ),
    *(pair for pair in CHECKS if pair[0] in _SHARED),
    ("age", _age),
    ("events", _events),
    ("no_nonce", _no_nonce),
    ("who", _who),
    ("jti", _jti),
)
