"""The two halves of a sign-in, with an issuer that lies and browsers that are not the same."""

import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwk, jwt

from federation.discovery import discover
from federation.errors import FederationError
from federation.transaction import new_secret
from tests.federation.support import Hub, follow, now
from tests.peers.hostile import HostileIssuer, Raw
from tests.peers.mint import DELETE, key


def code_of(call) -> str:
    with pytest.raises(FederationError) as refused:
        call()
    return refused.value.code


@pytest.fixture
def hub(hostile) -> Hub:
    return Hub([hostile.issuer])


def test_ann_signs_in_with_s256_nonce_and_state_on_the_wire(hostile, hub) -> None:
    """P-01: and nothing else about her sign-in can be read from the address."""
    registration = hub.registration(hostile.issuer)
    url = hub.start(registration, login_hint="ann@leeds.example")
    query = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert set(query) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "login_hint"),
        *("code_challenge", "code_challenge_method"),
    }
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://localhost:8000/sign-in/callback/one"]
    signed_in = hub.finish(registration, follow(url))
    assert (signed_in.token.issuer, signed_in.token.subject) == (hostile.issuer, "ann")
    assert signed_in.transaction.return_path == "/places/leeds"
    assert hostile.count("/userinfo") == 0


def test_two_sign_ins_share_no_value(hostile, hub) -> None:
    registration = hub.registration(hostile.issuer)
    first, second = (parse_qs(urlsplit(hub.start(registration)).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_a_hostile_issuer_that_names_an_honest_sign_in_page_gets_no_code(hostile) -> None:
    """N-15, mix-up: no request reaches the hostile token endpoint, with and without RFC 9207."""
    with HostileIssuer() as honest:
        hub = Hub([hostile.issuer, honest.issuer])
        hostile.behaviour.metadata = {"authorization_endpoint": f"{honest.issuer}/authorize"}
        evil = hub.registration(hostile.issuer, "evil")
        back = follow(hub.start(evil))
        assert code_of(lambda: hub.finish(evil, back)) == "response_mismatch"

        # The honest issuer knows its own redirect address only, so the browser would end there: with evil's state.
        good = hub.registration(honest.issuer, "good")
        back = follow(hub.start(evil))
        assert code_of(lambda: hub.finish(good, back)) == "response_mismatch"

        # An honest issuer that sends no `iss`, and a hostile one that claims not to either.
        hostile.behaviour.metadata["authorization_response_iss_parameter_supported"] = False
        evil = hub.registration(hostile.issuer, "evil", require_iss=True)
        honest.behaviour.callback = lambda pairs: [pair for pair in pairs if pair[0] != "iss"]
        back = follow(hub.start(evil))
        assert code_of(lambda: hub.finish(evil, back)) == "response_mismatch"
        assert hostile.count("/token") == 0
        assert honest.count("/token") == 0


@pytest.mark.parametrize(
    "callback",
    [
        lambda pairs: [pair for pair in pairs if pair[0] != "iss"],
        lambda pairs: [*pairs, ("iss", pairs[-1][1])],
        lambda pairs: [*pairs[:2], ("iss", "https://honest.example")],
        lambda pairs: [*pairs[:2], ("iss", pairs[-1][1] + "/")],
        lambda pairs: [*pairs[:2], ("iss", "")],
        lambda pairs: [*pairs, ("state", "another")],
        lambda pairs: [*pairs, ("code", "another")],
        lambda pairs: [pair for pair in pairs if pair[0] != "state"],
        lambda pairs: [pair for pair in pairs if pair[0] != "code"],
        lambda pairs: [("code", ""), *pairs[1:]],
        lambda pairs: [],
    ],
)
def test_an_answer_that_is_not_plainly_from_the_issuer_is_dropped(hostile, hub, callback) -> None:
    """N-16: `iss` absent though supported, doubled, wrong; state or code doubled or absent. No token is asked for."""
    hostile.behaviour.callback = callback
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration))
    assert code_of(lambda: hub.finish(registration, back)) == "response_mismatch"
    assert hostile.count("/token") == 0


def test_an_issuer_that_does_not_send_iss_may_leave_it_out_but_not_lie(hostile, hub) -> None:
    """N-16: present means exact."""
    hostile.behaviour.metadata = {"authorization_response_iss_parameter_supported": DELETE}
    registration = hub.registration(hostile.issuer)
    hostile.behaviour.callback = lambda pairs: pairs[:2]
    assert hub.sign_in(registration).token.subject == "ann"
    hostile.behaviour.callback = lambda pairs: [*pairs[:2], ("iss", "https://honest.example")]
    assert code_of(lambda: hub.sign_in(registration)) == "response_mismatch"


def test_an_answer_on_another_issuers_redirect_address_is_dropped(hostile) -> None:
    """N-17, and the transaction is left for the right address."""
    with HostileIssuer() as other:
        hub = Hub([hostile.issuer, other.issuer])
        one, two = hub.registration(hostile.issuer), hub.registration(other.issuer, "two")
        back = follow(hub.start(one))
        assert code_of(lambda: hub.finish(two, back)) == "response_mismatch"
        assert (hostile.count("/token"), other.count("/token")) == (0, 0)
        assert hub.finish(one, back).token.subject == "ann"


def test_an_answer_is_used_once(hostile, hub) -> None:
    """N-18."""
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration))
    hub.finish(registration, back)
    assert code_of(lambda: hub.finish(registration, back)) == "response_mismatch"
    assert hostile.count("/token") == 1


def test_a_failed_answer_is_used_up_too(hostile, hub) -> None:
    """N-18: a second guess needs a second sign-in."""
    registration = hub.registration(hostile.issuer)
    hostile.behaviour.forge = lambda mint: mint.unsigned("none")
    back = follow(hub.start(registration))
    assert code_of(lambda: hub.finish(registration, back)) == "token_invalid"
    assert code_of(lambda: hub.finish(registration, back)) == "response_mismatch"


def test_a_sign_in_is_finished_in_the_browser_that_began_it(hostile, hub) -> None:
    """N-19, A4: a stranger who is sent Ann's link neither signs in as her nor uses up her sign-in."""
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration))
    for other in (new_secret(), "", None):
        finish = lambda other=other: hub.finish(registration, back, browser_secret=other)  # noqa: E731
        assert code_of(finish) == "response_mismatch"
    assert hub.finish(registration, back).token.subject == "ann"


def test_a_sign_in_ends_after_ten_minutes(hostile, hub) -> None:
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration, now=now() - timedelta(minutes=10, seconds=1)))
    assert code_of(lambda: hub.finish(registration, back)) == "response_mismatch"
    assert hostile.count("/token") == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "sign_in_declined"),
        ("server_error", "issuer_refused"),
        ("<script>alert(1)</script>", "issuer_refused"),
        ("", "issuer_refused"),
    ],
)
def test_an_error_of_the_issuer_is_never_repeated(hostile, hub, error, code) -> None:
    """N-20: not its word, not its description, nowhere."""
    mean = [("error", error), ("error_description", "<b>call 0800</b>")]
    hostile.behaviour.callback = lambda pairs: [*mean, *pairs[1:]]
    registration = hub.registration(hostile.issuer)
    with pytest.raises(FederationError) as refused:
        hub.sign_in(registration)
    assert refused.value.code == code
    for text in (refused.value.entry.user, refused.value.entry.admin, refused.value.detail, str(refused.value)):
        assert "0800" not in text
        assert "script" not in text
    hostile.behaviour.callback = lambda pairs: mean
    assert code_of(lambda: hub.sign_in(registration)) == "response_mismatch"


def test_the_token_endpoints_words_stay_there(hostile, hub) -> None:
    """N-20: invalid_grant is a word of the standard and helps an administrator; the description is not."""
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration))
    hostile.codes.clear()
    with pytest.raises(FederationError) as refused:
        hub.finish(registration, back)
    assert (refused.value.code, refused.value.detail) == ("code_refused", "invalid_grant")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (Raw([b"<html>busy</html>"], 503), "code_refused"),
        (Raw([b"<html>hello</html>"], 200), "issuer_answer_refused"),
        (Raw([b"[]"], 200), "issuer_answer_refused"),
        (Raw([b"[" * 100000], 200), "issuer_answer_refused"),
        (Raw([b"{}"], 200), "token_invalid"),
        (Raw([b'{"error": {"a": 1}}'], 400), "code_refused"),
        (Raw([b"{}"], 302, (("Location", "/elsewhere"),)), "issuer_answer_refused"),
        (Raw([b" " * 65536] * 160, 200), "issuer_answer_refused"),
    ],
)
def test_a_token_answer_that_is_none_has_its_own_error(hostile, hub, raw, code) -> None:
    """N-08, R-73."""
    registration = hub.registration(hostile.issuer)
    hostile.behaviour.raw["/token"] = raw
    back = follow(hub.start(registration))
    assert code_of(lambda: hub.finish(registration, back)) == code


def test_an_issuer_that_went_down_meanwhile_is_named_as_such(hub, hostile) -> None:
    """R-73: in the time that a refused connection takes."""
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration))
    hostile._server.shutdown()
    hostile._server.server_close()
    began = time.monotonic()
    assert code_of(lambda: hub.finish(registration, back)) == "issuer_unreachable"
    assert time.monotonic() - began < 2


def test_a_code_of_another_sign_in_does_not_fit_our_verifier(hostile, hub) -> None:
    """N-22, code injection: the issuer compares the challenge that the stolen code was made for."""
    registration = hub.registration(hostile.issuer)
    stolen = dict(part.split("=", 1) for part in follow(hub.start(registration)).partition("?")[2].split("&"))["code"]
    hostile.behaviour.callback = lambda pairs: [("code", stolen), *pairs[1:]]
    assert code_of(lambda: hub.sign_in(registration)) == "code_refused"


def test_a_registration_that_was_changed_meanwhile_gets_no_code(hostile, hub) -> None:
    """N-24: the transaction remembers which issuer and address it was for."""
    registration = hub.registration(hostile.issuer)
    back = follow(hub.start(registration))
    moved = replace(registration, metadata=replace(registration.metadata, issuer="https://evil.example"))
    assert code_of(lambda: hub.finish(moved, back)) == "response_mismatch"
    assert hostile.count("/token") == 0


def test_pinned_metadata_are_used_whatever_the_issuer_says_later(hostile, hub) -> None:
    """N-24: nothing is looked up during a sign-in."""
    registration = hub.registration(hostile.issuer)
    hostile.behaviour.metadata = {"token_endpoint": "https://evil.example/token"}
    assert hub.sign_in(registration).token.subject == "ann"
    assert hostile.count("/.well-known/openid-configuration") == 1


def test_a_failed_push_never_falls_back(hostile, hub) -> None:
    """N-28: neither when the issuer refuses, nor when it must push and cannot."""
    hostile.behaviour.metadata = {"pushed_authorization_request_endpoint": f"{hostile.issuer}/par"}
    registration = hub.registration(hostile.issuer)
    for raw in (Raw([b'{"error": "invalid_request"}'], 400), Raw([b"{}"], 201), Raw([b'{"request_uri": 7}'], 201)):
        hostile.behaviour.raw["/par"] = raw
        assert code_of(lambda: hub.start(registration)) == "issuer_refused"
    hostile.behaviour.metadata = {}
    without = replace(registration, metadata=discover(hostile.issuer, hub.http), par="require")
    assert code_of(lambda: hub.start(without)) == "issuer_unfit"


def test_our_own_assertion_is_for_one_issuer_and_one_use(hostile, hub) -> None:
    """N-27, A9: `aud` is one string, the issuer; a minute long; no id twice."""
    private = key("ec-hub").as_dict(private=True)
    import json

    registration = hub.registration(hostile.issuer, auth_method="private_key_jwt", secret=json.dumps(private))
    hub.sign_in(registration)
    hub.sign_in(registration)
    sent = [seen.form for seen in hostile.seen if seen.path == "/token"]
    public = jwk.import_key(key("ec-hub").as_dict(private=False))
    claims = [jwt.decode(form["client_assertion"], public, algorithms=["ES256"]).claims for form in sent]
    assert [claim["aud"] for claim in claims] == [hostile.issuer] * 2
    assert claims[0]["jti"] != claims[1]["jti"]
    assert {claim["exp"] - claim["iat"] for claim in claims} == {60}
    assert {claim["sub"] for claim in claims} == {"hub"}
    assert "client_secret" not in sent[0]


def test_a_secret_with_odd_characters_is_form_encoded(hostile, hub) -> None:
    """RFC 6749, 2.3.1: percent, plus, colon and blanks arrive as they are."""
    import base64

    registration = hub.registration(hostile.issuer, secret="p%ss+w rd:é")
    hub.sign_in(registration)
    (sent,) = [seen.headers["authorization"] for seen in hostile.seen if seen.path == "/token"]
    assert base64.b64decode(sent.split()[1]) == b"hub:p%25ss%2Bw+rd%3A%C3%A9"
