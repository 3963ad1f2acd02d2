"""Name and address from the userinfo endpoint, where an ID token holds nothing but who it is."""

import pytest

from federation.errors import FederationError
from tests.federation.support import Hub, follow
from tests.federation.test_certified_providers import register
from tests.peers.hostile import Raw
from tests.peers.person import Person


@pytest.fixture
def hub(hostile) -> Hub:
    return Hub([hostile.issuer])


def test_who_comes_with_a_bare_subject_is_named_by_userinfo(hostile, hub) -> None:
    """Core, 5.3: sent the access token, and nothing but name and address is taken from it."""
    told = {"name": "Ann Archer", "email": "ann@leeds.example", "email_verified": True, "tid": "york", "groups": ["x"]}
    hostile.behaviour.userinfo = {"sub": "ann", **told}
    came = hub.sign_in(hub.registration(hostile.issuer))
    assert {name: came.token.claims.get(name) for name in told} == {**told, "tid": None, "groups": None}
    assert set(came.from_userinfo) == {"name", "email", "email_verified"}


@pytest.mark.parametrize("sub", ["bob", "", None, 7, ["ann"], "Ann"])
def test_userinfo_of_somebody_else_ends_the_sign_in(hostile, hub, sub) -> None:
    """N-23, A17."""
    hostile.behaviour.userinfo = {"sub": sub, "name": "Bob"}
    with pytest.raises(FederationError, match="another person") as refused:
        hub.sign_in(hub.registration(hostile.issuer))
    assert refused.value.code == "token_invalid"


def test_nothing_that_was_signed_is_replaced(hostile, hub) -> None:
    """An address and whether it is verified come from one source: half of each would prove what nobody said."""
    hostile.behaviour.claims = {"email": "ann@leeds.example"}
    hostile.behaviour.userinfo = {
        "sub": "ann",
        "name": "Ann Archer",
        "iss": "https://evil.example",
        "email": "boss@york.example",
        "email_verified": True,
    }
    came = hub.sign_in(hub.registration(hostile.issuer))
    assert came.token.claims["name"] == "Ann Archer"
    assert came.token.claims["email"] == "ann@leeds.example"
    assert "email_verified" not in came.token.claims
    assert came.token.claims["iss"] == came.token.issuer == hostile.issuer


def test_who_is_named_by_the_id_token_is_not_asked_about(hostile, hub) -> None:
    hostile.behaviour.claims = {"name": "Ann", "email": "ann@leeds.example"}
    hostile.behaviour.userinfo = {"sub": "bob"}
    assert hub.sign_in(hub.registration(hostile.issuer)).from_userinfo == ()
    assert hostile.count("/userinfo") == 0


@pytest.mark.parametrize(
    "raw", [Raw([b"busy"], 503), Raw([b"a.b.c"]), Raw([b"[]"]), Raw([b"{}"], 302, (("Location", "/elsewhere"),))]
)
def test_an_endpoint_that_does_not_answer_adds_nothing_and_keeps_nobody_out(hostile, hub, raw) -> None:
    hostile.behaviour.userinfo = {"sub": "ann", "name": "Ann"}
    hostile.behaviour.raw["/userinfo"] = raw
    came = hub.sign_in(hub.registration(hostile.issuer))
    assert (came.token.subject, came.from_userinfo) == ("ann", ())


@pytest.mark.peers
def test_bob_is_named_by_a_certified_provider_whose_id_tokens_are_bare(providers) -> None:
    """P-01."""
    hub = Hub([provider.issuer for provider in providers])
    registration = register(hub, providers[1], "one")
    back = Person("bob").go(hub.start(registration), registration.redirect_uri)
    came = hub.finish(registration, back)
    assert came.token.claims["name"] == "Bob Brook"
    assert "email" in came.from_userinfo


@pytest.mark.parametrize(
    ("description", "detail"),
    [
        ("AADSTS50105: Your administrator <b>has</b> configured", "access_denied AADSTS50105"),
        ("xAADSTS50105", "access_denied"),
        ("AADSTS1234567890123", "access_denied"),
        ("", "access_denied"),
    ],
)
def test_of_an_error_of_microsofts_the_number_is_kept_and_no_word(hostile, hub, description, detail) -> None:
    """N-20."""
    hostile.behaviour.callback = lambda pairs: [
        ("error", "access_denied"),
        ("error_description", description),
        *pairs[1:],
    ]
    registration = hub.registration(hostile.issuer)
    with pytest.raises(FederationError) as refused:
        hub.finish(registration, follow(hub.start(registration)))
    assert refused.value.detail == detail
