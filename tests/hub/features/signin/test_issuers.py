"""Issuers are rows: pinned, compared, put aside when they change, and shared by all processes."""

import threading
from datetime import timedelta

import pytest

from federation.errors import FederationError
from federation.jwks import CachedKeys
from federation.transaction import Transaction, digest
from hub.features.signin.issuers import check_issuers, redirect_uri
from hub.features.signin.models import ACTIVE, DISABLED, QUARANTINED, Issuer
from hub.features.signin.service import NewIssuer, accept_changes, add_issuer, check_issuer, set_issuer_status
from hub.features.signin.stores import KeySets, Transactions
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import AuditEntry
from tests.hub.features.signin.browser import SignInWorld, now, refused


def the_issuer(world: SignInWorld) -> Issuer:
    with world.parts.database.reading() as session:
        return session.query(Issuer).one()


def test_an_issuer_is_pinned_when_it_is_first_reached(leeds, hostile) -> None:
    assert the_issuer(leeds).pin == ""
    leeds.browser().choose("leeds")
    assert hostile.issuer in the_issuer(leeds).pin
    leeds.browser().choose("leeds")
    assert hostile.count("/.well-known/openid-configuration") == 1, "within a minute it is not asked again"


def test_each_issuer_has_an_address_of_its_own(leeds, hostile) -> None:
    """4.4: one redirect address for each."""
    issuer = the_issuer(leeds)
    href = leeds.browser().choose("leeds")
    from urllib.parse import parse_qs, urlsplit

    assert parse_qs(urlsplit(href).query)["redirect_uri"] == [f"http://localhost:8000/sign-in/callback/{issuer.id}"]
    assert redirect_uri(leeds.parts, issuer.id).endswith(issuer.id)


def test_a_moved_token_endpoint_is_not_used_and_stops_sign_ins_after_a_day(leeds, hostile) -> None:
    """N-24: put aside at once, the pin goes on for a day, then an administrator has to look."""
    leeds.browser().sign_in("leeds")
    pin = the_issuer(leeds).pin
    hostile.behaviour.metadata = {"token_endpoint": "https://evil.example/token"}
    hostile.now = lambda: leeds.parts.clock.now().timestamp()
    leeds.parts.clock.move(minutes=2)
    assert leeds.browser().sign_in("leeds").status_code == 303
    issuer = the_issuer(leeds)
    assert (issuer.status, issuer.pin) == (ACTIVE, pin)
    assert "evil.example" in issuer.candidate
    leeds.parts.clock.move(hours=25)
    assert refused(leeds.browser().send("/sign-in", "/sign-in/leeds"), "has to be checked first", 503)
    assert the_issuer(leeds).status == QUARANTINED
    with leeds.parts.database.reading() as session:
        acts = [entry.act for entry in session.query(AuditEntry) if entry.act.startswith("issuer:")]
    assert acts == ["issuer:add", "issuer:pin", "issuer:drift", "issuer:quarantine"]


def test_an_administrator_accepts_a_change(leeds, hostile) -> None:
    leeds.browser().sign_in("leeds")
    hostile.behaviour.metadata = {"id_token_signing_alg_values_supported": ["ES256"]}
    leeds.parts.clock.move(hours=25)
    assert check_issuers(leeds.parts) == 1
    assert check_issuers(leeds.parts) == 0, "once a day"
    leeds.parts.clock.move(hours=25)
    check_issuers(leeds.parts)
    assert the_issuer(leeds).status == QUARANTINED
    with leeds.work() as uow:
        accept_changes(uow, uow.session.get_one(Issuer, the_issuer(leeds).id))
    issuer = the_issuer(leeds)
    assert (issuer.status, issuer.candidate, issuer.drifted_at) == (ACTIVE, "", None)
    assert '"algorithms": ["ES256"]' in issuer.pin
    with leeds.work() as uow, pytest.raises(Invalid, match="no changed metadata"):
        accept_changes(uow, uow.session.get_one(Issuer, issuer.id))


def test_a_change_that_went_back_is_forgotten(leeds, hostile) -> None:
    leeds.browser().sign_in("leeds")
    hostile.behaviour.metadata = {"jwks_uri": "https://evil.example/jwks"}
    leeds.parts.clock.move(hours=25)
    check_issuers(leeds.parts)
    assert the_issuer(leeds).drifted_at is not None
    hostile.behaviour.metadata = {}
    leeds.parts.clock.move(hours=25)
    check_issuers(leeds.parts)
    assert (the_issuer(leeds).drifted_at, the_issuer(leeds).status) == (None, ACTIVE)


def test_a_harmless_change_is_adopted(leeds, hostile) -> None:
    leeds.browser().sign_in("leeds")
    hostile.behaviour.metadata = {"token_endpoint": f"{hostile.issuer}/token/v2"}
    leeds.parts.clock.move(hours=25)
    check_issuers(leeds.parts)
    assert "/token/v2" in the_issuer(leeds).pin


def test_an_issuer_that_is_down_is_checked_once_a_day_too(leeds, hostile) -> None:
    hostile._server.shutdown()
    hostile._server.server_close()
    assert check_issuers(leeds.parts) == 1
    assert check_issuers(leeds.parts) == 0


def test_an_issuer_is_registered_once_and_fit(leeds, hostile) -> None:
    """A8: no second organisation takes a registered issuer; and an organisation has one that is active."""
    leeds.add_organisation("york")
    with pytest.raises(Conflict, match="registered already"):
        leeds.add_issuer("york", hostile.issuer)
    with pytest.raises(Conflict, match="signs in through"):
        leeds.add_issuer("leeds", "https://other.example")
    with leeds.work() as uow:
        place = leeds.place(uow, "york")
        for new in (
            NewIssuer("issuer.example", "hub"),
            NewIssuer("https://issuer.example", " "),
            NewIssuer("https://issuer.example", "hub", tenant_claim="tid"),
        ):
            with pytest.raises(Invalid):
                add_issuer(uow, leeds.parts, place, new)
    hostile.behaviour.metadata = {"issuer": "https://honest.example"}
    with pytest.raises(Invalid, match="names another issuer"):
        check_issuer(leeds.parts, NewIssuer(hostile.issuer, "hub"))
    with pytest.raises(Invalid, match="https"):
        check_issuer(leeds.parts, NewIssuer("http://issuer.example", "hub"))


def test_a_secret_lies_encrypted(leeds) -> None:
    issuer = the_issuer(leeds)
    assert "secret" not in issuer.secret
    assert leeds.parts.keys.decrypt(issuer.secret) == "a secret of the hub"


def test_two_tenants_of_one_issuer_are_two_organisations(world, hostile) -> None:
    """A2, A-42: the tenant claim of each token names the organisation."""
    for slug in ("leeds", "york"):
        world.add_organisation(slug, f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work")
        world.add_issuer(slug, hostile.issuer, tenant_claim="tid", tenant_value=slug)
        world.expect(f"{slug}/ann", f"ann-{slug}")
    hostile.behaviour.claims = {"tid": "leeds"}
    hostile.behaviour.subject = "ann-leeds"
    assert world.browser().sign_in("leeds").status_code == 303
    assert refused(world.browser().sign_in("york"), "account of another organisation", 403)
    hostile.behaviour.claims = {"tid": "york"}
    assert refused(world.browser().sign_in("york"), "account of another organisation", 403)


def test_a_switched_off_issuer_signs_nobody_in_and_ends_no_session(leeds) -> None:
    ann = leeds.browser()
    ann.sign_in("leeds")
    href = leeds.browser().choose("leeds")
    assert href
    with leeds.work() as uow:
        set_issuer_status(uow, uow.session.get_one(Issuer, the_issuer(leeds).id), DISABLED)
    assert ann.is_signed_in()
    with leeds.work() as uow, pytest.raises(Invalid):
        set_issuer_status(uow, uow.session.get_one(Issuer, the_issuer(leeds).id), "odd")


def transaction(moment) -> Transaction:
    return Transaction(
        state_hash=digest("state"),
        browser_hash=digest("browser"),
        issuer_id="one",
        issuer="https://issuer.example",
        redirect_uri="https://hub.example/sign-in/callback/one",
        nonce="nonce",
        verifier="verifier",
        return_path="/places/leeds",
        purpose="sign-in",
        created=moment,
        expires=moment + timedelta(minutes=10),
    )


def test_of_many_that_take_a_transaction_one_gets_it(each_world) -> None:
    """R-74, N-18: eight threads at once, on both databases."""
    store = Transactions(each_world.parts)
    moment = now()
    store.add(transaction(moment))
    wrong = {"state_hash": digest("state"), "browser_hash": digest("other"), "issuer_id": "one", "now": moment}
    assert store.consume(**wrong) is None
    assert store.consume(**{**wrong, "browser_hash": digest("browser"), "issuer_id": "two"}) is None
    assert store.consume(**{**wrong, "browser_hash": digest("browser"), "now": moment + timedelta(minutes=10)}) is None
    taken = []

    def take() -> None:
        taken.append(
            store.consume(state_hash=digest("state"), browser_hash=digest("browser"), issuer_id="one", now=moment)
        )

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [one for one in taken if one is not None]
    assert len(taken) == 8
    assert got == [transaction(got[0].created)]


def test_keys_are_shared_and_one_process_in_thirty_seconds_may_fetch_anew(each_world) -> None:
    """N-25, R-74."""
    store, other = KeySets(each_world.parts), KeySets(each_world.parts)
    moment = now()
    assert store.load("https://issuer.example/jwks") is None
    for document in ("{}", '{"keys": []}'):
        store.save("https://issuer.example/jwks", CachedKeys(document, moment, moment + timedelta(minutes=5)))
    assert other.load("https://issuer.example/jwks") == CachedKeys(
        '{"keys": []}', moment, moment + timedelta(minutes=5)
    )
    every = timedelta(seconds=30)
    claims = [one.claim_refresh("https://issuer.example/jwks", moment, every) for one in (store, other, store)]
    assert claims == [True, False, False]
    assert not other.claim_refresh("https://issuer.example/jwks", moment + timedelta(seconds=29), every)
    assert other.claim_refresh("https://issuer.example/jwks", moment + timedelta(seconds=30), every)


def test_an_issuer_on_an_inner_network_needs_the_operators_word(world) -> None:
    """A10: loopback is not opened by a row, unless the settings are those of a demonstration."""
    from dataclasses import replace

    closed = replace(world.parts, loopback_issuers=False)
    from hub.features.signin.issuers import discover_issuer

    for inner in (False, True):
        with pytest.raises(FederationError, match="issuer_url_refused"):
            discover_issuer(closed, "http://127.0.0.1:1", s256_waived=False, inner_network=inner)
    with pytest.raises(FederationError, match="issuer_address_refused"):
        discover_issuer(closed, "https://127.0.0.1:1", s256_waived=False, inner_network=False)
    with pytest.raises(FederationError, match="issuer_unreachable"):
        discover_issuer(closed, "https://127.0.0.1:1", s256_waived=False, inner_network=True)


def test_what_is_open_for_one_issuer_is_closed_for_another(leeds, hostile) -> None:
    """A10: York's issuer may not name addresses of Leeds' inner network as its own, nor learn what stands there."""
    from hub.features.signin.issuers import discover_issuer, guarded_http

    york = guarded_http(leeds.parts, "https://login.york.example", inner_network=False)
    inner = guarded_http(leeds.parts, "https://login.york.example", inner_network=True)
    for http in (york, inner):
        with pytest.raises(FederationError, match=r"issuer_(url|address)_refused"):
            http.get(f"{hostile.issuer}/.well-known/openid-configuration")
    own = guarded_http(leeds.parts, hostile.issuer, inner_network=False)
    assert own.get(f"{hostile.issuer}/.well-known/openid-configuration").status == 200
    hostile.behaviour.metadata = {"jwks_uri": "http://127.0.0.2:1/jwks"}
    with pytest.raises(FederationError, match="issuer_url_refused"):
        discover_issuer(leeds.parts, hostile.issuer, s256_waived=False, inner_network=False)
