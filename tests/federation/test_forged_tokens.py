"""The list of forged tokens, against the verifier alone and over the wire, and what it must let in."""

from datetime import UTC, datetime, timedelta

import pytest

from federation import validate
from federation.errors import CATALOGUE, FederationError, TokenRefused
from federation.jwks import read_keys
from federation.validate import Expected, verify_id_token
from tests.federation.support import Hub
from tests.peers.forgeries import FORGERIES, Forgery
from tests.peers.mint import DELETE, Mint, key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ISSUER = "https://issuer.example/leeds"
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA", "Ed25519")


class StaticKeys:
    """An issuer's keys that never change."""

    def __init__(self, mint: Mint) -> None:
        import json

        self.keys = read_keys(json.dumps({"keys": mint.public_keys()}))

    def current(self, now: datetime):
        return self.keys

    def refreshed(self, now: datetime):
        return None


def mint() -> Mint:
    return Mint(issuer=ISSUER).for_request("hub", "the nonce", NOW.timestamp())


def expected(**changes) -> Expected:
    usual = {"issuer": ISSUER, "client_id": "hub", "nonce": "the nonce", "algorithms": ALGORITHMS}
    return Expected(**{**usual, "access_token": "the access token", **changes})


def outcome(forgery: Forgery) -> str:
    """Return the check that refuses a token, or "accepted"."""
    made = mint()
    try:
        verify_id_token(forgery.make(made), expected(**forgery.expect), StaticKeys(made), NOW)
    except TokenRefused as refusal:
        return refusal.check
    return "accepted"


@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
def test_a_forged_token_is_refused_by_the_check_that_is_meant_for_it(forgery: Forgery) -> None:
    """N-01 to N-10, P-09, A-42."""
    assert outcome(forgery) == forgery.check


@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
def test_the_hostile_issuer_signs_nobody_in_with_a_forged_token(hostile, forgery: Forgery) -> None:
    """N-01 to N-10 over real HTTP, from the authorization address to the token answer."""
    hub = Hub([hostile.issuer])
    registration = hub.registration(hostile.issuer, algorithms=ALGORITHMS, **forgery.expect)
    hostile.behaviour.forge = forgery.make
    with pytest.raises(TokenRefused) as refused:
        hub.sign_in(registration)
    assert refused.value.check == forgery.check
    assert refused.value.entry is CATALOGUE[refused.value.code]


@pytest.mark.long
def test_leaving_out_any_single_check_lets_a_forged_token_in(monkeypatch) -> None:
    """R-78. For each check there is a token that only it keeps out; the first is about there being a token at all."""
    for name in [name for name, _ in validate.CHECKS] + ["size"]:
        with monkeypatch.context() as patched:
            patched.setattr(validate, "CHECKS", tuple(pair for pair in validate.CHECKS if pair[0] != name))
            patched.setattr(validate, "RAW_CHECKS", tuple(pair for pair in validate.RAW_CHECKS if pair[0] != name))
            let_in = [str(forgery) for forgery in FORGERIES if outcome(forgery) == "accepted"]
        assert let_in, f"nothing is let in without the check {name!r}: no forged token is for it alone"
    with monkeypatch.context() as patched:
        patched.setattr(validate, "RAW_CHECKS", tuple(pair for pair in validate.RAW_CHECKS if pair[0] != "present"))
        assert "present" not in {outcome(forgery) for forgery in FORGERIES}


def test_every_check_of_the_order_is_there_in_that_order() -> None:
    """Section 4.5: a check that is moved or dropped is seen."""
    assert [name for name, _ in (*validate.RAW_CHECKS, *validate.CHECKS)] == [
        "present",
        "size",
        "alg",
        "typ",
        "embedded_key",
        "crit",
        "key",
        "signature",
        "iss",
        "aud",
        "aud_others",
        "azp",
        "sub",
        "exp",
        "iat",
        "nbf",
        "nonce",
        "auth_time",
        "acr",
        "at_hash",
        "tenant",
    ]


def signed(**how):
    return lambda made: made.sign(**how)


@pytest.mark.parametrize(
    "make",
    [
        signed(),
        signed(with_key="ec-1", alg="ES256"),
        signed(alg="PS256"),
        signed(with_key="ed-1", alg="EdDSA"),
        signed(with_key="ed-1", alg="Ed25519"),
        signed(header={"typ": DELETE}),
        signed(header={"kid": DELETE}),
        signed(with_key="rsa-2", header={"kid": DELETE}),
        signed(header={"private": "x" * 600}),
        lambda made: made.sign(made.claims(aud=["hub"], azp="hub")),
        lambda made: made.sign(made.claims(exp=made.now - 59)),
        lambda made: made.sign(made.claims(iat=made.now + 59)),
        lambda made: made.sign(made.claims(nbf=made.now + 59)),
        lambda made: made.sign(made.claims(iat=made.now - 23 * 3600)),
        lambda made: made.sign(made.claims(at_hash=made.at_hash(made.access_token))),
        lambda made: made.sign(
            made.claims(at_hash=made.at_hash(made.access_token, "sha512")), with_key="ed-1", alg="Ed25519"
        ),
        lambda made: made.sign(made.claims(sub="x" * 255)),
    ],
)
def test_ann_gets_in_with_any_token_that_is_true(make) -> None:
    """R-75: a minute of difference between two clocks is no reason to refuse."""
    made = mint()
    token = verify_id_token(make(made), expected(), StaticKeys(made), NOW)
    assert token.issuer == ISSUER
    assert token.subject in {"ann", "x" * 255}


def test_ann_gets_in_with_what_was_asked_for() -> None:
    """P-09, A-42: auth_time, acr and tenant as asked; an audience that we trust beside us."""
    made = mint()
    claims = made.claims(auth_time=made.now - 30, acr="mfa", tid="leeds", aud=["hub", "portal"])
    asked = expected(
        max_age=timedelta(minutes=1),
        acr_values=("mfa",),
        tenant=("tid", "leeds"),
        trusted_audiences=frozenset({"portal"}),
    )
    assert verify_id_token(made.sign(claims), asked, StaticKeys(made), NOW).subject == "ann"


def test_without_a_kid_only_five_keys_are_tried() -> None:
    """4.5: a key set of many keys does not buy an issuer many signature checks."""
    made = mint()
    made.keys = tuple(f"rsa-many-{number}" for number in range(6))
    nobody = {"kid": DELETE}
    token = verify_id_token(made.sign(with_key="rsa-many-4", header=nobody), expected(), StaticKeys(made), NOW)
    assert token.subject == "ann"
    with pytest.raises(TokenRefused, match="signature"):
        verify_id_token(made.sign(with_key="rsa-many-5", header=nobody), expected(), StaticKeys(made), NOW)


def test_a_clock_that_is_five_minutes_off_is_named_as_the_reason() -> None:
    """R-75."""
    made = mint()
    for changes in ({"exp": made.now - 300}, {"iat": made.now + 300}):
        with pytest.raises(FederationError) as refused:
            verify_id_token(made.sign(made.claims(**changes)), expected(), StaticKeys(made), NOW)
        assert "clock" in refused.value.entry.user


def test_a_symmetric_key_in_a_key_set_is_never_used() -> None:
    """N-02: a key set that publishes a shared secret makes nobody able to sign."""
    made = mint()
    secret = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "oct-1"}
    import json

    keys = StaticKeys(made)
    keys.keys = read_keys(json.dumps({"keys": [secret, key("rsa-1").as_dict(private=False)]}))
    token = made.sign_hs256(b"secret-secret-secret-secret-secret", {"kid": "oct-1"})
    with pytest.raises(TokenRefused, match="key"):
        verify_id_token(token, expected(algorithms=("HS256", "RS256")), keys, NOW)
