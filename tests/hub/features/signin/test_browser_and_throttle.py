"""What lies in the browser, and how often one may try."""

from dataclasses import replace

from sqlalchemy import func, select

from hub.features.signin import stores
from hub.features.signin.models import SignInTransaction, SignInTries
from hub.features.signin.stores import PER_ADDRESS, PER_BROWSER, Limit, note_try, tidy
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.signin.browser import HUB, SignInWorld, refused


def set_cookies(answer) -> dict[str, str]:
    return {value.partition("=")[0]: value for value in answer.headers.getlist("Set-Cookie")}


def test_local_cookies_carry_the_port_and_hold_no_secret_of_the_sign_in(leeds) -> None:
    """D-WEB 51; finding 3 of the notes: state, nonce and verifier are nowhere in the browser."""
    ann = leeds.browser()
    answer = ann.send("/sign-in?next=/organisations", "/sign-in/leeds")
    cookie = set_cookies(answer)["hub-8000-signin"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}
    with leeds.parts.database.reading() as session:
        row = session.query(SignInTransaction).one()
    for value in (row.nonce, leeds.parts.keys.decrypt(row.verifier), row.state_hash, row.browser_hash):
        assert value not in str(ann.cookies())
    assert leeds.parts.keys.decrypt(row.verifier) not in row.verifier


def test_the_binding_cookie_goes_when_ann_is_signed_in(leeds) -> None:
    ann = leeds.browser()
    answer = ann.sign_in("leeds")
    assert "Max-Age=0" in set_cookies(answer)["hub-8000-signin"]
    session = set_cookies(answer)["hub-8000"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in session.split(";")}


def test_over_https_cookies_belong_to_the_host_and_are_secure(leeds) -> None:
    """D-WEB 51: `__Host-`, Secure, no domain."""
    parts = replace(leeds.parts, public_url="https://hub.example", loopback_issuers=False)
    world = SignInWorld(parts)
    from config.settings import Settings
    from hub.app import create_app

    app = create_app(Settings(data=parts.policy_dir.parent, url="https://hub.example"), parts)
    world._app = app
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://hub.example")
    cookies = set_cookies(page)
    assert all(name.startswith("__Host-hub") and "Secure" in value for name, value in cookies.items())
    assert cookies
    assert not any("Domain" in value for value in cookies.values())


def test_the_token_for_the_sign_out_hint_lies_encrypted(leeds) -> None:
    from hub.access.models import SignedInSession

    leeds.browser().sign_in("leeds")
    with leeds.parts.database.reading() as session:
        row = session.query(SignedInSession).one()
    assert "eyJ" not in row.id_token[:3], "no token as it is"
    assert leeds.parts.keys.decrypt(row.id_token).startswith("eyJ")


def test_one_browser_may_begin_twenty_sign_ins_in_ten_minutes(leeds) -> None:
    """D-AN 8: then it waits; another browser at the same address does not."""
    ann = leeds.browser()
    for _ in range(PER_BROWSER.tries):
        ann.choose("leeds")
    answer = ann.send("/sign-in", "/sign-in/leeds")
    assert refused(answer, "Wait a few minutes", 429)
    assert answer.headers["Retry-After"] == "60"
    assert leeds.browser().sign_in("leeds").status_code == 303
    leeds.parts.clock.move(minutes=10)
    ann.choose("leeds")


def test_a_stranger_elsewhere_locks_nobody_out(leeds, monkeypatch) -> None:
    """D-AN 8: an address that is used up is nobody else's; nothing is counted for a person or an organisation."""
    monkeypatch.setattr("hub.features.signin.views.PER_ADDRESS", Limit("address", 3, 60))
    stranger = leeds.browser()
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    html = stranger.hub.get("/sign-in", base_url=HUB).text
    token = html.partition('name="csrf_token" value="')[2].partition('"')[0]
    for expected in (200, 200, 200, 429, 429):
        browser = leeds.browser()
        browser.restore({k: v for k, v in stranger.cookies().items() if not k.endswith("signin")})
        answer = browser.hub.post(
            "/sign-in/leeds", data={"csrf_token": token}, base_url=HUB, environ_overrides=elsewhere
        )
        assert answer.status_code == expected
    assert leeds.browser().sign_in("leeds").status_code == 303
    leeds.parts.clock.move(minutes=1)
    answer = stranger.hub.post("/sign-in/leeds", data={"csrf_token": token}, base_url=HUB, environ_overrides=elsewhere)
    assert answer.status_code == 200, "and it is over within a minute"


def test_tries_are_counted_exactly_by_processes_that_work_at_once(each_world) -> None:
    """R-74: eight threads, and the limit holds to the one."""
    from concurrent.futures import ThreadPoolExecutor

    limit = Limit("address", 10, 600)
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda _: note_try(each_world.parts, limit, "203.0.113.7"), range(24)))
    assert sum(allowed) == 10


def test_no_address_lies_in_the_table(leeds) -> None:
    note_try(leeds.parts, PER_ADDRESS, "203.0.113.7")
    with leeds.parts.database.reading() as session:
        row = session.query(SignInTries).one()
    assert "203" not in row.who or len(row.who) == 64
    assert row.who != stores.hmac.new(b"", b"address:203.0.113.7", "sha256").hexdigest()


def test_what_is_spent_is_removed(leeds) -> None:
    leeds.browser().choose("leeds")
    assert tidy(leeds.parts) == 0
    leeds.parts.clock.move(hours=2)
    assert tidy(leeds.parts) == 3
    assert leeds.count(SignInTransaction) == leeds.count(SignInTries) == 0
    assert tidy(leeds.parts) == 0


def test_a_strangers_answers_from_nowhere_fill_no_table(leeds, monkeypatch) -> None:
    """Of each kind of refusal so many an hour are kept for the administrators; the rest is for the log."""
    issuer = leeds.issuer_of("leeds")
    monkeypatch.setattr("hub.features.signin.views.REFUSALS_KEPT", Limit("refusals", 3, 3600))

    def kept() -> int:
        with leeds.parts.database.reading() as session:
            refused_ = select(func.count()).where(AuditEntry.act == "sign-in:refuse")
            return session.scalar(refused_) or 0

    for number in range(8):
        answer = leeds.browser().get(f"/sign-in/callback/{issuer}?code=x&state={number}")
        assert answer.status_code == 400
    assert kept() == 3
    ann = leeds.browser()
    ann.choose("leeds")
    assert leeds.browser().get(f"/sign-in/callback/{issuer}?error=access_denied&state=x").status_code == 400
    assert kept() == 3, "and it is the same kind, whatever a stranger says"
    leeds.parts.clock.move(hours=1)
    leeds.browser().get(f"/sign-in/callback/{issuer}?code=x&state=late")
    assert kept() == 4


def test_a_browser_remembers_where_ann_signed_in_and_a_link_leads_her_straight_there(leeds) -> None:
    """She need not choose again, and can; what a browser makes up is nobody's organisation."""
    ann = leeds.browser()
    cookie = set_cookies(ann.sign_in("leeds"))["hub-8000-organisation"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= {part.strip() for part in cookie.split(";")}
    ann.send("/", "/sign-out")
    assert "Continue with Leeds City Council" in ann.get("/sign-in").text
    assert "Taking you to your organisation" in ann.get("/sign-in?next=/organisations").text
    for asked in ("/sign-in?next=/organisations&choose=yes", "/sign-in?next=/organisations&q=leeds"):
        assert "Taking you to" not in ann.get(asked).text
    stranger = leeds.browser()
    stranger.restore({"hub-8000-organisation": "nonsense"})
    page = stranger.get("/sign-in?next=/organisations").text
    assert "Choose your organisation" in page
    assert "Continue with" not in page
