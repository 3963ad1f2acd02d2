"""From verified claims to what is shown of a person. Pure. Who somebody is, is (issuer, subject), never a claim here.

A claim that is missing says nothing (what we knew stays); one that is there and empty says that there is none.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
Refusal = Literal["", "malformed", "domain_not_owned"]
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
MAX_NAME = 200
MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the brackets


@dataclass(frozen=True, slots=True)
class Profile:
    """What may be shown of a person.

    ``email`` is the address only where the issuer's organisation owns its domain; ``email_verified`` is true only for
    JSON ``true`` on such an address; ``email_refused`` says why an address that was sent is not here, and
    ``refused_domain`` which domain it named (for the administrator, and to see whether it is another organisation's).
    """

    name: str | Literal[_Missing.MISSING]
    email: str | Literal[_Missing.MISSING]
    email_verified: bool = False
    email_refused: Refusal = ""
    refused_domain: str = ""


def read_profile(claims: Mapping[str, Any], owned_domains: Collection[str]) -> Profile:
    """Map verified claims to a profile under the policy ``domain_owner``.

    ``owned_domains``: the mail domains that the issuer's organisation has proved, ASCII and lower case. A subdomain of
    one is not owned.
    """
    name = _name(claims)
    sent = claims.get("email", MISSING)
    if sent is MISSING:
        return Profile(name, MISSING)
    if sent == "":
        return Profile(name, "")
    domain = email_domain(sent)
    if domain is None:
        return Profile(name, MISSING, email_refused="malformed")
    if domain not in owned_domains:
        return Profile(name, MISSING, email_refused="domain_not_owned", refused_domain=domain)
    address = f"{str(sent).rpartition('@')[0]}@{domain}"
    return Profile(name, address, email_verified=claims.get("email_verified") is True)


def email_domain(address: object) -> str | None:
    """Return the domain of a mail address in ASCII and lower case, or None when it is not one plain address."""
    if not isinstance(address, str) or len(address) > MAX_ADDRESS or not address.isprintable():
        return None
    local, at, domain = address.partition("@")
    if not at or not re.fullmatch(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}", local):
        return None
    return ascii_domain(domain)


def same_address(one: str, other: str) -> bool:
    """Say whether two mail addresses are one, letter by letter but for case and the spelling of the domain (IDNA)."""
    domains = email_domain(one), email_domain(other)
    if None in domains or domains[0] != domains[1]:
        return False
    return one.rpartition("@")[0].casefold() == other.rpartition("@")[0].casefold()


def ascii_domain(domain: str) -> str | None:
    """Return a domain name as it stands in the DNS, lower case, or None when it is none with at least two labels."""
    try:
        plain = domain.strip().lower().encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = plain.split(".")
    return plain if len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) else None


def _name(claims: Mapping[str, Any]) -> str | Literal[_Missing.MISSING]:
    sent = claims.get("name", MISSING)
    if isinstance(sent, str):
        return _tidy(sent)
    parts = [claims[part] for part in ("given_name", "family_name") if isinstance(claims.get(part), str)]
    return _tidy(" ".join(parts)) if parts else MISSING


def _tidy(name: str) -> str:
    """Return a name on one line without characters that change how its neighbours look."""
    return " ".join(_UNSEEN.sub(" ", name).split())[:MAX_NAME]
