"""An issuer's signing keys: kept for a while, fetched anew, never used past their time."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from federation.errors import FederationError, TokenRefused
from federation.jwks import KeySource, read_keys, time_to_live
from federation.safe_http import SafeHttp
from federation.validate import Expected, verify_id_token
from tests.federation.support import Hub, MemoryKeys, wait_until
from tests.peers.hostile import HostileIssuer, Raw
from tests.peers.mint import encode, key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def source(hostile: HostileIssuer, store: MemoryKeys | None = None) -> KeySource:
    return KeySource(f"{hostile.issuer}/jwks", SafeHttp([hostile.issuer]), store or MemoryKeys(), lambda _: None)


def sign_in(hostile: HostileIssuer, keys: KeySource, now: datetime, **how) -> str:
    mint = hostile.mint.for_request("hub", "n", now.timestamp())
    expected = Expected(hostile.issuer, "hub", "n", ("RS256",))
    return verify_id_token(mint.sign(**how), expected, keys, now).subject


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=3600", 3600),
        ("public, max-age=7200, must-revalidate", 7200),
        ("max-age=1", 300),
        ("max-age=999999999", 86400),
        ("no-store", 300),
        ("no-cache, max-age=3600", 300),
        ("", 300),
        ("max-age=soon", 300),
        ("max-age=99999999999999999999", 86400),
    ],
)
def test_how_long_keys_are_kept_lies_between_five_minutes_and_a_day(control, seconds) -> None:
    """4.5."""
    assert time_to_live({"cache-control": control}) == timedelta(seconds=seconds)


def test_keys_are_fetched_once_and_a_removed_key_is_refused_after_its_time(hostile) -> None:
    """N-25, A11: also when the issuer does not answer any more."""
    keys = source(hostile)
    assert sign_in(hostile, keys, NOW) == "ann"
    assert sign_in(hostile, keys, NOW + timedelta(seconds=299)) == "ann"
    assert hostile.count("/jwks") == 1
    hostile.behaviour.keys = [key("rsa-2").as_dict(private=False)]
    with pytest.raises(TokenRefused, match="key"):
        sign_in(hostile, keys, NOW + timedelta(seconds=301))
    hostile.behaviour.raw["/jwks"] = Raw([], status=500)
    with pytest.raises(FederationError, match="keys_unavailable"):
        sign_in(hostile, keys, NOW + timedelta(seconds=900), with_key="rsa-2")


def test_a_new_key_works_at_once(hostile) -> None:
    """A11, D-AN 3: an unknown kid forces one fetch."""
    keys = source(hostile)
    sign_in(hostile, keys, NOW)
    hostile.mint.keys = ("rsa-1", "rsa-new")
    assert sign_in(hostile, keys, NOW + timedelta(seconds=10), with_key="rsa-new") == "ann"
    assert hostile.count("/jwks") == 2


def test_another_key_under_the_same_kid_works_at_once(hostile) -> None:
    """A11: so does a signature that does not fit any more."""
    keys = source(hostile)
    sign_in(hostile, keys, NOW)
    hostile.behaviour.keys = [{**key("rsa-new").as_dict(private=False), "kid": "rsa-1"}]
    assert sign_in(hostile, keys, NOW, with_key="rsa-new", header={"kid": "rsa-1"}) == "ann"


def test_a_flood_of_unknown_keys_makes_one_fetch_in_thirty_seconds(hostile) -> None:
    """N-25, D-AN 3: a thousand tokens in a minute, by twenty threads, with a store that they share."""
    store = MemoryKeys()
    sign_in(hostile, source(hostile, store), NOW)

    def flood() -> None:
        for number in range(50):
            with pytest.raises(TokenRefused):
                sign_in(
                    hostile,
                    source(hostile, store),
                    NOW + timedelta(seconds=number),
                    header={"kid": f"unknown-{number}"},
                )

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hostile.count("/jwks") <= 1 + 2


def test_a_cache_from_the_future_is_not_believed(hostile) -> None:
    """R-76: a clock that was set back does not lengthen the life of a key."""
    store = MemoryKeys()
    sign_in(hostile, source(hostile, store), NOW)
    sign_in(hostile, source(hostile, store), NOW - timedelta(hours=2))
    assert hostile.count("/jwks") == 2


@pytest.mark.long
def test_fifty_people_sign_in_while_the_keys_change_and_none_is_refused(hostile) -> None:
    """P-04, R-74: those who come while another one fetches the new keys wait for them."""
    hub = Hub([hostile.issuer])
    registration = hub.registration(hostile.issuer)
    hub.sign_in(registration)
    started = threading.Barrier(10)

    def sign_ten_in(number: int) -> list[str]:
        started.wait(10)
        return [hub.sign_in(registration).token.subject for _ in range(5)]

    def change_keys() -> None:
        wait_until(lambda: hostile.count("/token") > 15)
        hostile.mint.keys = ("rsa-1", "rsa-new")
        hostile.behaviour.forge = lambda mint: mint.sign(with_key="rsa-new")

    changing = threading.Thread(target=change_keys)
    changing.start()
    with ThreadPoolExecutor(10) as pool:
        found = [subject for subjects in pool.map(sign_ten_in, range(10)) for subject in subjects]
    changing.join()
    assert found == ["ann"] * 50
    assert hostile.count("/jwks") == 2


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", '{"keys": {}}', '{"keys": []}', '{"keys": [7]}', '{"keys": [{"kty": "RSA"}]}', "[" * 100000],
)
def test_a_key_set_without_a_usable_key_is_no_key_set(document) -> None:
    with pytest.raises(FederationError, match="keys_unavailable"):
        read_keys(document)


def test_only_public_signing_keys_of_a_fit_size_are_read() -> None:
    """N-02, N-25: and a thousand keys are too many."""
    good = key("rsa-1").as_dict(private=False)
    weak = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    short = {"kty": "RSA", "e": "AQAB", "n": encode(weak.n.to_bytes(128, "big"))}
    unfit = [
        {"kty": "oct", "k": "c2VjcmV0"},
        key("rsa-2").as_dict(private=True),
        {**good, "use": "enc"},
        {**good, "key_ops": ["encrypt"]},
        {**good, "kid": 7},
        {**good, "n": "!!"},
        {**good, "n": 7},
        {"kty": "RSA"},
        short,
        None,
    ]
    assert [found.kid for found in read_keys(json.dumps({"keys": [*unfit, good]}))] == ["rsa-1"]
    with pytest.raises(FederationError, match="at most"):
        read_keys(json.dumps({"keys": [good] * 1000}))


def test_a_huge_key_set_is_not_read(hostile) -> None:
    """N-25: 10 MB."""
    hostile.behaviour.raw["/jwks"] = Raw(b" " * 65536 for _ in range(160))
    with pytest.raises(FederationError, match="keys_unavailable"):
        sign_in(hostile, source(hostile), NOW)
