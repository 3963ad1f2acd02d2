"""What the tests of signing in share: stores in memory, and a hub-side that signs in through an issuer."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from federation.client import Registration, RelyingParty, SignedIn
from federation.discovery import discover
from federation.jwks import CachedKeys
from federation.safe_http import SafeHttp
from federation.transaction import Transaction, new_secret


class MemoryKeys:
    """A ``KeyStore`` in memory."""

    def __init__(self) -> None:
        self.saved: dict[str, CachedKeys] = {}
        self._forced: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def load(self, jwks_uri: str) -> CachedKeys | None:
        return self.saved.get(jwks_uri)

    def save(self, jwks_uri: str, cached: CachedKeys) -> None:
        self.saved[jwks_uri] = cached

    def claim_refresh(self, jwks_uri: str, now: datetime, every: timedelta) -> bool:
        with self._lock:
            last = self._forced.get(jwks_uri)
            if last is not None and now - last < every:
                return False
            self._forced[jwks_uri] = now
            return True


class MemoryTransactions:
    """A ``TransactionStore`` in memory."""

    def __init__(self) -> None:
        self.open: dict[str, Transaction] = {}
        self._lock = threading.Lock()

    def add(self, transaction: Transaction) -> None:
        self.open[transaction.state_hash] = transaction

    def consume(self, *, state_hash: str, browser_hash: str, issuer_id: str, now: datetime) -> Transaction | None:
        with self._lock:
            found = self.open.get(state_hash)
            if found is None or (found.browser_hash, found.issuer_id) != (browser_hash, issuer_id):
                return None
            if now >= found.expires:
                return None
            return self.open.pop(state_hash)


def now() -> datetime:
    """Return the present: certified providers live in it."""
    return datetime.now(UTC)


def pairs_of(url: str) -> list[tuple[str, str]]:
    """Return an address's query as pairs, doubled ones included."""
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def follow(url: str) -> str:
    """Visit an address that redirects at once, and return where to."""
    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert answer.is_redirect, (answer.status_code, answer.text)
    return answer.headers["Location"]


@dataclass
class Hub:
    """The hub's side of a sign-in, without pages: one browser, and registrations by issuer."""

    origins: Sequence[str]
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    transactions: MemoryTransactions = field(default_factory=MemoryTransactions)
    browser: str = field(default_factory=new_secret)

    def __post_init__(self) -> None:
        self.http = SafeHttp(self.origins)
        self.party = RelyingParty(self.http, self.keys, self.transactions)

    def registration(self, issuer: str, name: str = "one", **changes: Any) -> Registration:
        """Discover an issuer and return its registration."""
        chosen: dict[str, Any] = {
            "issuer_id": name,
            "metadata": discover(issuer, self.http),
            "client_id": "hub",
            "secret": "a secret of the hub",
            "redirect_uri": f"http://localhost:8000/sign-in/callback/{name}",
        }
        return Registration(**{**chosen, **changes})

    def start(self, registration: Registration, **more: Any) -> str:
        wanted: dict[str, Any] = {"browser_secret": self.browser, "return_path": "/places/leeds", "now": now()}
        return self.party.start(registration, **{**wanted, **more})

    def finish(self, registration: Registration, url: str, **more: Any) -> SignedIn:
        wanted: dict[str, Any] = {"browser_secret": self.browser, "now": now()}
        return self.party.finish(registration, pairs_of(url), **{**wanted, **more})

    def sign_in(self, registration: Registration) -> SignedIn:
        """Sign in at an issuer that asks nothing."""
        return self.finish(registration, follow(self.start(registration)))


def wait_until(condition: Any, seconds: float = 5.0) -> None:
    """Wait for a condition, and fail when it does not come."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)
