"""People of Leeds who hold rights beyond it, and what Leeds' administrator may and may not do about them."""

import json

import pytest
from sqlalchemy import select

from federation.discovery import Metadata
from federation.errors import FederationError
from federation.validate import IdToken
from hub.access.holds import confirm, open_holds
from hub.access.models import Hold
from hub.features.administration.service import Invitation, invite_administrator
from hub.features.policies.service import adopt_platform_default
from hub.features.signin.identities import recognise
from hub.features.signin.issuers import _compare
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.features.signin.service import accept_changes, make_link, set_credentials
from hub.ground.db import Database
from hub.nouns.people.service import set_status
from tests.hub.features.administration.chains import LINK
from tests.hub.features.administration.conftest import the_town
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import TestClock

PEOPLE = "/admin/leeds/people"


def the_hub(town: SignInWorld) -> None:
    """Ruth of York runs the hub. Una, Nia, Gil and Maria have something beyond their own organisations."""
    the_town(town)
    with town.work() as uow:
        adopt_platform_default(uow)
        wanted = Invitation("platform", "Ruth Adeyemi")
        invite_administrator(uow, town.parts, town.place(uow, "york"), wanted)
        for issuer in uow.session.scalars(select(Issuer)):
            at = issuer.issuer
            says = Metadata(at, f"{at}/a", f"{at}/t", f"{at}/k", "", "", False, True, ("ES256",), ("none",))
            issuer.pin = json.dumps(says.to_json())
    for handle in ("leeds/una", "leeds/nia", "leeds/gil"):
        town.add_person(handle)
    town.add_space("york/merger", "confidential", name="Merger")
    town.add_document("york/merger", "Terms of the merger", owner="person:york/yara")
    town.set_policy(
        "york",
        "allow,group:york/administrators,administer,york,any,any,-,They look after it",
        "allow,person:leeds/nia,edit,york/merger,any,any,-,Nia leads the merger",
    )
    town.give("person:leeds/gil", "read", "york/merger")
    come(town, "leeds/gil", "gil")
    come(town, "york/ruth-adeyemi", "ruth")


@pytest.fixture
def hub(begin: Begin, database: Database) -> SignInWorld:
    world = begin(the_hub, database, SignInWorld, clock=TestClock(now()))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def come(world: SignInWorld, handle: str, subject: str, link: str = "", by: str = "platform") -> None:
    """Sign in for the first time, by a link of somebody's."""
    with world.work() as uow:
        person = world.person(uow, handle)
        secret = link or make_link(uow, world.parts, person, by=by).partition("link=")[2]
        issuer = uow.session.scalars(select(Issuer).where(Issuer.organisation_id == person.organisation_id)).one()
        recognise(uow, world.parts, issuer, IdToken(issuer.issuer, subject, {"sub": subject}, ""), secret)


def sees(world: SignInWorld, handle: str) -> bool:
    """Whether somebody sees the terms of the merger, by their own browser."""
    return "Terms of the merger" in world.client(handle).get("/places/york/merger").text


def test_leeds_admin_does_not_become_whom_the_platform_names(hub: SignInWorld) -> None:
    """Ruth names Una, who never signed in; Sam makes Una's link and signs in as her."""
    ruth, sam = hub.client("york/ruth-adeyemi"), hub.client("leeds/sam")
    answer = ruth.post("/admin/platform/administrators/add", data={"person": "leeds/una"})
    assert answer.status_code == 400
    assert "Una of Leeds City Council has not signed in yet" in answer.text
    with hub.work() as uow:  # so the operator invites her at the machine
        sams = make_link(uow, hub.parts, hub.person(uow, "leeds/una"), by="leeds").partition("link=")[2]
        wanted = Invitation("platform", handle="leeds/una")
        invited = invite_administrator(uow, hub.parts, hub.place(uow, "leeds"), wanted)
    assert invited.mailed == "", "the address that Leeds has put there is not where such a link goes"
    assert sam.get("/admin/leeds/people/una").status_code == 200
    assert "Make a new sign-in link" not in sam.get(f"{PEOPLE}/una").text
    refused = sam.post(f"{PEOPLE}/una/link")
    assert refused.status_code == 403
    assert not LINK.search(refused.text)
    with pytest.raises(FederationError):
        come(hub, "leeds/una", "sam-as-una", sams)
    come(hub, "leeds/una", "una", invited.link.partition("link=")[2].partition("&")[0])
    assert hub.client("leeds/una").get("/admin/platform").status_code == 200, "the platform's own link does let her in"


@pytest.mark.parametrize("who", ["nia", "una"])
def test_those_with_rights_by_name_are_left_to_the_hub(hub: SignInWorld, who: str) -> None:
    """York's policy names Nia, the platform has Una: Leeds neither renames them nor puts them out; Ruth does."""
    if who == "una":
        come(hub, "leeds/una", "una")
        boss, crew = hub.client("york/ruth-adeyemi"), "/admin/platform/administrators"
        Sheet(boss.get(f"{crew}?q=una"), f"{crew}/add").send(boss)
    sam, ruth = hub.client("leeds/sam"), hub.client("york/ruth-adeyemi")
    page = sam.get(f"{PEOPLE}/{who}").text
    assert "holds rights beyond" in page
    assert "Suspend" not in page
    renamed = {"name": "Somebody Else", "email": "sam@leeds.example", "job": ""}
    acts = {"": renamed, "/status": {"status": "suspended"}, "/sessions": {}, "/link": {}}
    for path, fields in acts.items():
        answer = sam.post(f"{PEOPLE}/{who}{path}", data=fields)
        assert answer.status_code == (400 if path == "/link" and who == "una" else 403), path
    with hub.work() as uow:
        set_status(uow, hub.person(uow, f"leeds/{who}"), "suspended")
    assert sam.post(f"{PEOPLE}/{who}/status", data={"status": "active"}).status_code == 403
    assert sam.post(f"{PEOPLE}/{who}", data={"name": who.title(), "email": "", "job": "Clerk"}).status_code == 303
    assert ruth.post(f"{PEOPLE}/{who}/status", data={"status": "active"}).status_code == 303
    assert ruth.post(f"{PEOPLE}/{who}", data=renamed).status_code == 303


def test_somebody_with_whom_york_shared_leaves_at_once_and_comes_back_without_it(hub: SignInWorld) -> None:
    """Whoever leaves Leeds is out today, by Leeds; let in again, what York gave waits for the hub."""
    sam = hub.client("leeds/sam")
    assert sees(hub, "leeds/gil")
    gil = hub.client("leeds/gil")
    assert sam.post(f"{PEOPLE}/gil/status", data={"status": "left"}).status_code == 303
    assert gil.get("/").status_code == 303
    sam.post(f"{PEOPLE}/gil/status", data={"status": "active"})
    assert not sees(hub, "leeds/gil")
    assert "is not open to you for now" in hub.client("leeds/gil").get("/").text


def test_a_first_sign_in_by_leeds_word_leaves_waiting_what_york_gave_before(hub: SignInWorld) -> None:
    """Hal was given the merger before anybody knew who Hal is; Ruth confirms, and it is open."""
    hub.add_person("leeds/hal")
    hub.give("person:leeds/hal", "read", "york/merger")
    secret = LINK.findall(hub.client("leeds/sam").post(f"{PEOPLE}/hal/link").text)[0]
    come(hub, "leeds/hal", "hal", secret)
    assert not sees(hub, "leeds/hal")
    ruth = hub.client("york/ruth-adeyemi")
    assert "for you to confirm" in ruth.get("/").text
    page = ruth.get("/admin/platform/waiting").text
    assert "Hal" in page
    with hub.work() as uow:
        (hold,) = uow.session.scalars(select(Hold.id)).all()
    for stranger in ("leeds/sam", "leeds/hal", "york/yara"):
        client = hub.client(stranger)
        assert client.get("/admin/platform/waiting").status_code == 404
        assert client.post("/admin/platform/waiting/confirm", data={"hold": hold}).status_code == 404
    ruth.post("/admin/platform/waiting/confirm", data={"hold": hold})
    assert sees(hub, "leeds/hal")
    assert "Nothing waits" in ruth.get("/admin/platform/waiting").text


def test_what_an_organisation_changes_about_its_sign_in_waits_for_the_hub(hub: SignInWorld) -> None:
    """Another client id, other metadata, another address of keys: what York gave Gil waits. A new secret does not."""
    sam, ruth = hub.client("leeds/sam"), hub.client("york/ruth-adeyemi")

    def confirmed() -> int:
        with hub.work() as uow:
            found = uow.session.scalars(select(Hold.id).where(Hold.confirmed_at.is_(None))).all()
        for hold in found:
            ruth.post("/admin/platform/waiting/confirm", data={"hold": hold})
        return len(found)

    sam.post("/admin/leeds/issuer", data={"client_id": "hub", "secret": "new"})
    assert sees(hub, "leeds/gil"), "secrets expire, and say nothing of who somebody is"
    sam.post("/admin/leeds/issuer", data={"client_id": "another", "secret": "new"})
    assert not sees(hub, "leeds/gil")
    assert confirmed() == 1
    assert sees(hub, "leeds/gil")
    with hub.work() as uow:
        issuer = uow.session.scalars(select(Issuer).where(Issuer.issuer.contains("leeds"))).one()
        pin = Metadata.from_json(json.loads(issuer.pin))
        issuer.candidate = json.dumps(pin.to_json() | {"jwks_uri": "https://keys.mal.example/k"})
        issuer.drifted_at = uow.now
    with hub.work() as uow:
        mark = uow.session.get_one(Issuer, issuer.id).candidate_mark
    accept = Sheet(sam.get("/admin/leeds/issuer"), "/admin/leeds/issuer/accept")
    assert mark in str(accept.fields["seen"])
    answer = sam.post(accept.action, data=accept.fields, follow_redirects=True)
    assert "waits until the administrators of the hub" in answer.text
    assert not sees(hub, "leeds/gil")
    assert "keys.mal.example" in ruth.get("/admin/platform/waiting").text
    assert confirmed() == 1
    with hub.work() as uow:  # by itself, to another address on the same host; the keys behind an address may turn daily
        issuer = uow.session.get_one(Issuer, issuer.id)
        at = issuer.issuer
        issuer.pin = json.dumps(pin.to_json())
        moved = Metadata(at, f"{at}/a", f"{at}/t2", f"{at}/k", "", "", False, True, ("ES256",), ("none",))
        _compare(uow, issuer, moved)
    assert sees(hub, "leeds/gil"), "where tokens are fetched says nothing of who somebody is"
    with hub.work() as uow:
        moved = Metadata(at, f"{at}/a", f"{at}/t2", f"{at}/k2", "", "", False, True, ("ES256",), ("none",))
        _compare(uow, uow.session.get_one(Issuer, issuer.id), moved)
    assert not sees(hub, "leeds/gil")
    assert confirmed() == 1
    with hub.work() as uow:  # the operator's word needs nobody else's
        issuer = uow.session.get_one(Issuer, issuer.id)
        set_credentials(uow, hub.parts, issuer, "a third", "", by="platform")
        issuer.candidate = json.dumps(pin.to_json())
        accept_changes(uow, issuer, by="platform")
    assert confirmed() == 0
    assert sees(hub, "leeds/gil")


def test_a_firm_makes_nobody_its_guest(hub: SignInWorld) -> None:
    """Maria is York's guest and has not signed in: Acme's administrator gets no link to her, York did."""
    hub.add_organisation("acme", "allow,group:acme/administrators,administer,acme,any,any,-,Us", kind="supplier")
    hub.add_issuer("acme", "https://login.acme.example")
    hub.add_person("acme/boss", "acme/administrators")
    hub.add_person("acme/maria", kind="guest")
    boss = hub.client("acme/boss")
    assert boss.post("/admin/acme/people/maria/link").status_code == 403
    assert "Make a new sign-in link" not in boss.get("/admin/acme/people/maria").text
    assert hub.client("york/ruth-adeyemi").post("/admin/acme/people/maria/link").status_code == 200


def test_who_runs_the_hub_waits_like_anybody_and_the_operator_can_confirm(hub: SignInWorld) -> None:
    """York's own sign-in is changed by York's administrator: Ruth, of York, runs nothing until that is confirmed."""
    ruth = hub.client("york/ruth-adeyemi")
    hub.client("york/yara").post("/admin/york/issuer", data={"client_id": "another", "secret": ""})
    assert ruth.get("/admin/platform").status_code == 404
    assert "is not open to you for now" in ruth.get("/").text
    with hub.work() as uow:
        for hold, *_ in open_holds(uow.session):
            confirm(uow, hold)
    assert ruth.get("/admin/platform").status_code == 200
    with hub.work() as uow:
        assert uow.session.scalars(select(ExternalIdentity.subject)).all().count("ruth") == 1
