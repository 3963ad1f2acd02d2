"""One sign-in under way: what we must still know when the browser comes back from the issuer.

The state and the browser's secret are kept as SHA-256 only, so that whoever reads the store can finish nobody's
sign-in. A transaction is used once, within ten minutes, in the browser that began it, at the issuer that it names.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

LIFETIME = timedelta(minutes=10)
HOME = "/"
Purpose = Literal["sign-in", "test", "prove"]
"""`prove`: somebody who is signed in shows once more that it is they, before an act that matters."""
_LONGEST = 2000  # characters
_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
# Browsers leave brackets, braces, bar and caret of a query as they are.
_QUERY = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]{}|^-]|%[0-9A-Fa-f]{2})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One sign-in under way; every value is needed at its end. ``expires`` is ten minutes after ``created``."""

    state_hash: str
    browser_hash: str
    issuer_id: str
    issuer: str
    redirect_uri: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    return_path: str
    purpose: Purpose
    created: datetime
    expires: datetime


class TransactionStore(Protocol):
    """Where transactions lie between the two halves of a sign-in; shared by all processes."""

    def add(self, transaction: Transaction) -> None:
        """Keep a new transaction."""

    def consume(self, *, state_hash: str, browser_hash: str, issuer_id: str, now: datetime) -> Transaction | None:
        """Take out the one transaction that all three fit and that has not expired; None when there is none.

        Atomic: of two callers with the same values at most one gets it.
        """


def new_secret() -> str:
    """Return a new unguessable text of 43 URL-safe characters (256 bits)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def safe_return_path(wanted: str | None) -> str:
    """Return a path of our own to go on to, with its query; ``/`` for anything that could lead elsewhere.

    Only a path counts: no scheme, host, backslash, control character, dot segment, fragment or second slash at its
    start, however often it is percent-encoded. The sign-in pages themselves are no place to return to.
    """
    if not wanted or len(wanted) > _LONGEST:
        return HOME
    path, _, query = wanted.partition("?")
    if not _PATH.fullmatch(path) or not _QUERY.fullmatch(query):
        return HOME
    plain = path
    for _ in range(4):
        if not _stays(plain):
            return HOME
        plain, before = unquote(plain, errors="replace"), plain
        if plain == before:
            return wanted
    return HOME  # still encoded after four times: nobody's address


def _stays(path: str) -> bool:
    if _CONTROL.search(path) or "//" in path or urlsplit(path).netloc or urlsplit(path).scheme:
        return False
    parts = path.split("/")
    return "." not in parts and ".." not in parts and parts[1] not in {"sign-in", "sign-out", "signed-out"}
