"""Opaque ids: short, lower case, unguessable enough that nobody walks through them."""

import secrets
import string

_ALPHABET = string.ascii_lowercase + string.digits
LENGTH = 12


def new_id() -> str:
    """Twelve characters of `[a-z0-9]` (62 bits), the first a letter, so that no id reads as a number."""
    return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH - 1))


def new_secret() -> str:
    """An unguessable token for links, cookies and handles (256 bits, URL-safe)."""
    return secrets.token_urlsafe(32)
