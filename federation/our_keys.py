"""The keys with which the hub itself signs: read from what people paste, made anew, and published.

Source: RFC 7517 (JWK and key sets), RFC 7468 (PEM), RFC 7523 section 3 (what they sign).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from federation.errors import FederationError
from federation.safe_http import read_object

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]{3,40})-----(.+?)-----END \1-----", re.DOTALL)
_SMALLEST_RSA = 2048  # bits; RFC 7518, 3.3
_BY_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "Ed25519"}


class BadKey(ValueError):
    """What was pasted is no private key that the hub could use; the text says what to do."""


def looks_like_key(text: str) -> bool:
    """Say whether a text is meant as a key (PEM, or JSON), not as a secret."""
    return text.lstrip().startswith(("{", "-----BEGIN"))


def read_private_key(text: str) -> str:
    """Read a private key in PEM, or as a JWK, and return it as a JWK in JSON with a ``kid``. Raises ``BadKey``.

    A PEM whose line ends were lost (a field of one line takes them out) is read as well.
    """
    key = _of_jwk(text) if text.lstrip().startswith("{") else _of_pem(text)
    if not isinstance(key, RSAKey | ECKey | OKPKey) or not key.is_private:
        raise BadKey("This is no private key: paste the private one of the pair, which the issuer does not have")
    if isinstance(key, RSAKey) and key.raw_value.key_size < _SMALLEST_RSA:
        raise BadKey(f"This RSA key is too short: make one of at least {_SMALLEST_RSA:,} bits")
    if not isinstance(key, RSAKey) and key.curve_name not in _CURVES:
        raise BadKey("This kind of key signs nothing here: use RSA, P-256, P-384, P-521 or Ed25519")
    return _as_json(key)


def make_private_key() -> str:
    """Make a new key, as a JWK in JSON: RSA, since every issuer that takes keys takes those."""
    return _as_json(RSAKey.generate_key(_SMALLEST_RSA))


def algorithm_of(key: Key) -> str:
    """Return the algorithm by which a key signs: its own ``alg``, else what fits its kind."""
    if not isinstance(key, RSAKey):
        return _CURVES[str(getattr(key, "curve_name", ""))]
    named = key.get("alg")
    return named if isinstance(named, str) and named in _BY_RSA else "PS256"


def published(private_jwk: str) -> dict[str, list[dict[str, Any]]]:
    """Return the key set (RFC 7517, 5) with the public half of a private key."""
    key = jwk.import_key(read_object(private_jwk))
    return {"keys": [{**_public(key), "use": "sig", "alg": algorithm_of(key)}]}


def _public(key: Key) -> Mapping[str, Any]:
    return {name: value for name, value in key.as_dict(private=False).items() if name not in {"key_ops", "use"}}


def _as_json(key: Key) -> str:
    values = dict(key.as_dict(private=True))
    values.setdefault("kid", key.thumbprint())
    return json.dumps(values)


def _of_jwk(text: str) -> Key:
    try:
        values = read_object(text)
    except FederationError as error:
        raise BadKey("This begins like a key in JSON (JWK) and cannot be read: paste it whole") from error
    if "keys" in values:
        raise BadKey("This is a set of keys: paste the one private key in it that the hub shall sign with")
    if values.get("kty") == "oct":
        raise BadKey("This is no private key of a pair: paste one, or paste the secret itself")
    try:
        return jwk.import_key(values)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadKey("This key in JSON (JWK) lacks something or is damaged: paste it whole") from error


def _of_pem(text: str) -> Key:
    blocks = _PEM.findall(text)
    if not blocks:
        raise BadKey("This begins like a key in PEM and does not end like one: paste it whole, with both its marks")
    named = [(kind, body) for kind, body in blocks if kind.endswith("PRIVATE KEY")]
    if not named:
        what = blocks[0][0].lower()
        raise BadKey(f"This is a {what}: paste the private key that belongs to it")
    kind, body = named[0]
    if kind.startswith("ENCRYPTED") or "ENCRYPTED" in body:
        raise BadKey("This private key is locked by a password: unlock it first (openssl pkey -in FILE -out OPEN)")
    whole = re.sub(r"\s+", "", body)
    lines = "\n".join(whole[at : at + 64] for at in range(0, len(whole), 64))
    pem = f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"
    for read in (RSAKey, ECKey, OKPKey):
        try:
            return read.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
    raise BadKey("This private key cannot be read: use RSA, P-256, P-384, P-521 or Ed25519, in PEM or as a JWK")
