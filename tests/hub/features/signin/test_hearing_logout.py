"""Ann signs out at her council, or is put out there: her sessions here end, and nobody else can do that."""

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from federation import logout_token
from federation.logout_token import CHECKS_OF_LOGOUT, EVENT
from hub.features.signin.models import HeardLogout, Issuer, IssuerKeySet
from hub.features.signin.service import set_issuer_status
from hub.features.signin.stores import KEPT, tidy
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.signin.browser import HUB, Browser, SignInWorld
from tests.peers.hostile import HostileIssuer
from tests.peers.mint import DELETE, Mint


def signed_in(leeds: SignInWorld, hostile: HostileIssuer, sid: str | None, subject: str = "ann") -> Browser:
    """Somebody signs in, in a session of that id at the issuer."""
    hostile.behaviour.subject = subject
    hostile.behaviour.claims = {} if sid is None else {"sid": sid}
    browser = leeds.browser()
    assert browser.sign_in("leeds").status_code == 303
    return browser


def mint_of(leeds: SignInWorld, hostile: HostileIssuer) -> Mint:
    """What the issuer signs notices with."""
    return hostile.mint.for_request("hub", "", leeds.parts.clock.now().timestamp())


def notice(leeds: SignInWorld, hostile: HostileIssuer, **changes: Any) -> str:
    """A logout token: honest, but for the changes. `header` changes the header."""
    mint, header = mint_of(leeds, hostile), changes.pop("header", {})
    honest = {"nonce": DELETE, "sub": DELETE, "jti": uuid.uuid4().hex, "events": {EVENT: {}}}
    return mint.sign(mint.claims(**honest | changes), header={"typ": "logout+jwt", **header})


def send(leeds: SignInWorld, token: str, issuer: str = "") -> Any:
    """The issuer sends it to the hub: without cookies, and without a token against forgery."""
    path = f"/sign-in/logout/{issuer or leeds.issuer_of('leeds')}"
    return leeds.app.test_client().post(path, data={"logout_token": token}, base_url=HUB)


def test_just_the_sessions_that_a_notice_names_end(leeds, hostile) -> None:
    """L-44: by session id, by subject, by both; 200 and no-store; others go on."""
    leeds.expect("leeds/bea", "bea")
    one, two = signed_in(leeds, hostile, "s1"), signed_in(leeds, hostile, "s2")
    bea = signed_in(leeds, hostile, "s3", "bea")
    answer = send(leeds, notice(leeds, hostile, sid="s1"))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert [each.is_signed_in() for each in (one, two, bea)] == [False, True, True]
    assert send(leeds, notice(leeds, hostile, sid="s3", sub="ann")).status_code == 200
    assert bea.is_signed_in(), "the session is Bea's and the subject Ann's: neither ends"
    assert two.is_signed_in()
    again = signed_in(leeds, hostile, None)
    assert send(leeds, notice(leeds, hostile, sub="ann")).status_code == 200
    assert [each.is_signed_in() for each in (two, again, bea)] == [False, False, True]
    assert send(leeds, notice(leeds, hostile, sid="s3", sub="bea")).status_code == 200
    assert not bea.is_signed_in()
    assert send(leeds, notice(leeds, hostile, sub="nobody")).status_code == 200, "there was none to end"
    with leeds.parts.database.reading() as session:
        acts = session.scalars(select(AuditEntry.detail).where(AuditEntry.act == "session:end-by-issuer")).all()
    assert acts == ["1", "2", "1"]


def test_another_issuer_ends_nobodys_session(leeds, hostile) -> None:
    """L-45: York's issuer, with its own good key, names Ann's session and subject."""
    ann = signed_in(leeds, hostile, "s1")
    with HostileIssuer() as other:
        leeds.join_hostile("york", other)
        leeds.browser().choose("york")
        york = leeds.issuer_of("york")
        assert send(leeds, notice(leeds, other, sid="s1", sub="ann"), york).status_code == 200
        assert send(leeds, notice(leeds, other, sid="s1")).status_code == 400
        assert send(leeds, notice(leeds, hostile, sid="s1"), york).status_code == 400
    assert ann.is_signed_in()


FORGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("typ", {"header": {"typ": "at+jwt"}}),
    ("embedded_key", {"header": {"jku": "https://evil.example/keys"}}),
    ("crit", {"header": {"crit": ["b64"]}}),
    ("iss", {"iss": "https://evil.example"}),
    ("aud", {"aud": "another"}),
    ("aud_others", {"aud": ["hub", "another"]}),
    ("exp", {"exp": 1}),
    ("exp", {"exp": DELETE}),
    ("iat", {"iat": "soon"}),
    ("age", {"iat": -400}),
    ("events", {"events": DELETE}),
    ("events", {"events": {"http://schemas.openid.net/event/other": {}}}),
    ("events", {"events": [EVENT]}),
    ("no_nonce", {"nonce": "n"}),
    ("who", {"sid": DELETE}),
    ("who", {"sid": ""}),
    ("who", {"sid": 7}),
    ("who", {"sub": "x" * 256}),
    ("jti", {"jti": DELETE}),
    ("jti", {"jti": 5}),
)


@pytest.mark.parametrize(("check", "changes"), FORGED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_forged_notice_ends_nothing_and_leaves_a_trace(leeds, hostile, check, changes) -> None:
    """L-45: one lie each; the issuer's administrators read which check it was."""
    ann = signed_in(leeds, hostile, "s1")
    now = int(leeds.parts.clock.now().timestamp())
    changes = {"sid": "s1", **changes}
    if isinstance(changes.get("iat"), int):
        changes["iat"] += now
    answer = send(leeds, notice(leeds, hostile, **changes))
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert ann.is_signed_in()
    with leeds.parts.database.reading() as session:
        detail = session.scalars(select(AuditEntry.detail).where(AuditEntry.act == "logout:refuse")).one()
    assert f" {check}: " in detail


@pytest.mark.parametrize("forge", ["unsigned", "shared secret", "other key", "id token", "not a token", "nothing"])
def test_what_the_issuer_did_not_sign_as_a_notice_ends_nothing(leeds, hostile, forge) -> None:
    """L-45, A13: `alg` none, HS256 with the client's secret, a stranger's key, an ID token in its place."""
    ann = signed_in(leeds, hostile, "s1")
    mint = mint_of(leeds, hostile)
    mint.base = mint.claims(nonce=DELETE, sid="s1", jti="j", events={EVENT: {}})
    token = {
        "unsigned": lambda: mint.unsigned("none"),
        "shared secret": lambda: mint.sign_hs256(b"a secret of the hub"),
        "other key": lambda: mint.sign(with_key="rsa-stranger", header={"kid": "rsa-1"}),
        "id token": lambda: mint.sign(mint.claims(nonce="n", events=DELETE)),
        "not a token": lambda: "x.y",
        "nothing": lambda: "",
    }[forge]()
    assert send(leeds, token).status_code == 400
    assert ann.is_signed_in()


def test_a_notice_is_taken_once(leeds, hostile) -> None:
    """L-45: a notice that somebody has caught ends nothing of what begins after it."""
    signed_in(leeds, hostile, "s1")
    token = notice(leeds, hostile, sub="ann")
    assert send(leeds, token).status_code == 200
    ann = signed_in(leeds, hostile, "s2")
    assert send(leeds, token).status_code == 400
    assert ann.is_signed_in()
    assert leeds.count(HeardLogout) == 1
    leeds.parts.clock.move(minutes=KEPT.total_seconds() / 60 + 10)
    tidy(leeds.parts)
    assert leeds.count(HeardLogout) == 0
    assert send(leeds, token).status_code == 400, "it is too old by then"


def test_a_notice_is_heeded_of_an_issuer_that_is_switched_off(leeds, hostile) -> None:
    """What it says ends access, and gives none."""
    ann = signed_in(leeds, hostile, "s1")
    with leeds.work() as uow:
        set_issuer_status(uow, uow.session.scalars(select(Issuer)).one(), "disabled")
    assert send(leeds, notice(leeds, hostile, sid="s1")).status_code == 200
    assert not ann.is_signed_in()


def test_keys_that_cannot_be_had_are_no_refusal(leeds, hostile) -> None:
    """The issuer may send it again: 503, and nothing is taken."""
    ann = signed_in(leeds, hostile, "s1")
    hostile.behaviour.keys = []
    with leeds.work() as uow:
        uow.session.query(IssuerKeySet).delete()
    assert send(leeds, notice(leeds, hostile, sid="s1")).status_code == 503
    assert ann.is_signed_in()
    hostile.behaviour.keys = None
    assert send(leeds, notice(leeds, hostile, sid="s1")).status_code == 200
    assert not ann.is_signed_in()


def test_through_the_browser_only_a_session_of_this_issuer_ends_and_only_by_its_id(leeds, hostile) -> None:
    """L-46: `iss` and `sid` both; as Entra sends it. Whatever comes is answered alike."""
    ann, other = signed_in(leeds, hostile, "s1"), signed_in(leeds, hostile, "s2")
    stranger: FlaskClient = leeds.app.test_client()
    here = f"/sign-in/logout/{leeds.issuer_of('leeds')}"
    answers = [
        stranger.get(here, query_string=query, base_url=HUB)
        for query in ({}, {"sid": "s1"}, {"iss": hostile.issuer}, {"iss": "https://evil.example", "sid": "s1"})
    ]
    assert ann.is_signed_in()
    answers.append(stranger.get(here, query_string={"iss": hostile.issuer, "sid": "s1"}, base_url=HUB))
    assert [ann.is_signed_in(), other.is_signed_in()] == [False, True]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, "Signed out.\n")}
    empty = signed_in(leeds, hostile, None)
    stranger.get(here, query_string={"iss": hostile.issuer, "sid": ""}, base_url=HUB)
    assert empty.is_signed_in(), "a session without an id is not the one of the empty id"


def test_no_issuer_of_that_address_is_no_page(leeds) -> None:
    assert send(leeds, "x", "zzzzzzzzzzzz").status_code == 404
    assert leeds.app.test_client().get("/sign-in/logout/zzzzzzzzzzzz", base_url=HUB).status_code == 404


@pytest.mark.parametrize("left_out", [name for name, _ in CHECKS_OF_LOGOUT if name not in {"iat", "nbf", "alg", "key"}])
def test_dropping_any_check_lets_a_forged_notice_through(leeds, hostile, monkeypatch, left_out) -> None:
    """R-78, for notices: each check is the only one that stops its lie."""
    lies = dict(reversed(FORGED)) | {"signature": {}, "age": {"iat": -400}, "aud": {"aud": []}}
    lies |= {"jti": {"jti": "\n"}, "who": {"sid": "\n"}}
    signed_in(leeds, hostile, "s1")
    changes = {"sid": "s1", **lies[left_out]}
    now = int(leeds.parts.clock.now().timestamp())
    if isinstance(changes.get("iat"), int):
        changes["iat"] += now
    if left_out == "exp":
        changes["exp"] = now - 100
    token = notice(leeds, hostile, **changes)
    if left_out == "signature":
        token = token[: token.rindex(".") + 1] + "AAAA"
    assert send(leeds, token).status_code == 400
    kept = tuple(pair for pair in CHECKS_OF_LOGOUT if pair[0] != left_out)
    monkeypatch.setattr(logout_token, "CHECKS_OF_LOGOUT", kept)
    assert send(leeds, token).status_code == 200
