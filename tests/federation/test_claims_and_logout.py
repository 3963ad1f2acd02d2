"""What is shown of a person, and where they are sent to sign out."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from federation.claims import MISSING, email_domain, read_profile
from federation.discovery import discover
from federation.errors import CATALOGUE
from federation.logout import end_session_url
from federation.safe_http import SafeHttp

OWNED = {"leeds.example"}


def test_a_claim_that_is_missing_is_not_an_empty_one() -> None:
    """4.4: missing keeps what we knew, empty takes it away."""
    assert (read_profile({}, OWNED).name, read_profile({}, OWNED).email) == (MISSING, MISSING)
    assert (read_profile({"name": "", "email": ""}, OWNED).name, read_profile({"email": ""}, OWNED).email) == ("", "")
    assert read_profile({"name": None, "email": None}, OWNED).name is MISSING
    assert read_profile({"email": None}, OWNED).email_refused == "malformed"


def test_anns_name_is_one_line_of_plain_text() -> None:
    assert read_profile({"name": " Ann\u202e \n Archer\x00"}, OWNED).name == "Ann Archer"
    assert read_profile({"given_name": "Ann", "family_name": "Archer"}, OWNED).name == "Ann Archer"
    assert read_profile({"given_name": 7}, OWNED).name is MISSING
    assert len(str(read_profile({"name": "x" * 9999}, OWNED).name)) == 200
    assert str(read_profile({"name": "Ann \ud800"}, OWNED).name) == "Ann"


def test_an_address_counts_only_from_the_owner_of_its_domain() -> None:
    """N-11, N-12: whatever `email_verified` says."""
    for verified in (True, "true", 1, "True", None, False):
        profile = read_profile({"email": "ann@york.example", "email_verified": verified}, OWNED)
        assert profile.email is MISSING
        assert not profile.email_verified
        assert (profile.email_refused, profile.refused_domain) == ("domain_not_owned", "york.example")


@pytest.mark.parametrize(("verified", "counts"), [(True, True), ("true", False), (1, False), ("false", False)])
def test_verified_is_json_true_and_nothing_else(verified, counts) -> None:
    """N-12, A1."""
    profile = read_profile({"email": "Ann@LEEDS.example", "email_verified": verified}, OWNED)
    assert (profile.email, profile.email_verified) == ("Ann@leeds.example", counts)


def test_a_subdomain_is_not_owned_with_its_parent() -> None:
    assert read_profile({"email": "ann@x.leeds.example"}, OWNED).email_refused == "domain_not_owned"
    assert read_profile({"email": "ann@notleeds.example"}, OWNED).email_refused == "domain_not_owned"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@",
        "@leeds.example",
        "a@b;c",
        "a@b.",
        "a@b c",
        "a@@leeds.example",
        "a@leeds.example@york.example",
        "a b@leeds.example",
        "a@leeds",
        "<a@leeds.example>",
        "a@leeds.example\n",
        "a\x00@leeds.example",
        7,
        ["a@b.c"],
        "x" * 65 + "@leeds.example",
        "a@" + "x" * 64 + ".example",
        "a@-x.example",
        "\ud800@leeds.example",
    ],
)
def test_a_malformed_address_is_none_and_never_an_accident(address) -> None:
    """N-38."""
    assert email_domain(address) is None


def test_a_domain_in_another_script_or_case_is_the_same_domain() -> None:
    """P-07."""
    assert email_domain("a@BÜCHER.example") == email_domain("a@xn--bcher-kva.EXAMPLE") == "xn--bcher-kva.example"


def test_the_sign_out_address_carries_hint_client_state_and_return(hostile) -> None:
    """L-43."""
    metadata = discover(hostile.issuer, SafeHttp([hostile.issuer]))
    fields = {
        "client_id": "hub",
        "id_token_hint": "a.b.c",
        "state": "s",
        "post_logout_redirect_uri": "http://h/signed-out",
    }
    url = end_session_url(metadata, **fields)
    assert url is not None
    assert {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()} == fields
    asked = end_session_url(replace(metadata, end_session_endpoint="https://i.example/o?x=1"), **fields)
    assert asked is not None
    assert asked.startswith("https://i.example/o?x=1&id_token_hint=")
    assert end_session_url(replace(metadata, end_session_endpoint=""), **fields) is None
    hintless = end_session_url(metadata, **{**fields, "id_token_hint": ""})
    assert hintless is not None
    assert "id_token_hint" not in hintless


def test_every_error_tells_the_person_what_to_do() -> None:
    """4.6: plain sentences, a status, and no word of the trade for the person."""
    for entry in CATALOGUE.values():
        assert 400 <= entry.status < 600
        assert entry.user.endswith(".")
        assert entry.admin.endswith(".")
        words = ("Ask", "Choose", "Tell", "tell", "Try", "try", "Start", "Wait", "Sign", "told")
        assert any(word in entry.user for word in words), entry.code
        for jargon in ("token", "OIDC", "issuer", "nonce", "JWKS", "state"):
            assert jargon not in entry.user.replace("statement", ""), entry.code
