"""A mint for ID tokens, true and false: it signs by hand, so that no library keeps it from any lie."""

import base64
import copy
import functools
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry


class _Delete:
    """Its name is the same in every process: tests are named after it."""

    def __repr__(self) -> str:
        """How it stands in a test's name."""
        return "DELETE"


DELETE = _Delete()


_MAKING = threading.Lock()


def key(name: str) -> Key:
    """Return a named private key, made once for all tests (RSA keys are slow to make)."""
    with _MAKING:  # a cache alone lets two threads make two keys of one name
        return _made(name)


@functools.cache
def _made(name: str) -> Key:
    kind = name.partition("-")[0]
    if kind == "ec":
        return ECKey.generate_key("P-256", {"kid": name})
    if kind == "ed":
        return OKPKey.generate_key("Ed25519", {"kid": name})
    return RSAKey.generate_key(2048, {"kid": name})


def encode(value: bytes | Mapping[str, Any]) -> str:
    """Return base64url of bytes, or of a mapping as JSON."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Mint:
    """What an issuer knows when it makes a token. ``base`` are the honest claims; ``sign`` takes changes to them."""

    issuer: str
    client_id: str = "hub"
    client_secret: str = "a secret of the hub"
    nonce: str = "the nonce"
    now: float = 0
    access_token: str = "the access token"
    keys: tuple[str, ...] = ("rsa-1", "rsa-2", "ec-1", "ed-1")
    base: dict[str, Any] = field(default_factory=dict)

    def for_request(self, client_id: str, nonce: str, now: float) -> "Mint":
        """Return a mint for one authorization request."""
        mint = copy.copy(self)
        mint.client_id, mint.nonce, mint.now = client_id, nonce, now
        mint.base = {
            "iss": self.issuer,
            "sub": "ann",
            "aud": client_id,
            "exp": int(now) + 300,
            "iat": int(now),
            "nonce": nonce,
        }
        return mint

    def public_keys(self) -> list[dict[str, Any]]:
        """Return the key set's entries."""
        return [{**key(name).as_dict(private=False), "use": "sig"} for name in self.keys]

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the honest claims with changes; ``DELETE`` leaves one out."""
        return {name: value for name, value in {**self.base, **changes}.items() if value is not DELETE}

    def sign(
        self,
        claims: Mapping[str, Any] | None = None,
        *,
        with_key: str = "rsa-1",
        alg: str = "RS256",
        header: Mapping[str, Any] | None = None,
    ) -> str:
        """Sign claims (the honest ones by default). ``header`` changes the honest one; ``DELETE`` leaves out."""
        honest = {"alg": alg, "typ": "JWT", "kid": with_key}
        head = {name: value for name, value in {**honest, **(header or {})}.items() if value is not DELETE}
        signed = f"{encode(head)}.{encode(self.claims() if claims is None else claims)}"
        signature = JWSRegistry.algorithms[alg].sign(signed.encode(), key(with_key))
        return f"{signed}.{encode(signature)}"

    def sign_hs256(self, secret: bytes, header: Mapping[str, Any] | None = None) -> str:
        """Sign with a shared secret."""
        signed = f"{encode({'alg': 'HS256', 'typ': 'JWT', **(header or {})})}.{encode(self.claims())}"
        return f"{signed}.{encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"

    def unsigned(self, alg: str, signature: str = "") -> str:
        """Return a token that says it needs no signature."""
        return f"{encode({'alg': alg, 'typ': 'JWT'})}.{encode(self.claims())}.{signature}"

    def at_hash(self, access_token: str, digest: str = "sha256") -> str:
        """Return what ``at_hash`` must be for an access token."""
        whole = hashlib.new(digest, access_token.encode()).digest()
        return encode(whole[: len(whole) // 2])


def public_pem(name: str) -> bytes:
    """Return a named key's public half in PEM."""
    return bytes(key(name).as_pem(private=False))
