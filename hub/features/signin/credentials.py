"""What the hub proves itself with at an issuer: a secret, shown in one of several ways, or a key of its own."""

import json
from collections.abc import Iterable
from typing import Final, cast

from federation.client_auth import AuthMethod, best_method
from federation.our_keys import BadKey, looks_like_key, make_private_key, published, read_private_key
from hub.access.parts import Parts
from hub.features.signin.models import Issuer
from hub.ground.errors import Invalid
from hub.ground.keys import Keys

AUTO: Final = "auto"
OWN_KEY: Final = "own_key"
"""A choice, never kept as such: the hub makes a key, and proves itself by that."""
BY_KEY: Final = "private_key_jwt"
WAYS: Final[dict[str, str]] = {
    AUTO: "As the issuer says of itself",
    "client_secret_basic": "A secret, in the header (client_secret_basic)",
    "client_secret_post": "A secret, in the form (client_secret_post)",
    "client_secret_basic_plain": "A secret, in the header, not encoded (older issuers)",
    OWN_KEY: "A key that the hub makes, and publishes at the address below (private_key_jwt)",
    BY_KEY: "A key of yours, pasted below (private_key_jwt)",
    "none": "Nothing: the issuer knows the hub by its address alone",
}
"""How the hub can prove itself, in words."""
_SECRETS: Final = frozenset({"client_secret_basic", "client_secret_post", "client_secret_basic_plain"})


def keep_credentials(keys: Keys, issuer: Issuer, way: str, secret: str) -> None:
    """Set how the hub proves itself, and with what; raises Invalid. An empty secret keeps a key that the hub made."""
    way = way or AUTO
    if way not in WAYS:
        raise Invalid("Choose how the hub proves itself.", "auth_method")
    if way == OWN_KEY:
        kept = keys.decrypt(issuer.secret) if issuer.secret else ""
        issuer.auth_method = BY_KEY
        issuer.secret = issuer.secret if looks_like_key(kept) else keys.encrypt(make_private_key())
        return
    if looks_like_key(secret):
        try:
            secret = read_private_key(secret)
        except BadKey as problem:
            raise Invalid(f"{problem}.", "secret") from problem
        if way in _SECRETS:
            raise Invalid("This is a key: choose that the hub proves itself by a key of yours.", "auth_method")
    elif way == BY_KEY:
        raise Invalid("Paste the private key, in PEM or as a JWK.", "secret")
    if way in _SECRETS and not secret:
        raise Invalid("Enter the client secret that the issuer gave the hub.", "secret")
    if way == "none" and secret:
        raise Invalid("Leave the secret empty, or choose how the hub shows it.", "secret")
    issuer.auth_method = way
    issuer.secret = keys.encrypt(secret) if secret else ""


def way_of(issuer: Issuer, offered: Iterable[str], secret: str) -> AuthMethod:
    """How the hub proves itself at an issuer now, by what its metadata offer."""
    if issuer.auth_method != AUTO:
        return cast("AuthMethod", issuer.auth_method)
    return best_method(has_secret=bool(secret), has_key=looks_like_key(secret), offered=tuple(offered))


def key_set(parts: Parts, issuer: Issuer | None) -> str:
    """The key set (RFC 7517) by which an issuer knows the hub, as JSON; empty where it knows it by no key."""
    if issuer is None or not issuer.secret:
        return ""
    secret = parts.keys.decrypt(issuer.secret)
    return json.dumps(published(secret)) if looks_like_key(secret) else ""


def keys_address(parts: Parts, issuer_id: str) -> str:
    """The address at which the hub publishes the key by which one issuer knows it."""
    return f"{parts.public_url}/sign-in/callback/{issuer_id}/keys"
