"""Is this ID token true, for us, and for this sign-in? Our own verifier, on joserfc's signatures.

The checks run in the order of ``CHECKS`` (OpenID Connect Core 3.1.3.7, RFC 7515, RFC 8725). Each is one function that
raises or returns, so that a test can leave any one of them out and see a forged token get through. Nothing of the token
is believed before ``signature`` has passed; the checks before it only refuse.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from federation.errors import FederationError, TokenRefused
from federation.jwks import SigningKey
from federation.safe_http import read_object

MAX_LENGTH = 32 * 1024  # characters; two hundred groups in a token come to some ten thousand
MAX_KEYS_TRIED = 5
SKEW = timedelta(seconds=60)
OLDEST = timedelta(hours=24)
_PARTS = 3  # header, claims, signature
MAX_SUBJECT = 255  # Core, 2
_FAR = 10**11  # seconds; the year 5138, and no number that arithmetic could trip over
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")
_EDWARDS = frozenset({"EdDSA", "Ed25519"})  # one algorithm, an old and a new name (RFC 9864)
_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say: everything that we knew before it came.

    ``algorithms``: those of the issuer's row. ``access_token``: what came with it, for ``at_hash``.
    ``trusted_audiences``: others that may stand in ``aud`` beside us. ``max_age``, ``acr_values``: what was asked for.
    ``iat_will_do``: without ``auth_time`` the token's own time counts, as of an issuer that never says it.
    ``tenant``: claim name and value, for an issuer that serves many organisations.
    """

    issuer: str
    client_id: str
    nonce: str
    algorithms: tuple[str, ...]
    access_token: str | None = None
    trusted_audiences: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    iat_will_do: bool = False
    acr_values: tuple[str, ...] = ()
    tenant: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class IdToken:
    """A verified ID token: its claims, and the text itself (for ``id_token_hint``)."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]
    raw: str = field(repr=False)


class Keys(Protocol):
    """The issuer's keys; ``federation.jwks.KeySource`` is one."""

    def current(self, now: datetime) -> tuple[SigningKey, ...]:
        """Return the keys in force."""

    def refreshed(self, now: datetime) -> tuple[SigningKey, ...] | None:
        """Return freshly fetched keys, or None when that may not be done now."""


@dataclass(slots=True)
class Candidate:
    """A token taken apart, with all that the checks compare it with. ``keys``: those that may have signed it."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes
    keys: tuple[SigningKey, ...]
    expected: Expected
    now: float


def verify_id_token(token: object, expected: Expected, keys: Keys, now: datetime) -> IdToken:
    """Return a token's claims, or raise ``TokenRefused`` (which names the check) or ``keys_unavailable``.

    An unknown key or a bad signature may mean that the issuer has changed its keys: they are fetched once more, at most
    every thirty seconds, and the token is judged again.
    """
    claims = verify(token, expected, keys, now, CHECKS)
    return IdToken(str(claims.get("iss")), str(claims.get("sub")), claims, str(token))


def verify(token: object, expected: Expected, keys: Keys, now: datetime, checks: "Checks") -> Mapping[str, Any]:
    """Return the claims of a token that passes some checks, in their order; raises as ``verify_id_token`` does."""
    try:
        return _judge(token, expected, keys.current(now), now, checks)
    except TokenRefused as refusal:
        if refusal.check not in {"key", "signature"}:
            raise
        fresh = keys.refreshed(now)
        if fresh is None:
            raise
    return _judge(token, expected, fresh, now, checks)


def _judge(
    token: object, expected: Expected, keys: tuple[SigningKey, ...], now: datetime, checks: "Checks"
) -> Mapping[str, Any]:
    for _, raw_check in RAW_CHECKS:
        raw_check(token)
    candidate = _take_apart(token, expected, keys, now)
    is_signed = False
    for name, check in checks:
        try:
            check(candidate)
        except TokenRefused as refusal:
            refusal.claims = candidate.claims if is_signed else refusal.claims
            raise
        is_signed = is_signed or name == "signature"
    return MappingProxyType(dict(candidate.claims))


def _take_apart(token: object, expected: Expected, keys: tuple[SigningKey, ...], now: datetime) -> Candidate:
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != _PARTS:
        raise TokenRefused("shape", "it is not three parts with dots between")
    try:
        header, claims = read_object(_decode(parts[0])), read_object(_decode(parts[1]))
        signature = _decode(parts[2])
    except (ValueError, binascii.Error, FederationError) as error:
        raise TokenRefused("shape", "a part of it cannot be read") from error
    signed = f"{parts[0]}.{parts[1]}".encode("ascii")
    return Candidate(header, claims, signed, signature, _fitting(header.get("alg"), keys), expected, now.timestamp())


def _decode(part: str) -> bytes:
    if not _ALPHABET.fullmatch(part):  # the decoder would skip or accept more, and one token could be written many ways
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _fitting(alg: object, keys: tuple[SigningKey, ...]) -> tuple[SigningKey, ...]:
    """Return the keys whose type, curve and own ``alg`` allow an algorithm: an RSA key never checks an HMAC."""
    if not isinstance(alg, str):
        return ()
    kty, curve = _TYPES.get(alg[:2]), _CURVES.get(alg)
    names = _EDWARDS if alg in _EDWARDS else {alg}
    same_kind = (key for key in keys if key.kty == kty and curve in {None, key.curve})
    return tuple(key for key in same_kind if key.alg is None or key.alg in names)


def _present(token: object) -> None:
    if not isinstance(token, str) or not token:
        raise TokenRefused("present", "the issuer sent no ID token")


def _size(token: object) -> None:
    if isinstance(token, str) and len(token) > MAX_LENGTH:
        raise TokenRefused("size", f"it is longer than {MAX_LENGTH} characters")


def _alg(seen: Candidate) -> None:
    if seen.header.get("alg") not in seen.expected.algorithms:
        raise TokenRefused("alg", "its algorithm is not one of those registered for this issuer")


def _typ(seen: Candidate) -> None:
    typ = seen.header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.upper() != "JWT":
        raise TokenRefused("typ", "it is another kind of token (logout, event or access token)")


def _embedded_key(seen: Candidate) -> None:
    if not seen.header.keys().isdisjoint({"jwk", "jku", "x5u"}):
        raise TokenRefused("embedded_key", "it brings or names its own key")


def _crit(seen: Candidate) -> None:
    if "crit" in seen.header:
        raise TokenRefused("crit", "it demands an extension that we do not know (RFC 7515, 4.1.11)")


def _key(seen: Candidate) -> None:
    if "kid" in seen.header:
        seen.keys = tuple(key for key in seen.keys if key.kid == seen.header["kid"])
    seen.keys = seen.keys[:MAX_KEYS_TRIED]
    if not seen.keys:
        raise TokenRefused("key", "no key of the issuer fits the one that it names")


def _signature(seen: Candidate) -> None:
    algorithm = JWSRegistry.algorithms.get(str(seen.header.get("alg")))
    for key in seen.keys:
        try:
            if algorithm is not None and algorithm.verify(seen.signed, seen.signature, key.key):
                return
        except (JoseError, ValueError):
            continue  # a signature of a shape that this key cannot have made
    raise TokenRefused("signature", "its signature is not one of the issuer's")


def _iss(seen: Candidate) -> None:
    if seen.claims.get("iss") != seen.expected.issuer:
        raise TokenRefused("iss", "it is from another issuer")


def _audiences(seen: Candidate) -> list[Any]:
    aud = seen.claims.get("aud")
    return aud if isinstance(aud, list) else [aud]


def _aud(seen: Candidate) -> None:
    if seen.expected.client_id not in _audiences(seen):
        raise TokenRefused("aud", "it was made for another application")


def _aud_others(seen: Candidate) -> None:
    known = {seen.expected.client_id, *seen.expected.trusted_audiences}
    if not all(isinstance(item, str) and item in known for item in _audiences(seen)):
        raise TokenRefused("aud_others", "it was made for us and for somebody we do not trust")


def _azp(seen: Candidate) -> None:
    if "azp" in seen.claims and seen.claims["azp"] != seen.expected.client_id:
        raise TokenRefused("azp", "it was asked for by another application")


def _sub(seen: Candidate) -> None:
    sub = seen.claims.get("sub")
    if not isinstance(sub, str) or not 1 <= len(sub) <= MAX_SUBJECT or not sub.isprintable():
        raise TokenRefused("sub", "its subject is not a text of 1 to 255 printable characters")


def _number(seen: Candidate, name: str) -> float:
    value = seen.claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FAR:
        raise TokenRefused(name, f"{name} is not a number")
    return value


def _exp(seen: Candidate) -> None:
    if _number(seen, "exp") + SKEW.total_seconds() < seen.now:
        raise TokenRefused("exp", "it has expired", code="token_time")


def _iat(seen: Candidate) -> None:
    issued = _number(seen, "iat")
    if not -OLDEST.total_seconds() <= issued - seen.now <= SKEW.total_seconds():
        raise TokenRefused("iat", "it is from the future or more than a day old", code="token_time")


def _nbf(seen: Candidate) -> None:
    if "nbf" in seen.claims and _number(seen, "nbf") > seen.now + SKEW.total_seconds():
        raise TokenRefused("nbf", "it is not valid yet", code="token_time")


def _same(one: str, other: str) -> bool:
    """Compare in constant time; JSON may bring lone surrogates, which plain UTF-8 refuses."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())


def _nonce(seen: Candidate) -> None:
    nonce = seen.claims.get("nonce")
    if not isinstance(nonce, str) or not _same(nonce, seen.expected.nonce):
        raise TokenRefused("nonce", "it belongs to another sign-in")


def _auth_time(seen: Candidate) -> None:
    oldest = seen.expected.max_age
    told = "iat" if seen.expected.iat_will_do and "auth_time" not in seen.claims else "auth_time"
    if oldest is not None and _number(seen, told) + (oldest + SKEW).total_seconds() < seen.now:
        raise TokenRefused("auth_time", "the person proved who they are longer ago than was asked for")


def _acr(seen: Candidate) -> None:
    if seen.expected.acr_values and seen.claims.get("acr") not in seen.expected.acr_values:
        raise TokenRefused("acr", "the person proved who they are in a weaker way than was asked for")


def _at_hash(seen: Candidate) -> None:
    if "at_hash" not in seen.claims:
        return
    alg = str(seen.header.get("alg"))
    digest = hashlib.new("sha512" if alg in _EDWARDS else f"sha{alg[2:]}", (seen.expected.access_token or "").encode())
    half = base64.urlsafe_b64encode(digest.digest()[: digest.digest_size // 2]).rstrip(b"=").decode()
    if not _same(str(seen.claims["at_hash"]), half):
        raise TokenRefused("at_hash", "it belongs to another access token")


def _tenant(seen: Candidate) -> None:
    if seen.expected.tenant is None:
        return
    name, value = seen.expected.tenant
    if seen.claims.get(name) != value:
        raise TokenRefused("tenant", f"{name} is not the one registered", code="wrong_tenant")


RAW_CHECKS: tuple[tuple[str, Callable[[object], None]], ...] = (("present", _present), ("size", _size))
Checks = tuple[tuple[str, Callable[[Candidate], None]], ...]
CHECKS: Checks = (
    ("alg", _alg),
    ("typ", _typ),
    ("embedded_key", _embedded_key),
    ("crit", _crit),
    ("key", _key),
    ("signature", _signature),
    ("iss", _iss),
    ("aud", _aud),
    ("aud_others", _aud_others),
    ("azp", _azp),
    ("sub", _sub),
    ("exp", _exp),
    ("iat", _iat),
    ("nbf", _nbf),
    ("nonce", _nonce),
    ("auth_time", _auth_time),
    ("acr", _acr),
    ("at_hash", _at_hash),
    ("tenant", _tenant),
)
