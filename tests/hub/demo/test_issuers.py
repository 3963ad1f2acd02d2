"""The demo issuers as the hub and a person's browser meet them: real OpenID Connect over real HTTP on loopback."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from federation.errors import FederationError
from federation.logout import end_session_url
from hub.demo.issuer_keys import load_key, load_secret
from hub.demo.issuers import CLIENT_ID, DemoRefused, IssuerPlan, create_issuers, read_plan, write_plan
from hub.demo.loading import load_world
from hub.ground.clock import SystemClock
from tests.hub.demo.browser import HUB, Hub, free_port, plan_in, running

SAM, PRIYA, MARIA = "leeds/sam-okafor", "leeds/priya-sharma", "acme/maria-lopez"
VERIFIER = "v" * 43
CHALLENGE = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IssuerPlan]:
    with running(plan_in(tmp_path_factory.mktemp("issuers"), free_port())) as plan:
        yield plan


def asked(plan: IssuerPlan, **changes: str | None) -> str:
    """An authorization request as a URL; None takes a parameter away."""
    given = {
        "client_id": CLIENT_ID,
        "redirect_uri": plan.redirect_uris["leeds"],
        "response_type": "code",
        "scope": "openid",
        "state": "s1",
        "nonce": "n1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    query = urlencode({name: value for name, value in given.items() if value is not None})
    return f"{plan.issuer_url('leeds')}/authorize?{query}"


def code_for(plan: IssuerPlan, handle: str = SAM) -> str:
    hub = Hub(plan, "leeds")
    return parse_qs(urlsplit(hub.choose(asked(plan), handle)).query)["code"][0]


def redeem(plan: IssuerPlan, code: str, slug: str = "leeds", **changes: str) -> requests.Response:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": plan.redirect_uris["leeds"],
        "code_verifier": VERIFIER,
        "client_id": CLIENT_ID,
        "client_secret": load_secret(plan.folder, slug),
    } | changes
    return requests.post(f"{plan.issuer_url(slug)}/token", data=data, timeout=5)


def test_sam_signs_in_through_leeds_and_the_hub_believes_the_token(plan: IssuerPlan) -> None:
    hub = Hub(plan, "leeds")
    signed_in = hub.finish(hub.choose(hub.start(), SAM))
    person = next(person for person in load_world().people if person.handle == SAM)
    assert signed_in.token.subject == person.subject
    assert signed_in.token.claims["name"] == "Sam Okafor"
    assert signed_in.token.claims["email"] == "sam.okafor@leeds.example"
    assert signed_in.token.claims["email_verified"] is True


def test_maria_keeps_her_subject_from_one_sign_in_to_the_next_and_shares_it_with_nobody(plan: IssuerPlan) -> None:
    subjects = []
    for slug, handle in (("acme", MARIA), ("acme", MARIA), ("leeds", SAM), ("leeds", PRIYA)):
        hub = Hub(plan, slug)
        subjects.append(hub.finish(hub.choose(hub.start(), handle)).token.subject)
    assert subjects[0] == subjects[1]
    assert len(set(subjects)) == 3
    assert not any("maria" in subject for subject in subjects)


def test_sam_cancels_and_the_hub_hears_it_from_the_right_issuer(plan: IssuerPlan) -> None:
    """N-16, O-69: `iss` stands on errors too."""
    hub = Hub(plan, "leeds")
    answer = hub.choose(hub.start(), "yes")
    assert parse_qs(urlsplit(answer).query)["iss"] == [plan.issuer_url("leeds")]
    with pytest.raises(FederationError) as refused:
        hub.finish(answer)
    assert refused.value.code == "sign_in_declined"


def test_an_answer_of_york_is_nothing_for_the_callback_of_leeds(plan: IssuerPlan) -> None:
    """N-17: each issuer signs its own name under what it says."""
    leeds = Hub(plan, "leeds")
    address = leeds.choose(leeds.start(), SAM).replace("%2Fleeds", "%2Fyork")
    with pytest.raises(FederationError) as refused:
        leeds.finish(address)
    assert refused.value.code == "response_mismatch"


def test_nobody_of_york_can_be_chosen_at_leeds(plan: IssuerPlan) -> None:
    hub = Hub(plan, "leeds")
    page = hub.browser.get(asked(plan), timeout=5).text
    held = page.partition('name="held" value="')[2].partition('"')[0]
    answer = hub.browser.post(
        f"{plan.issuer_url('leeds')}/choose",
        data={"held": held, "person": "york/alice-moor"},
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_a_code_serves_once(plan: IssuerPlan) -> None:
    """O-67."""
    code = code_for(plan)
    assert redeem(plan, code).status_code == 200
    again = redeem(plan, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"code_verifier": CHALLENGE},
        {"redirect_uri": f"{HUB}/sign-in/callback/of-york"},
        {"redirect_uri": ""},
    ],
    ids=["other verifier", "no verifier", "the challenge itself", "other redirect", "no redirect"],
)
def test_a_code_stolen_on_its_way_is_worth_nothing_and_is_burnt_by_the_try(
    plan: IssuerPlan, wrong: dict[str, str]
) -> None:
    """N-22, O-67: a wrong verifier or address uses the code up."""
    code = code_for(plan)
    assert redeem(plan, code, **wrong).json()["error"] == "invalid_grant"
    assert redeem(plan, code).json()["error"] == "invalid_grant"


def test_a_code_of_leeds_is_unknown_to_york(plan: IssuerPlan) -> None:
    assert redeem(plan, code_for(plan), slug="york").json()["error"] == "invalid_grant"


@pytest.mark.parametrize("secret", ["", "guess"])
def test_the_token_endpoint_wants_the_hubs_own_secret(plan: IssuerPlan, secret: str) -> None:
    code = code_for(plan)
    answer = redeem(plan, code, client_secret=secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert redeem(plan, code).status_code == 200, "a stranger cannot burn somebody's code"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain", "code_challenge": VERIFIER}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_flawed_request_goes_back_with_state_and_iss(
    plan: IssuerPlan, changes: dict[str, str | None], error: str
) -> None:
    answer = requests.get(asked(plan, **changes), allow_redirects=False, timeout=5)
    assert answer.status_code == 303
    address = urlsplit(answer.headers["Location"])
    assert answer.headers["Location"].startswith(plan.redirect_uris["leeds"] + "?")
    assert parse_qs(address.query) == {"error": [error], "state": ["s1"], "iss": [plan.issuer_url("leeds")]}


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{HUB}/sign-in/callback/of-leeds/"},
        {"redirect_uri": f"{HUB}/sign-in/callback/of-leeds?x=1"},
        {"redirect_uri": f"{HUB}/sign-in/callback/of-york"},
        {"redirect_uri": None},
        {"client_id": "somebody-else"},
        {"client_id": None},
    ],
)
def test_an_unknown_application_or_address_is_told_so_on_a_page_and_never_redirected(
    plan: IssuerPlan, changes: dict[str, str | None]
) -> None:
    """O-67: redirect near-misses."""
    answer = requests.get(asked(plan, **changes), allow_redirects=False, timeout=5)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "evil" not in answer.text


def test_a_doubled_parameter_is_refused(plan: IssuerPlan) -> None:
    answer = requests.get(asked(plan) + "&state=s2", allow_redirects=False, timeout=5)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_signing_out_at_the_issuer_ends_the_session_there_and_leads_back(plan: IssuerPlan) -> None:
    """L-43."""
    hub = Hub(plan, "leeds")
    raw = redeem(plan, parse_qs(urlsplit(hub.choose(asked(plan), SAM)).query)["code"][0]).json()["id_token"]
    silent = hub.browser.get(asked(plan, prompt="none"), allow_redirects=False, timeout=5)
    assert "code=" in silent.headers["Location"], "Sam is signed in at Leeds"
    out = end_session_url(
        hub.registration.metadata,
        client_id=CLIENT_ID,
        id_token_hint=raw,
        post_logout_redirect_uri=f"{HUB}/signed-out",
        state="bye",
    )
    assert out is not None
    answer = hub.browser.get(out, allow_redirects=False, timeout=5)
    assert answer.headers["Location"] == f"{HUB}/signed-out?state=bye"
    silent = hub.browser.get(asked(plan, prompt="none"), allow_redirects=False, timeout=5)
    assert "error=login_required" in silent.headers["Location"]


def test_sign_out_goes_nowhere_that_was_not_registered(plan: IssuerPlan) -> None:
    """O-67: unregistered logout addresses, and hints that this issuer did not give."""
    base = f"{plan.issuer_url('leeds')}/logout"
    token = redeem(plan, code_for(plan)).json()["id_token"]
    for given in (
        {"id_token_hint": token, "post_logout_redirect_uri": f"{HUB}/signed-out/"},
        {"id_token_hint": token, "post_logout_redirect_uri": "https://evil.example"},
        {"post_logout_redirect_uri": f"{HUB}/signed-out"},
        {"id_token_hint": token[:-4] + "AAAA", "post_logout_redirect_uri": f"{HUB}/signed-out"},
        {"id_token_hint": "nonsense"},
    ):
        answer = requests.get(base, params=given, allow_redirects=False, timeout=5)
        assert answer.status_code == 400, given
        assert "Location" not in answer.headers
    other = requests.get(
        f"{plan.issuer_url('york')}/logout", params={"id_token_hint": token}, allow_redirects=False, timeout=5
    )
    assert other.status_code == 400


def test_a_page_elsewhere_cannot_sign_sam_out_by_a_picture(plan: IssuerPlan) -> None:
    hub = Hub(plan, "leeds")
    hub.choose(asked(plan), SAM)
    assert "Sign out of Leeds" in hub.browser.get(f"{plan.issuer_url('leeds')}/logout?confirm=yes", timeout=5).text
    silent = hub.browser.get(asked(plan, prompt="none"), allow_redirects=False, timeout=5)
    assert "code=" in silent.headers["Location"]


def test_each_organisation_keeps_its_own_cookie_path(plan: IssuerPlan) -> None:
    """Cookies ignore ports: the name carries the port, the path the organisation."""
    hub = Hub(plan, "leeds")
    hub.choose(asked(plan), SAM)
    cookies = [(cookie.name, cookie.path) for cookie in hub.browser.cookies]
    assert cookies == [(f"demo_issuer_{plan.port}", "/leeds")]


def test_max_age_is_honoured_when_nobody_may_be_asked(plan: IssuerPlan) -> None:
    """O-70: `max_age=0&prompt=none` never answers with a code for an old session."""
    hub = Hub(plan, "leeds")
    hub.choose(asked(plan), SAM)
    answer = hub.browser.get(asked(plan, prompt="none", max_age="0"), allow_redirects=False, timeout=5)
    assert "error=login_required" in answer.headers["Location"]


def test_the_page_says_demo_names_everyone_and_tells_the_browser_to_be_strict(plan: IssuerPlan) -> None:
    answer = requests.get(asked(plan), timeout=5)
    assert "Demo" in answer.text
    for person in load_world().people_of("leeds"):
        assert person.name in answer.text
    assert "Alice Moor" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "environ"),
    [
        ({}, {"REMOTE_ADDR": "192.0.2.7"}),
        ({}, {"REMOTE_ADDR": "10.0.0.1"}),
        ({}, {"REMOTE_ADDR": "::ffff:192.0.2.7"}),
        ({"X-Forwarded-For": "192.0.2.7"}, {"REMOTE_ADDR": "127.0.0.1"}),
        ({"Forwarded": "for=192.0.2.7"}, {"REMOTE_ADDR": "127.0.0.1"}),
        ({"Host": "demo.evil.example"}, {"REMOTE_ADDR": "127.0.0.1"}),
    ],
)
def test_a_peer_a_proxy_or_a_name_that_is_not_this_machine_is_refused(
    tmp_path: Path, headers: dict[str, str], environ: dict[str, str]
) -> None:
    app = create_issuers(plan_in(tmp_path, 9000), load_world(), SystemClock(), demo=True)
    client = app.test_client()
    base = "http://localhost:9000"
    fine = client.get("/leeds/jwks", base_url=base, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert fine.status_code == 200
    answer = client.get("/leeds/jwks", base_url=base, headers=headers, environ_base=environ)
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "localhost", ""])
def test_the_issuers_listen_on_loopback_addresses_only(tmp_path: Path, host: str) -> None:
    plan = IssuerPlan(tmp_path, 9000, HUB, {}, host=host)
    with pytest.raises(DemoRefused, match="loopback"):
        create_issuers(plan, load_world(), SystemClock(), demo=True)


def test_the_issuers_do_not_start_outside_a_demo(tmp_path: Path) -> None:
    with pytest.raises(DemoRefused, match="hub demo"):
        create_issuers(plan_in(tmp_path, 9000), load_world(), SystemClock(), demo=False)


def test_key_and_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    key, secret = load_key(tmp_path), load_secret(tmp_path, "leeds")
    assert load_key(tmp_path).as_dict(private=True) == key.as_dict(private=True)
    assert load_secret(tmp_path, "leeds") == secret != load_secret(tmp_path, "york")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_a_plan_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, 9000)
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan


class Later:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def test_a_code_is_too_old_after_a_minute_and_a_page_after_ten(tmp_path: Path) -> None:
    clock = Later()
    plan = plan_in(tmp_path, 9000)
    client = create_issuers(plan, load_world(), clock, demo=True).test_client()
    base = "http://localhost:9000"

    def press(minutes: int) -> str:
        page = client.get(asked(plan), base_url=base).text
        clock.moment = clock.moment.replace(minute=clock.moment.minute + minutes)
        held = page.partition('name="held" value="')[2].partition('"')[0]
        answer = client.post("/leeds/choose", data={"held": held, "person": SAM}, base_url=base)
        return str(answer.headers.get("Location", ""))

    code = parse_qs(urlsplit(press(9)).query)["code"][0]
    clock.moment = clock.moment.replace(minute=clock.moment.minute + 1)
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": plan.redirect_uris["leeds"],
        "code_verifier": VERIFIER,
        "client_id": CLIENT_ID,
        "client_secret": load_secret(tmp_path, "leeds"),
    }
    late = client.post("/leeds/token", data=data, base_url=base)
    assert late.get_json()["error"] == "invalid_grant"
    assert press(11) == "", "the page was too old"
