"""How the hub proves to an issuer's token endpoint that it is the hub. Called by Authlib for each request.

RFC 6749, 2.3.1 (a secret by Basic or in the form), RFC 7523 (our own key).
"""

import base64
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import quote_plus, urlencode

from joserfc import jwk, jwt

from federation.our_keys import algorithm_of
from federation.safe_http import read_object
from federation.transaction import new_secret

AuthMethod = Literal[
    "client_secret_basic", "client_secret_basic_plain", "client_secret_post", "private_key_jwt", "none"
]
"""``client_secret_basic_plain`` is no word of the standard: Basic as in RFC 7617, for issuers that do not decode."""
AUTH_METHODS: Final[tuple[AuthMethod, ...]] = (
    "private_key_jwt",
    "client_secret_basic",
    "client_secret_basic_plain",
    "client_secret_post",
    "none",
)
BY_SECRET: Final[tuple[AuthMethod, ...]] = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_basic_plain",
)
"""The ways of showing a secret, in the order in which they are tried."""
_ASSERTION_LIFETIME = timedelta(seconds=60)


class Assertion:
    """Client authentication with our own key (RFC 7523; rfc7523bis: ``aud`` is the issuer alone, one string).

    Authlib's own names the token endpoint, which a hostile issuer may share with an honest one, and lasts an hour.
    """

    def __init__(self, issuer: str, private_jwk: str, now: datetime) -> None:
        self._issuer, self._private_jwk, self._now = issuer, private_jwk, now

    def __call__(self, client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, str]:
        """Sign one request, with an assertion of its own."""
        key = jwk.import_key(read_object(self._private_jwk))
        algorithm = algorithm_of(key)
        issued = int(self._now.timestamp())
        claims: dict[str, str | int] = {
            "iss": client.client_id,
            "sub": client.client_id,
            "aud": self._issuer,
            "jti": new_secret(),
            "iat": issued,
            "exp": issued + int(_ASSERTION_LIFETIME.total_seconds()),
        }
        header = {"alg": algorithm, "typ": "JWT", "kid": key.kid or key.thumbprint()}
        assertion = jwt.encode(header, claims, key, algorithms=[algorithm])
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        fields = {"client_id": client.client_id, "client_assertion_type": kind, "client_assertion": assertion}
        return uri, headers, _append(headers, body, urlencode(fields))


def form_encoded_basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """Send id and secret as RFC 6749, 2.3.1 says: form-encoded first (Authlib leaves that out)."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return uri, headers, body


def plain_basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """Send id and secret as they are (RFC 7617): some issuers do not decode what RFC 6749 has encoded."""
    pair = f"{client.client_id}:{client.client_secret}"
    headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return uri, headers, body


def best_method(*, has_secret: bool, has_key: bool, offered: tuple[str, ...]) -> AuthMethod:
    """Choose how to prove ourselves by what we hold and what an issuer's metadata offer."""
    if has_key:
        return "private_key_jwt"
    if not has_secret:
        return "none"
    return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"


def _append(headers: Any, body: Any, more: str) -> str:
    text = body.decode() if isinstance(body, bytes) else (body or "")
    joined = f"{text}&{more}" if text else more
    headers["Content-Length"] = str(len(joined.encode()))
    return joined
