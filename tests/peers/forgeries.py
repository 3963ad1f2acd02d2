"""The list of forged ID tokens, as data: its number in the notes, the check that must refuse it, and how it is made."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.peers.mint import DELETE, Mint, encode, key, public_pem

YEAR = 365 * 86400


@dataclass(frozen=True)
class Forgery:
    """A false token. ``expect``: what we asked for beyond the usual, as fields of ``Expected``."""

    number: str
    name: str
    check: str
    make: Callable[[Mint], Any]
    expect: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def _claims(number: str, name: str, check: str, expect: Mapping[str, Any] | None = None, **changes: Any) -> Forgery:
    """Make a token that is signed well and says something false. A callable value is given the mint."""

    def make(mint: Mint) -> str:
        return mint.sign(mint.claims(**{k: v(mint) if callable(v) else v for k, v in changes.items()}))

    return Forgery(number, name, check, make, expect or {})


def _header(number: str, name: str, check: str, **changes: Any) -> Forgery:
    """Make a token with honest claims, signed well, under a header with changes."""
    return Forgery(number, name, check, lambda mint: mint.sign(header=changes))


def _tampered(mint: Mint) -> str:
    head, _, signature = mint.sign().split(".")
    return f"{head}.{encode(mint.claims(sub='bob'))}.{signature}"


def _doubled_subject(mint: Mint) -> str:
    head, _, signature = mint.sign().split(".")
    text = json.dumps(mint.claims()).replace('"sub": "ann"', '"sub": "ann", "sub": "bob"')
    return f"{head}.{encode(text.encode())}.{signature}"


def _logout_token(mint: Mint) -> dict[str, Any]:
    events = {"http://schemas.openid.net/event/backchannel-logout": {}}
    return mint.claims(nonce=DELETE, events=events, jti="1")


FORGERIES: tuple[Forgery, ...] = (
    # N-01: no signature
    Forgery("N-01", "alg none", "alg", lambda mint: mint.unsigned("none")),
    Forgery("N-01", "alg nOnE", "alg", lambda mint: mint.unsigned("nOnE")),
    Forgery("N-01", "alg none with a signature", "alg", lambda m: m.unsigned("none", m.sign().split(".")[2])),
    Forgery("N-01", "no alg at all", "alg", lambda mint: mint.sign(header={"alg": DELETE})),
    Forgery("N-01", "signature cut off", "signature", lambda mint: mint.sign().rpartition(".")[0] + "."),
    # N-02: a shared secret where a key pair belongs
    Forgery("N-02", "HS256 with the public key", "alg", lambda m: m.sign_hs256(public_pem("rsa-1"), {"kid": "rsa-1"})),
    Forgery("N-02", "HS256 with the client secret", "alg", lambda mint: mint.sign_hs256(mint.client_secret.encode())),
    Forgery("N-02", "an algorithm that is not registered", "alg", lambda mint: mint.sign(alg="RS512")),
    Forgery("N-02", "algorithm and key of two kinds", "key", lambda mint: mint.sign(header={"alg": "ES256"})),
    # N-03: a key of its own
    Forgery(
        "N-03",
        "jwk in the header, signed by it",
        "embedded_key",
        lambda m: m.sign(with_key="rsa-evil", header={"jwk": key("rsa-evil").as_dict(private=False)}),
    ),
    _header("N-03", "jwk in the header, signed well", "embedded_key", jwk=key("ec-evil").as_dict(private=False)),
    _header("N-03", "jku in the header", "embedded_key", jku="https://evil.example/jwks"),
    _header("N-03", "x5u in the header", "embedded_key", x5u="https://evil.example/cert"),
    _header("N-03", "unknown crit", "crit", crit=["exp"]),
    _header("N-03", "unencoded payload by crit", "crit", crit=["b64"], b64=True),
    Forgery(
        "N-03",
        "another's key under our kid",
        "signature",
        lambda m: m.sign(with_key="rsa-evil", header={"kid": "rsa-1"}),
    ),
    Forgery("N-03", "unknown kid, another's key", "key", lambda mint: mint.sign(with_key="rsa-evil")),
    _header("N-03", "unknown kid, our key", "key", kid="nobody"),
    _header("N-03", "kid that is a number", "key", kid=1),
    Forgery(
        "N-03", "no kid, another's key", "signature", lambda m: m.sign(with_key="rsa-evil", header={"kid": DELETE})
    ),
    Forgery("N-03", "claims changed after signing", "signature", _tampered),
    Forgery("N-03", "a claim that stands twice", "shape", _doubled_subject),
    # N-04: for somebody else
    _claims("N-04", "wrong aud", "aud", aud="another"),
    _claims("N-04", "wrong aud, azp ours", "aud", aud="another", azp="hub"),
    _claims("N-04", "no aud", "aud", aud=DELETE),
    _claims("N-04", "empty aud", "aud", aud=[]),
    _claims("N-04", "aud in another case", "aud", aud="HUB"),
    _claims("N-04", "aud a list of others", "aud", aud=["another", "third"]),
    _claims("N-04", "extra aud", "aud_others", aud=["hub", "another"]),
    _claims("N-04", "extra aud that is a number", "aud_others", aud=["hub", 7]),
    _claims("N-04", "wrong azp", "azp", azp="another"),
    _claims("N-04", "azp null", "azp", azp=None),
    # N-05: from somebody else
    _claims("N-05", "wrong iss", "iss", iss="https://honest.example"),
    _claims("N-05", "iss with a slash more", "iss", iss=lambda mint: mint.issuer + "/"),
    _claims("N-05", "iss in another case", "iss", iss=lambda mint: mint.issuer.upper()),
    _claims("N-05", "no iss", "iss", iss=DELETE),
    # N-06: of another sign-in
    _claims("N-06", "no nonce", "nonce", nonce=DELETE),
    _claims("N-06", "nonce of an earlier sign-in", "nonce", nonce="an earlier one"),
    _claims("N-06", "empty nonce", "nonce", nonce=""),
    _claims("N-06", "nonce null", "nonce", nonce=None),
    _claims("N-06", "nonce that is half a character", "nonce", nonce="\ud800"),
    # N-07: of another time
    _claims("N-07", "expired", "exp", exp=lambda mint: mint.now - 90),
    _claims("N-07", "no exp", "exp", exp=DELETE),
    _claims("N-07", "exp a text", "exp", exp=lambda mint: str(int(mint.now) + 300)),
    _claims("N-07", "exp true", "exp", exp=True),
    _claims("N-07", "exp beyond any date", "exp", exp=10**400),
    _claims("N-07", "from the future", "iat", iat=lambda m: m.now + 600, exp=lambda m: m.now + 900),
    _claims("N-07", "a year old", "iat", iat=lambda mint: mint.now - YEAR),
    _claims("N-07", "no iat", "iat", iat=DELETE),
    _claims("N-07", "iat a text", "iat", iat=lambda mint: str(int(mint.now))),
    _claims("N-07", "not valid yet", "nbf", nbf=lambda mint: mint.now + 600),
    # N-08: of nobody
    Forgery("N-08", "no ID token", "present", lambda mint: None),
    Forgery("N-08", "an empty ID token", "present", lambda mint: ""),
    Forgery("N-08", "an ID token that is a list", "present", lambda mint: [mint.sign()]),
    Forgery("N-08", "an ID token of two parts", "shape", lambda mint: mint.sign().rpartition(".")[0]),
    Forgery("N-08", "an encrypted token", "shape", lambda mint: "a.b.c.d.e"),
    Forgery("N-08", "not base64url", "shape", lambda mint: mint.sign() + "="),
    Forgery("N-08", "claims that are a list", "shape", lambda m: f"{m.sign().split('.')[0]}.{encode(b'[]')}.AA"),
    Forgery("N-08", "40 kB", "size", lambda mint: mint.sign(mint.claims(groups=["x" * 40000]))),
    _claims("N-08", "empty sub", "sub", sub=""),
    _claims("N-08", "no sub", "sub", sub=DELETE),
    _claims("N-08", "sub a number", "sub", sub=7),
    _claims("N-08", "sub of 256 characters", "sub", sub="x" * 256),
    _claims("N-08", "sub with a null character", "sub", sub="ann\x00"),
    # N-09: of another access token
    _claims("N-09", "at_hash of another token", "at_hash", at_hash=lambda mint: mint.at_hash("another")),
    _claims("N-09", "at_hash a number", "at_hash", at_hash=7),
    _claims("N-09", "at_hash empty", "at_hash", at_hash=""),
    # N-10: another kind of token
    Forgery("N-10", "a logout token", "typ", lambda m: m.sign(_logout_token(m), header={"typ": "logout+jwt"})),
    Forgery("N-10", "a logout token without typ", "nonce", lambda m: m.sign(_logout_token(m), header={"typ": DELETE})),
    _header("N-10", "a security event", "typ", typ="secevent+jwt"),
    _header("N-10", "an access token", "typ", typ="at+jwt"),
    _header("N-10", "typ a number", "typ", typ=7),
    # asked for, and not given
    _claims(
        "P-09", "auth_time too old", "auth_time", {"max_age": timedelta(minutes=5)}, auth_time=lambda m: m.now - 600
    ),
    _claims("P-09", "no auth_time", "auth_time", {"max_age": timedelta(minutes=5)}),
    _claims("P-09", "weaker acr", "acr", {"acr_values": ("mfa",)}, acr="password"),
    _claims("P-09", "no acr", "acr", {"acr_values": ("mfa",)}),
    _claims("A-42", "tenant of another organisation", "tenant", {"tenant": ("tid", "leeds")}, tid="york"),
    _claims("A-42", "no tenant", "tenant", {"tenant": ("tid", "leeds")}),
)
