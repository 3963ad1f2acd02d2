"""Claims as they may be kept of somebody who was not let in: enough to tell what is wrong, not to know them by."""

from collections.abc import Mapping
from typing import Any, Final

_AS_IT_IS: Final = frozenset({"iss", "aud", "azp", "hd", "tid", "acr", "amr", "email_verified", "exp", "iat", "nbf"})
_LEFT_OUT: Final = frozenset({"nonce", "at_hash", "c_hash", "s_hash", "jti", "sid"})
_MOST: Final = 40  # claims
_LONGEST: Final = 120  # characters
_SHOWN: Final = 2


def redacted(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return claims by name: those of the sign-in whole, an address by its domain, the subject whole, others by kind.

    The subject is whole, since whoever adds the person has to type it; a list of groups is told by its length.
    """
    told = [name for name in sorted(claims) if name not in _LEFT_OUT][:_MOST]
    return {name[:_LONGEST]: _told(name, claims[name]) for name in told}


def _told(name: str, value: object) -> str:
    if name == "sub" or name in _AS_IT_IS:
        return _plain(value)
    if isinstance(value, str):
        local, at, domain = value.rpartition("@")
        return f"{local[:1]}…@{domain}"[:_LONGEST] if at else f"{value[:_SHOWN]}… ({len(value)} characters)"
    if isinstance(value, list | dict):
        return f"{len(value)} entries"
    return _plain(value)


def _plain(value: object) -> str:
    text = str(value)
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:_LONGEST])
