"""What an issuer says about itself is checked, pinned, and compared with the pin."""

from dataclasses import replace

import pytest

from federation.discovery import Metadata, discover, drift
from federation.errors import FederationError
from federation.safe_http import SafeHttp
from tests.federation.support import Hub
from tests.peers.hostile import Raw
from tests.peers.mint import DELETE


def refusal(hostile, issuer: str | None = None, **changes) -> str:
    with pytest.raises(FederationError) as refused:
        discover(issuer or hostile.issuer, SafeHttp([hostile.issuer]), **changes)
    return refused.value.code


def test_an_issuer_that_is_fit_is_pinned_and_read_back(hostile) -> None:
    """4.4: only asymmetric algorithms are pinned, whatever else the issuer lists."""
    metadata = discover(hostile.issuer, SafeHttp([hostile.issuer]))
    assert metadata.issuer == hostile.issuer
    assert metadata.iss_supported
    assert set(metadata.algorithms) == {"RS256", "PS256", "ES256", "EdDSA", "Ed25519"}
    assert Metadata.from_json(metadata.to_json()) == metadata


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": "https://honest.example"}, "issuer_mismatch"),
        ({"issuer": DELETE}, "issuer_mismatch"),
        ({"issuer": ["x"]}, "issuer_mismatch"),
        ({"issuer": "https://login.example/{tenantid}/v2.0"}, "issuer_template"),
        ({"response_types_supported": ["id_token"]}, "issuer_unfit"),
        ({"response_types_supported": DELETE}, "issuer_unfit"),
        ({"code_challenge_methods_supported": ["plain"]}, "issuer_unfit"),
        ({"code_challenge_methods_supported": []}, "issuer_unfit"),
        ({"code_challenge_methods_supported": "S256"}, "issuer_unfit"),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, "issuer_unfit"),
        ({"id_token_signing_alg_values_supported": DELETE}, "issuer_unfit"),
        ({"id_token_signing_alg_values_supported": "RS256"}, "issuer_unfit"),
        ({"token_endpoint": DELETE}, "issuer_unfit"),
        ({"jwks_uri": 7}, "issuer_unfit"),
        ({"token_endpoint": "http://elsewhere.example/token"}, "issuer_url_refused"),
        ({"jwks_uri": "file:///etc/passwd"}, "issuer_url_refused"),
        ({"authorization_endpoint": "https://user@evil.example/"}, "issuer_url_refused"),
        ({"end_session_endpoint": "javascript:alert(1)"}, "issuer_url_refused"),
        ({"token_endpoint": "https://evil.example/{x}"}, "issuer_template"),
    ],
    ids=str,
)
def test_an_issuer_that_is_not_fit_is_refused(hostile, changes, code) -> None:
    """N-05, N-29."""
    hostile.behaviour.metadata = changes
    assert refusal(hostile) == code


def test_an_issuer_that_differs_by_a_slash_is_another(hostile) -> None:
    """N-05: the slash goes when the address is built, never when the names are compared."""
    assert refusal(hostile, hostile.issuer + "/") == "issuer_mismatch"
    hostile.behaviour.metadata = {"issuer": hostile.issuer + "/"}
    assert refusal(hostile) == "issuer_mismatch"
    assert discover(hostile.issuer + "/", SafeHttp([hostile.issuer])).issuer == hostile.issuer + "/"
    assert hostile.count("//.well-known/openid-configuration") == 0


@pytest.mark.parametrize(
    ("issuer", "code"),
    [
        ("http://issuer.example", "issuer_url_refused"),
        ("ftp://issuer.example", "issuer_url_refused"),
        ("issuer.example", "issuer_url_refused"),
        ("", "issuer_url_refused"),
        ("https://issuer.example?x=1", "issuer_url_refused"),
        ("https://issuer.example#x", "issuer_url_refused"),
        ("https://user:pw@issuer.example", "issuer_url_refused"),
        ("https://issuer.example:99999", "issuer_url_refused"),
        ("https://[::1", "issuer_url_refused"),
        ("https://issuer.example/\r\nHost: evil", "issuer_url_refused"),
        ("https://issuer.example/" + "x" * 3000, "issuer_url_refused"),
        ("https://login.example/{tenantid}/v2.0", "issuer_template"),
    ],
)
def test_an_address_that_is_no_issuer_is_refused_before_anything_is_sent(hostile, issuer, code) -> None:
    """N-05, N-29."""
    with pytest.raises(FederationError) as refused:
        discover(issuer, SafeHttp())
    assert refused.value.code == code


def test_an_issuer_without_a_list_of_challenge_methods_is_asked_with_s256_all_the_same(hostile) -> None:
    """4.4, P-08: Entra supports S256 and has no such list (RFC 8414, 2)."""
    hostile.behaviour.metadata = {"code_challenge_methods_supported": DELETE}
    hub = Hub([hostile.issuer])
    registration = hub.registration(hostile.issuer)
    assert "code_challenge_method=S256" in hub.start(registration)
    assert hub.sign_in(registration).token.subject == "ann"


def test_a_list_without_s256_needs_a_waiver_on_record(hostile) -> None:
    """4.4: what an issuer says of itself is believed, unless an administrator has recorded that it is wrong."""
    hostile.behaviour.metadata = {"code_challenge_methods_supported": ["plain"]}
    assert refusal(hostile) == "issuer_unfit"
    assert discover(hostile.issuer, SafeHttp([hostile.issuer]), s256_waived=True).issuer == hostile.issuer


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"<html>", b'{"issuer": NaN}', b'{"a": 1, "a": 2}', b"[" * 100000, b"\xff"]
)
def test_metadata_that_are_no_plain_json_object_are_refused(hostile, body) -> None:
    hostile.behaviour.raw["/.well-known/openid-configuration"] = Raw([body])
    assert refusal(hostile) == "issuer_answer_refused"


def test_a_moved_token_endpoint_goes_to_quarantine(hostile) -> None:
    """N-24: another host, other algorithms, a lost `iss` are not adopted; a new path on the same host may be."""
    pinned = discover(hostile.issuer, SafeHttp([hostile.issuer]))
    assert drift(pinned, pinned).changed == ()
    moved = replace(pinned, token_endpoint="https://evil.example/token")
    assert drift(pinned, moved).quarantine == ("token_endpoint",)
    assert drift(pinned, replace(pinned, issuer="https://evil.example")).quarantine == ("issuer",)
    assert drift(pinned, replace(pinned, algorithms=("RS256",))).quarantine == ("algorithms",)
    assert drift(pinned, replace(pinned, iss_supported=False)).quarantine == ("iss_supported",)
    other_port = replace(pinned, jwks_uri="http://127.0.0.1:1/jwks")
    assert drift(pinned, other_port).quarantine == ("jwks_uri",)
    gone = replace(pinned, end_session_endpoint="")
    assert drift(pinned, gone).quarantine == ("end_session_endpoint",)
    offered = replace(pinned, userinfo_endpoint="https://graph.example/userinfo")
    assert drift(pinned, offered).quarantine == (), "that it offers userinfo for the first time moves nothing"
    assert drift(offered, replace(offered, userinfo_endpoint="https://evil.example/u")).quarantine == (
        "userinfo_endpoint",
    )
    tidied = replace(pinned, token_endpoint=pinned.token_endpoint + "/v2")
    assert (drift(pinned, tidied).changed, drift(pinned, tidied).quarantine) == (("token_endpoint",), ())
