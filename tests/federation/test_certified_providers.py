"""Ann signs in through real certified providers, as a person would, and out again."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from federation.errors import FederationError
from federation.logout import end_session_url
from tests.federation.support import Hub, pairs_of
from tests.peers.mint import key
from tests.peers.person import Person

pytestmark = pytest.mark.peers
CALLBACK = "http://localhost:8000/sign-in/callback/"
SIGNED_OUT = "http://localhost:8000/signed-out"


def register(hub: Hub, provider, name: str, *, auth_method: str = "client_secret_basic", **more):
    """Register the hub at a provider and return the registration on our side."""
    public = key("ec-hub").as_dict(private=False) if auth_method == "private_key_jwt" else None
    client = provider.register(CALLBACK + name, SIGNED_OUT, auth_method=auth_method, public_jwk=public, **more)
    private = json.dumps(key("ec-hub").as_dict(private=True))
    return hub.registration(
        provider.issuer,
        name,
        client_id=client.client_id,
        secret=private if public else client.client_secret,
        auth_method=auth_method,
        redirect_uri=CALLBACK + name,
    )


@pytest.fixture
def hub(providers) -> Hub:
    return Hub([provider.issuer for provider in providers])


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("auth_method", ["client_secret_basic", "client_secret_post", "private_key_jwt"])
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_ann_signs_in_at_each_provider_in_each_way(providers, hub, which, auth_method, alg) -> None:
    """P-01, P-02: with S256 and nonce; pushed where it is offered, so that the address holds two parameters only."""
    registration = register(hub, providers[which], "one", auth_method=auth_method, id_token_signed_response_alg=alg)
    url = hub.start(registration)
    query = parse_qs(urlsplit(url).query)
    if which == 0:
        assert set(query) == {"client_id", "request_uri"}
    else:
        assert query["code_challenge_method"] == ["S256"]
        assert query["nonce"]
    back = Person("ann").go(url, registration.redirect_uri)
    assert dict(pairs_of(back))["iss"] == providers[which].issuer
    signed_in = hub.finish(registration, back)
    assert (signed_in.token.issuer, signed_in.token.subject) == (providers[which].issuer, "ann")
    assert signed_in.token.claims["name"] == "Ann Archer"
    assert signed_in.token.claims["email"] == "ann.archer@leeds.example"


def test_a_wrong_client_secret_is_named_to_the_administrator(providers, hub) -> None:
    """4.6: `invalid_client` is a word of the standard; the provider's sentence is not ours to show."""
    registration = register(hub, providers[1], "one")
    wrong = replace(registration, secret=registration.secret + "%")
    back = Person("ann").go(hub.start(wrong), CALLBACK)
    with pytest.raises(FederationError) as refused:
        hub.finish(wrong, back)
    assert (refused.value.code, refused.value.detail) == ("code_refused", "invalid_client")


def test_the_same_name_at_two_providers_is_two_identities(providers, hub) -> None:
    """N-13."""
    found = set()
    for number, provider in enumerate(providers):
        registration = register(hub, provider, str(number))
        token = hub.finish(registration, Person("sam").go(hub.start(registration), CALLBACK)).token
        found.add((token.issuer, token.subject))
    assert len(found) == 2


def test_the_answer_of_one_provider_is_nothing_at_the_other(providers, hub) -> None:
    """N-15, N-17: with two providers that are both honest."""
    one, two = (register(hub, provider, str(number)) for number, provider in enumerate(providers))
    back = Person("ann").go(hub.start(one), CALLBACK)
    with pytest.raises(FederationError, match="response_mismatch"):
        hub.finish(two, back)
    assert hub.finish(one, back).token.subject == "ann"


def test_a_code_is_not_taken_twice_nor_with_another_verifier(providers, hub) -> None:
    """N-18, N-22: a certified provider compares the challenge."""
    registration = register(hub, providers[1], "one")
    stolen = dict(pairs_of(Person("bob").go(hub.start(registration), CALLBACK)))["code"]
    mine = dict(pairs_of(Person("ann").go(hub.start(registration), CALLBACK)))
    with pytest.raises(FederationError) as refused:
        hub.finish(registration, f"{CALLBACK}one?{urlencode({**mine, 'code': stolen})}")
    assert (refused.value.code, refused.value.detail) == ("code_refused", "invalid_grant")


def test_ann_signs_out_at_the_provider_too(providers, hub) -> None:
    """L-43: after it, the next sign-in asks her name again, and the state comes back."""
    registration = register(hub, providers[0], "one")
    ann = Person("ann")
    token = hub.finish(registration, ann.go(hub.start(registration), CALLBACK)).token

    ann.visited.clear()
    hub.finish(registration, ann.go(hub.start(registration), CALLBACK))
    assert not any("/interaction/" in url for url in ann.visited), "she is still signed in there"

    url = end_session_url(
        registration.metadata,
        client_id=registration.client_id,
        id_token_hint=token.raw,
        state="the-state",
        post_logout_redirect_uri=SIGNED_OUT,
    )
    assert url is not None
    assert ann.go(url, SIGNED_OUT) == f"{SIGNED_OUT}?state=the-state"

    ann.visited.clear()
    ann.go(hub.start(registration), CALLBACK)
    assert any("/interaction/" in url for url in ann.visited), "she is asked again"


def test_a_cancelled_sign_in_is_told_apart(providers, hub) -> None:
    """N-20: the provider's own words stay with it."""
    registration = register(hub, providers[1], "one")
    ann = Person("ann")
    page = ann.browser.get(hub.start(registration), timeout=10)
    assert "/interaction/" in page.url
    cancelled = ann.browser.get(page.url + "/abort", allow_redirects=False, timeout=10)
    back = ann.go(urljoin(page.url, cancelled.headers["Location"]), CALLBACK)
    with pytest.raises(FederationError, match="sign_in_declined") as refused:
        hub.finish(registration, back)
    assert refused.value.detail == "access_denied"
