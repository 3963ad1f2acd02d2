"""An issuer's signing keys: fetched, kept for a while in a store that all processes share, then fetched anew.

Source: RFC 7517; notes on federation 4.5: how long is what the issuer says (max-age), held between five minutes and a
day; a key is never used after that; an unknown key or a bad signature may force one fetch in thirty seconds.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.util import base64_to_int

from federation.errors import FederationError
from federation.safe_http import SafeHttp

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
FORCED_EVERY = timedelta(seconds=30)
WAITS = (0.1, 0.2, 0.4, 0.8)
CLOCKS_DIFFER = timedelta(seconds=60)
MAX_KEYS = 100
_MIN_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class CachedKeys:
    """A key set as it was fetched (JSON text), and the moment after which it must not be used."""

    document: str
    fetched: datetime
    expires: datetime


class KeyStore(Protocol):
    """Where key sets are kept, by the address that they were fetched from; shared by all processes."""

    def load(self, jwks_uri: str) -> CachedKeys | None:
        """Return what was saved last."""

    def save(self, jwks_uri: str, cached: CachedKeys) -> None:
        """Keep, instead of what was there."""

    def claim_refresh(self, jwks_uri: str, now: datetime, every: timedelta) -> bool:
        """Say, to one caller in each span of time, that it may fetch out of turn. Atomic across processes."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One public key of an issuer, with what its entry says about its use."""

    kid: str | None
    alg: str | None
    kty: str
    curve: str | None
    key: Key


class KeySource:
    """The keys of one issuer, as the verifier asks for them."""

    def __init__(
        self, jwks_uri: str, http: SafeHttp, store: KeyStore, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._uri, self._http, self._store, self._pause = jwks_uri, http, store, pause
        self._used: CachedKeys | None = None

    def current(self, now: datetime) -> tuple[SigningKey, ...]:
        """Return the keys in force, fetched if they have to be. Raises ``keys_unavailable``."""
        cached = self._store.load(self._uri)
        # A cache from the future (a clock set back, a restored copy) is not trusted either, but for what two machines'
        # clocks may differ.
        if cached is None or not cached.fetched - CLOCKS_DIFFER <= now < cached.expires:
            cached = self._fetch(now)
        self._used = cached
        return read_keys(cached.document)

    def refreshed(self, now: datetime) -> tuple[SigningKey, ...] | None:
        """Fetch out of turn, or return None when that was done less than thirty seconds ago to no avail.

        Somebody else may be fetching in this moment, as when an issuer changes its keys and many people sign in: their
        answer is waited for, a second and a half at most.
        """
        if self._store.claim_refresh(self._uri, now, FORCED_EVERY):
            return read_keys(self._fetch(now).document)
        for seconds in (0.0, *WAITS):
            self._pause(seconds)
            cached = self._store.load(self._uri)
            if cached is not None and cached != self._used:
                return read_keys(cached.document)
        return None

    def _fetch(self, now: datetime) -> CachedKeys:
        try:
            answer = self._http.get(self._uri)
            read_keys(answer.body.decode("utf-8", "strict"))
        except FederationError as error:
            raise FederationError("keys_unavailable", error.detail) from error
        except UnicodeDecodeError as error:
            raise FederationError("keys_unavailable", "the key set is not UTF-8") from error
        cached = CachedKeys(answer.body.decode(), now, now + time_to_live(answer.headers))
        self._store.save(self._uri, cached)
        return cached


def time_to_live(headers: Mapping[str, str]) -> timedelta:
    """Read how long an answer may be kept from its Cache-Control (RFC 9111), held between five minutes and a day."""
    control = headers.get("cache-control", "").lower()
    if "no-store" in control or "no-cache" in control:
        return SHORTEST
    found = re.search(r"max-age=\"?(\d{1,9})", control)
    return min(max(timedelta(seconds=int(found[1])), SHORTEST), LONGEST) if found else SHORTEST


def read_keys(document: str) -> tuple[SigningKey, ...]:
    """Read a key set. Unfit entries are left out; no fit one, or too many, is ``keys_unavailable``."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise FederationError("keys_unavailable", "the key set is not JSON") from error
    entries = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(entries, list) or len(entries) > MAX_KEYS:
        raise FederationError("keys_unavailable", f"the key set is no list of at most {MAX_KEYS} keys")
    keys = tuple(key for entry in entries if (key := _read_key(entry)) is not None)
    if not keys:
        raise FederationError("keys_unavailable", "the key set has no key that is fit for checking signatures")
    return keys


def _read_key(entry: Any) -> SigningKey | None:
    """Return an entry's key; None when it is not for us: symmetric, private, weak, for encryption, or misshapen."""
    if not isinstance(entry, dict) or entry.get("kty") not in {"RSA", "EC", "OKP"}:
        return None
    if "d" in entry or entry.get("use", "sig") != "sig":  # a published private key signs for anybody
        return None
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(operations, Sequence) or "verify" not in operations:
        return None
    kid, alg, curve = entry.get("kid"), entry.get("alg"), entry.get("crv")
    if not all(item is None or isinstance(item, str) for item in (kid, alg, curve)):
        return None
    try:
        if entry["kty"] == "RSA" and base64_to_int(entry["n"]).bit_length() < _MIN_RSA_BITS:
            return None
        key = JWKRegistry.import_key(entry)
        key.get_op_key("verify")
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return SigningKey(kid=kid, alg=alg, kty=entry["kty"], curve=curve, key=key)
