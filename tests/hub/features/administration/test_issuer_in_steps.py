"""Sam prepares the issuer of Leeds, tries a sign-in, switches it on, and reads why others could not come in."""

import json
from html import unescape
from re import search

import pytest
from flask.testing import FlaskClient

from hub.access.models import Person, SignedInSession
from hub.features.policies.service import adopt_default
from hub.features.signin.models import ExternalIdentity, FailedSignIn, Issuer
from hub.nouns.organisations.service import add_domain
from tests.hub.features.signin.browser import HUB, SignInWorld, leads_to, refused
from tests.hub.features.signin.conftest import world
from tests.hub.sheets import Sheet
from tests.peers.hostile import HostileIssuer
from tests.peers.mint import DELETE, key
from tests.peers.person import Person as Visitor

__all__ = ["world"]
HERE = "/admin/leeds/issuer"


@pytest.fixture
def leeds(world: SignInWorld) -> SignInWorld:
    """Leeds with an administrator, Sam, and no issuer; York likewise, with Yara."""
    for slug, who in (("leeds", "sam"), ("york", "yara")):
        world.add_organisation(slug)
        with world.work() as uow:
            adopt_default(uow, world.place(uow, slug), "test")
            add_domain(uow, world.place(uow, slug), f"{slug}.example")
        world.add_person(f"{slug}/{who}", f"{slug}/administrators")
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def prepare(sam: FlaskClient, issuer: str, do: str = "prepare", here: str = HERE, **more: str) -> str:
    """Fill in the form of an issuer and send it; the page that comes of it."""
    sheet = Sheet(sam.get(here), here)
    fields = {"issuer": issuer, "client_id": "hub", "secret": "a secret of the hub", "s256_waived": "", "do": do}
    answer = sheet.send(sam, **fields | more)
    return unescape(sam.get(answer.location).text if answer.status_code == 303 else answer.text)


def trial(sam: FlaskClient, here: str = HERE) -> str:
    """Try a sign-in, the whole way; the page at its end."""
    href = leads_to(sam.post(f"{here}/try", base_url=HUB))
    back = Visitor("ann").go(href, HUB)
    return unescape(sam.get(back.removeprefix(HUB), base_url=HUB).text)


def test_sam_prepares_an_issuer_tries_it_and_switches_it_on(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """P-05, P-06: three screens; nobody signs in before, and the trial makes nobody and no session."""
    sam = leeds.client("leeds/sam")
    assert f"{HUB}/sign-in/callback/" in sam.get(HERE).text, "the redirect address is there before anything else"
    assert "Nobody signs in through it yet" in prepare(sam, hostile.issuer)
    assert "No organisation matches" in leeds.browser().get("/sign-in?q=leeds").text
    before = {table: leeds.count(table) for table in (Person, ExternalIdentity, SignedInSession, FailedSignIn)}
    hostile.behaviour.claims = {"name": "Ann Lee", "email": "ann@leeds.example", "email_verified": True}
    page = trial(sam)
    assert "The sign-in works" in page
    assert "nobody is known or expected by this subject" in page
    assert "ann@leeds.example (verified)" in page
    assert {table: leeds.count(table) for table in before} == before
    assert Sheet(sam.get(HERE), f"{HERE}/on").send(sam).status_code == 303
    leeds.expect("leeds/ann", "ann")
    assert "for the first time: this subject is expected" in trial(sam)
    assert leeds.browser().sign_in("leeds").status_code == 303
    assert "It would sign in Ann" in trial(sam), "and one that is on is tried in the same way"


def test_a_trial_signs_nobody_in_and_nobody_else_sees_it(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """P-06, N-19: not by the address of an everyday answer, nor for Yara, nor for whoever is signed out."""
    sam = leeds.client("leeds/sam")
    prepare(sam, hostile.issuer, do="add")
    leeds.expect("leeds/ann", "ann")
    back = Visitor("ann").go(leads_to(sam.post(f"{HERE}/try", base_url=HUB)), HUB).removeprefix(HUB)
    binding = {cookie.key: cookie.value for cookie in sam._cookies.values() if cookie.key.endswith("-signin")}
    for other in (leeds.client("york/yara"), leeds.client()):
        for name, value in binding.items():
            other.set_cookie(name, value, domain="localhost", path="/")
        assert other.get(back, base_url=HUB).status_code == 404
    stranger = leeds.browser()
    stranger.restore(binding)
    stranger.come_back(HUB + back)
    assert not stranger.is_signed_in()
    assert leeds.count(ExternalIdentity) == 0
    assert "The sign-in works" in sam.get(back, base_url=HUB).text
    assert sam.get(back, base_url=HUB).location == "/", "an answer is judged once"


def test_the_trial_warns_of_what_will_not_work(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """P-06, P-08: no name, another's address, a tenant that nobody registered, no sign-out."""
    sam = leeds.client("leeds/sam")
    hostile.behaviour.metadata = {"end_session_endpoint": DELETE, "code_challenge_methods_supported": DELETE}
    prepare(sam, hostile.issuer)
    hostile.behaviour.claims = {"email": "ann@york.example", "tid": "7f3"}
    page = trial(sam)
    for words in ("No name came", "york.example), so this person would be refused", "by tid (7f3)", "no sign-out"):
        assert words in page, words
    hostile.behaviour.claims = {"name": "Ann", "email": "ann@leeds.example", "email_verified": "true"}
    assert "not marked as verified" in trial(sam)
    hostile.behaviour.forge = lambda mint: mint.sign(mint.claims(aud="another"))
    page = trial(sam)
    assert "The sign-in did not work" in page
    assert "aud: it was made for another application" in page


def test_the_trial_names_the_way_that_worked(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    sam = leeds.client("leeds/sam")
    hostile.mint.client_secret = "p+q/r%41"
    hostile.behaviour.proofs = ("plain",)
    prepare(sam, hostile.issuer, secret="p+q/r%41", auth_method="client_secret_post")
    page = trial(sam)
    assert "this one worked: A secret, in the header, not encoded" in page
    prepare(sam, hostile.issuer, secret="", auth_method="client_secret_basic_plain")
    assert "Change how the hub proves itself" not in trial(sam), "the secret stayed where it was left empty"


def test_a_key_in_pem_is_a_key_and_one_of_the_hubs_is_published(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """N-27: what is published has no secret half; an issuer that knows the hub by no key has no such page."""
    sam = leeds.client("leeds/sam")
    prepare(sam, hostile.issuer)
    issuer = the_issuer(leeds)
    assert sam.get(f"/sign-in/callback/{issuer.id}/keys").status_code == 404
    assert sam.get("/sign-in/callback/zzzzzzzzzzzz/keys").status_code == 404
    prepare(sam, hostile.issuer, secret=key("ec-hub").as_pem(private=True).decode().replace("\n", ""))
    trial(sam)
    assert "client_assertion" in [seen.form for seen in hostile.seen if seen.path == "/token"][-1]
    assert "This is a public key" in prepare(sam, hostile.issuer, secret=key("ec-hub").as_pem(private=False).decode())
    prepare(sam, hostile.issuer, secret="", auth_method="own_key")
    (shown,) = json.loads(leeds.client().get(f"/sign-in/callback/{issuer.id}/keys").text)["keys"]
    assert "d" not in shown


def test_two_organisations_share_an_issuer_if_nobody_could_be_both(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """A2, A8, A-42: one rule for each, the same claim; neither none, nor another claim, nor the same value."""
    sam, yara = leeds.client("leeds/sam"), leeds.client("york/yara")
    york = "/admin/york/issuer"
    prepare(sam, hostile.issuer, do="add")
    told = "registered already, for people whom this would let in too"
    assert told in prepare(yara, hostile.issuer, here=york, tenant_claim="org", tenant_value="york")
    sheet = Sheet(sam.get(HERE), HERE)
    sent = sheet.send(sam, tenant_claim="org", tenant_value="leeds", auth_method="auto", s256_waived="")
    assert sent.status_code == 303
    assert leeds.parts.keys.decrypt(the_issuer(leeds).secret) == "a secret of the hub", "left empty, it stays"
    for rule in ({}, {"tenant_claim": "org", "tenant_value": "leeds"}, {"tenant_claim": "o", "tenant_value": "york"}):
        assert told in prepare(yara, hostile.issuer, here=york, **rule)
    page = prepare(yara, hostile.issuer, do="add", here=york, tenant_claim="org", tenant_value="york")
    assert "The people of York City Council can sign in." in page
    for slug in ("leeds", "york"):
        leeds.expect(f"{slug}/of-{slug}", f"of-{slug}")
        hostile.behaviour.subject = f"of-{slug}"
        for claim, status in ((slug, 303), ("other", 403), (DELETE, 403), ([slug], 403)):
            hostile.behaviour.claims = {"org": claim}
            assert leeds.browser().sign_in(slug).status_code == status


def test_a_domain_at_google_is_its_organisations_own(leeds: SignInWorld) -> None:
    """A8: York does not take the part of an issuer that Leeds' domain names."""
    yara = leeds.client("york/yara")
    from hub.features.signin.service import NewIssuer, add_issuer
    from hub.features.signin.tenants import GOOGLE
    from hub.ground.errors import Invalid

    for rule, words in (
        ({}, "give hd"),
        ({"tenant_claim": "org", "tenant_value": "york"}, "give hd"),
        ({"tenant_claim": "hd", "tenant_value": "leeds.example"}, "not among your mail domains"),
        ({"tenant_claim": "sub", "tenant_value": "x"}, "tells organisations apart"),
        ({"tenant_claim": "hd"}, "needs the value"),
        ({"tenant_claim": "hd", "tenant_value": "no domain"}, "is a domain"),
    ):
        with leeds.work() as uow, pytest.raises(Invalid, match=words):
            add_issuer(
                uow, leeds.parts, leeds.place(uow, "york"), NewIssuer("https://accounts.google.com", "x", **rule)
            )
    with leeds.work() as uow:
        rule = {"tenant_claim": "hd", "tenant_value": "York.example"}
        new = NewIssuer(GOOGLE, "x", **rule)
        assert add_issuer(uow, leeds.parts, leeds.place(uow, "york"), new).tenant_value == "york.example"
    assert "hd is york.example" in yara.get("/admin/york/issuer").text


def test_sam_finds_the_reference_that_ann_quotes_and_what_to_do(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """4.6: the last fifty, each with its cure; addresses shortened; none of York's, and none for Yara."""
    sam = leeds.client("leeds/sam")
    prepare(sam, hostile.issuer, do="add")
    hostile.behaviour.claims = {"email": "annabel.lee@leeds.example", "groups": ["a", "b"]}
    answer = leeds.browser().sign_in("leeds")
    assert refused(answer, "you have not been added", 403)
    reference = search(r"reference: <strong>(\w+)</strong>", answer.text)
    assert reference
    page = unescape(sam.get(f"{HERE}/failed").text)
    assert reference[1] in page
    assert "Add the person under People" in page
    assert "a…@leeds.example" in page
    assert "annabel" not in page
    hostile.behaviour.callback = lambda pairs: [
        ("error", "access_denied"),
        ("error_description", "AADSTS50105: <b>call 0800</b>"),
        *pairs[1:],
    ]
    leeds.browser().sign_in("leeds")
    page = unescape(sam.get(f"{HERE}/failed").text)
    assert "The person is not assigned to the hub" in page
    assert "0800" not in page
    assert leeds.client("york/yara").get(f"{HERE}/failed").status_code == 404
    assert reference[1] not in leeds.client("york/yara").get("/admin/york/issuer/failed").text


def test_no_more_than_fifty_failures_are_kept(leeds: SignInWorld) -> None:
    from federation.errors import FederationError
    from hub.features.signin.failures import KEPT, failures_of, note_failure
    from hub.features.signin.service import NewIssuer, add_issuer

    with leeds.work() as uow:
        issuer = add_issuer(uow, leeds.parts, leeds.place(uow, "leeds"), NewIssuer("https://a.example", "x"))
    for number in range(KEPT + 5):
        leeds.parts.clock.move(seconds=1)
        with leeds.work() as uow:
            note_failure(uow, issuer, f"ref{number}", FederationError("person_unknown"))
    with leeds.work() as uow:
        kept = failures_of(uow.session, leeds.place(uow, "leeds").id)
    assert [failure.reference for failure in kept] == [f"ref{n}" for n in range(KEPT + 4, 4, -1)]


def test_another_issuer_is_prepared_while_the_first_goes_on(leeds: SignInWorld, hostile: HostileIssuer) -> None:
    """An issuer replaced: nothing changes before it is switched on; then the sessions of the old one end."""
    sam = leeds.client("leeds/sam")
    prepare(sam, hostile.issuer, do="add")
    leeds.expect("leeds/ann", "ann")
    ann = leeds.browser()
    ann.sign_in("leeds")
    with HostileIssuer("127.0.0.4") as second:
        nxt = f"{HERE}/next"
        assert "The next issuer" in prepare(sam, second.issuer, here=nxt)
        assert "The sign-in works" in trial(sam, nxt)
        assert ann.is_signed_in()
        assert Sheet(sam.get(nxt), f"{nxt}/on").send(sam).status_code == 303
        assert not ann.is_signed_in()
        assert second.issuer in sam.get(HERE).text
        assert refused(leeds.browser().sign_in("leeds"), "you have not been added", 403), "known by the old one alone"
        assert sam.get("/admin/leeds").status_code == 200, "a session of another door goes on"


def the_issuer(world: SignInWorld) -> Issuer:
    with world.parts.database.reading() as session:
        return session.query(Issuer).one()
