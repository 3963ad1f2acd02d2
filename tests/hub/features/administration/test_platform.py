"""Pat runs the whole hub in the browser; an administrator of one organisation finds none of it."""

from html import unescape
from re import findall, search

import pytest
from lxml import html
from sqlalchemy import event, select

from hub.access.models import PolicyText, SignedInSession
from hub.features.signin.models import ExternalIdentity, Issuer
from hub.ground.db import Database
from hub.nouns.organisations.models import Organisation, OrganisationDomain
from tests.hub.features.administration.test_guests import agreed
from tests.hub.features.administration.test_looking_after import all_of, members
from tests.hub.features.signin.browser import HUB, SignInWorld
from tests.hub.features.signin.conftest import world
from tests.hub.sheets import Sheet
from tests.peers.hostile import HostileIssuer

__all__ = ["world"]
PAGES = (
    "",
    "/organisations/add",
    "/organisations/leeds",
    "/organisations/leeds/block",
    "/administrators",
    "/services",
    "/services/housing",
)
ACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/organisations/add", {"name": "Bradford", "kind": "council"}),
    ("/organisations/york/domains", {"domains": "leeds.gov.uk"}),
    ("/organisations/leeds/invite", {"name": "Mallory"}),
    ("/organisations/york/block", {"sure": "yes"}),
    ("/services", {"name": "Parking"}),
    ("/services/housing", {"do": "retire"}),
    ("/administrators/add", {"person": "leeds/sam"}),
    ("/administrators/remove", {"person": "york/pat"}),
)
NEW = {"name": "Bradford Council", "slug": "", "kind": "council", "contact": "", "domains": "", "issuer": ""}


def make_pat(town: SignInWorld) -> None:
    """Pat of York runs the hub."""
    from acl.directory import ROOT
    from hub.access.models import Place
    from hub.features.administration.service import administrators_of
    from hub.features.policies.service import adopt_platform_default
    from hub.nouns.people.service import add_member

    town.add_person("york/pat", name="Pat")
    with town.work() as uow:
        adopt_platform_default(uow)
        group = administrators_of(uow, uow.session.get_one(Place, ROOT))
        add_member(uow, group, town.person(uow, "york/pat"))


@pytest.fixture
def hub(town: SignInWorld) -> SignInWorld:
    """The town, run by Pat of York."""
    make_pat(town)
    return town


@pytest.mark.parametrize("who", ["leeds/sam", "leeds/ann", "leeds/gus"])
def test_whoever_does_not_run_the_hub_finds_none_of_it(hub: SignInWorld, who: str) -> None:
    """N-30: not even an administrator of an organisation."""
    hub.add_person("leeds/gus", kind="guest")
    client = hub.client(who)
    nothing = client.get("/no/such/page")
    for page in (*PAGES, "/organisations/atlantis"):
        answer = client.get(f"/admin/platform{page}")
        assert (answer.status_code, answer.data) == (404, nothing.data), page
    for act, fields in ACTS:
        answer = client.post(f"/admin/platform{act}", data=fields)
        assert (answer.status_code, answer.data) == (404, nothing.data), act
    assert len(all_of(hub, Organisation)) == 2
    assert members(hub, "platform/administrators") == {"york/pat"}
    assert "/admin/platform" not in client.get("/admin/leeds").text


def test_pat_opens_every_page_in_few_queries(hub: SignInWorld, database: Database) -> None:
    """At most 15, whatever the number of organisations."""
    for number in range(60):
        hub.add_organisation(f"council-{number}")
    pat = hub.client("york/pat")
    pat.get("/admin/platform")
    for page in (*PAGES, "?page=2&q=council", "/administrators?q=a"):
        said: list[str] = []

        def note(*call: object, said: list[str] = said) -> None:
            said.append(str(call[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        answer = pat.get(f"/admin/platform{page}")
        event.remove(database.engine, "before_cursor_execute", note)
        assert answer.status_code == 200, page
        assert len([statement for statement in said if statement.startswith("SELECT")]) <= 15, (page, said)
    assert "51 to 62 of 62" in pat.get("/admin/platform?page=2&q=council").text
    assert 'href="/admin/platform"' in pat.get("/admin/york").text


def test_pat_adds_an_organisation_whose_issuer_is_reached_first(world: SignInWorld, hostile: HostileIssuer) -> None:
    """The redirect address of the form is the issuer's; the secret is kept sealed, and never shown again."""
    world.add_organisation("york")
    make_pat(world)
    world.app.config["WTF_CSRF_ENABLED"] = False
    pat = world.client("york/pat")
    blank = pat.get("/admin/platform/organisations/add").text
    redirect = unescape(search(r'id="redirect" value="([^"]+)"', blank)[1])  # type: ignore[index]
    reserved = search(r'name="reserved" value="(\w+)"', blank)[1]  # type: ignore[index]
    sent = NEW | {
        "reserved": reserved,
        "issuer": "https://nowhere.invalid",
        "client_id": "hub",
        "secret": "s3cret-s3cret",
    }
    sent["domains"] = "bradford.gov.uk, BRADFORD.example\n"
    refused = pat.post("/admin/platform/organisations/add", data=sent | {"do": "add"})
    assert refused.status_code == 422
    assert "cannot be used" in refused.text
    assert "s3cret" not in refused.text
    assert len(all_of(world, Organisation)) == 1
    sent["issuer"] = hostile.issuer
    assert "The issuer answers" in pat.post("/admin/platform/organisations/add", data=sent | {"do": "test"}).text
    assert len(all_of(world, Organisation)) == 1, "a test adds nothing"
    done = pat.post("/admin/platform/organisations/add", data=sent | {"do": "add"})
    assert (done.status_code, done.location) == (303, "/admin/platform/organisations/bradford-council")
    issuer = next(row for row in all_of(world, Issuer))
    assert redirect == f"{HUB}/sign-in/callback/{issuer.id}"
    assert "s3cret" not in issuer.secret
    assert world.parts.keys.decrypt(issuer.secret) == "s3cret-s3cret"
    assert {row.domain for row in all_of(world, OrganisationDomain)} == {"bradford.gov.uk", "bradford.example"}
    for page in (done.location, "/admin/bradford-council/issuer"):
        assert "s3cret" not in pat.get(page).text
    with world.parts.database.reading() as session:
        assert "bradford-council" in session.get_one(PolicyText, "organisations/bradford-council.csv").text


def test_its_first_administrator_comes_by_the_link_of_the_page(world: SignInWorld, hostile: HostileIssuer) -> None:
    world.join_hostile("leeds", hostile)
    world.add_organisation("york")
    make_pat(world)
    with world.work() as uow:
        from hub.features.policies.service import adopt_default

        adopt_default(uow, world.place(uow, "leeds"), "test")
    world.app.config["WTF_CSRF_ENABLED"] = False
    pat = world.client("york/pat")
    assert pat.post("/admin/platform/organisations/leeds/invite", data={"name": ""}).status_code == 422
    shown = pat.post("/admin/platform/organisations/leeds/invite", data={"name": "Lena Holt", "email": ""})
    assert "lasts 24 hours" in shown.text
    link = unescape(findall(r"http://localhost:8000/sign-in\?link=[^<\s]+", shown.text)[0])
    hostile.behaviour.subject = "lena"
    lena = world.browser()
    assert lena.sign_in("leeds", link.removeprefix(HUB)).location == "/admin/leeds"
    assert members(world, "leeds/administrators") == {"leeds/lena-holt"}
    assert lena.get("/admin/platform").status_code == 404


def test_a_mail_domain_is_one_organisations(hub: SignInWorld) -> None:
    """Validated, unique, and refused with the name of whose it is; nothing of the refused form is kept."""
    pat, here = hub.client("york/pat"), "/admin/platform/organisations/{}/domains"
    assert pat.post(here.format("leeds"), data={"domains": "Leeds.gov.uk\nmail.leeds.gov.uk"}).status_code == 303
    for typed, words in (
        ("york.gov.uk leeds.gov.uk", "leeds.gov.uk belongs to Leeds City Council already"),
        ("york", "is not a mail domain"),
        ("pat@york.gov.uk", "is not a mail domain"),
        ("10.0.0.1", "is not a mail domain"),
        ("-york.gov.uk", "is not a mail domain"),
        ("x" * 64 + ".uk", "is not a mail domain"),
    ):
        refused = pat.post(here.format("york"), data={"domains": typed})
        assert refused.status_code == 422
        assert words in unescape(refused.text), typed
    assert {row.domain for row in all_of(hub, OrganisationDomain)} == {"leeds.gov.uk", "mail.leeds.gov.uk"}
    assert pat.post(here.format("leeds"), data={"domains": "leeds.gov.uk"}).status_code == 303
    assert pat.post(here.format("york"), data={"domains": "mail.leeds.gov.uk"}).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("name", "", "full name"), ("slug", "Leeds!", "cannot be part of an address"),
     ("slug", "leeds", "already a place"), ("slug", "platform", "a word of the hub’s own addresses"),
     ("kind", "empire", "Select what it is"),
     ("domains", "nonsense", "is not a mail domain"), ("issuer", "login.example", "begins with https"),
     ("client_id", "hub", "to which these belong"), ("name", "x" * 201, "at most 200")],
)  # fmt: skip
def test_what_cannot_be_added_is_said_beside_its_field(hub: SignInWorld, field: str, value: str, words: str) -> None:
    answer = hub.client("york/pat").post("/admin/platform/organisations/add", data=NEW | {field: value, "do": "add"})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert len(all_of(hub, Organisation)) == 2


def test_a_blocked_organisation_is_out_with_the_next_click_and_can_be_let_in_again(hub: SignInWorld) -> None:
    """D-GU 84: its guests too, in one act; the old sessions do not come to life again."""
    hub.add_organisation("acme", kind="supplier")
    hub.add_person("acme/maria", kind="guest")
    hub.add_person("acme/max")
    maria, other, pat = hub.client("acme/maria"), hub.client("acme/max"), hub.client("york/pat")
    assert maria.get("/").status_code == 200
    here = "/admin/platform/organisations/acme"
    assert "1 member of staff and 1 guest" in pat.get(f"{here}/block").text
    assert "2 open sessions end at once" in pat.get(f"{here}/block").text
    for sent in ({}, {"sure": "yes"}):
        assert "1 member of staff and 1 guest" in pat.post(f"{here}/block", data=sent).text, "first one is asked"
    assert maria.get("/").status_code == 200
    assert agreed(pat, f"{here}/block", {}).status_code == 303
    assert "2 sessions have ended" in pat.get(here).text
    for client in (maria, other, hub.client("acme/maria")):
        assert client.get("/").status_code == 303
    assert pat.get("/").status_code == 200
    assert pat.post(f"{here}/block", data={"again": "yes"}).status_code == 303
    assert maria.get("/").status_code == 303
    assert hub.client("acme/maria").get("/").status_code == 200
    assert agreed(pat, "/admin/platform/organisations/york/block", {}).status_code == 400, "one's own"
    ended = [row for row in all_of(hub, SignedInSession) if row.ended_at]
    assert len(ended) == 2


def test_the_blocked_cannot_sign_in(world: SignInWorld, hostile: HostileIssuer) -> None:
    world.join_hostile("leeds", hostile)
    world.expect("leeds/ann", "ann")
    world.add_organisation("york")
    make_pat(world)
    world.app.config["WTF_CSRF_ENABLED"] = False
    pat = world.client("york/pat")
    agreed(pat, "/admin/platform/organisations/leeds/block", {})
    world.app.config["WTF_CSRF_ENABLED"] = True
    assert world.browser().sign_in("leeds").status_code == 403
    world.app.config["WTF_CSRF_ENABLED"] = False
    pat.post("/admin/platform/organisations/leeds/block", data={"again": "yes"})
    world.app.config["WTF_CSRF_ENABLED"] = True
    assert world.browser().sign_in("leeds").status_code == 303


def test_the_last_who_runs_the_hub_stays(hub: SignInWorld) -> None:
    """D-PO 70: not taken out, nor suspended by an administrator of their organisation, who may not at all."""
    pat, yara = hub.client("york/pat"), hub.client("york/yara")
    assert pat.post("/admin/platform/administrators/remove", data={"person": "york/pat"}).status_code == 400
    assert yara.post("/admin/york/people/pat/status", data={"status": "suspended"}).status_code == 403
    assert pat.post("/admin/york/people/pat/status", data={"status": "suspended"}).status_code == 400
    assert pat.get("/admin/platform").status_code == 200
    has_signed_in(hub, "leeds/sam")
    crew = "/admin/platform/administrators"
    assert Sheet(pat.get(f"{crew}?q=sam"), f"{crew}/add").send(pat).status_code == 303
    sam = hub.client("leeds/sam")
    assert sam.get("/admin/platform").status_code == 200
    assert yara.post("/admin/york/people/pat/status", data={"status": "left"}).status_code == 403
    assert sam.post("/admin/york/people/pat/status", data={"status": "left"}).status_code == 303
    assert hub.client("york/pat").get("/").status_code == 303
    assert members(hub, "platform/administrators") == {"york/pat", "leeds/sam"}


def has_signed_in(hub: SignInWorld, handle: str) -> None:
    """Let somebody be known by an identity: nobody else can be made an administrator of the hub."""
    with hub.work() as uow:
        person = hub.person(uow, handle)
        issuer = uow.session.scalar(select(Issuer).where(Issuer.organisation_id == person.organisation_id))
    own = issuer.id if issuer else hub.add_issuer(handle.partition("/")[0], "https://login.example")
    with hub.work() as uow:
        who = {"id": "identity", "person_id": person.id, "issuer_id": own, "issuer": "https://login.example"}
        when = {"created_at": uow.now, "last_seen_at": uow.now}
        uow.session.add(ExternalIdentity(**who, subject=handle, bound_by="link", **when))


def test_an_organisation_without_an_issuer_is_given_one_and_new_credentials_later(
    world: SignInWorld, hostile: HostileIssuer
) -> None:
    """The redirect address is told before there is an issuer, and is the one that it gets."""
    world.add_organisation("york")
    make_pat(world)
    world.app.config["WTF_CSRF_ENABLED"] = False
    pat = world.client("york/pat")
    pat.post("/admin/platform/organisations/add", data=NEW | {"do": "add"})
    here = "/admin/bradford-council/issuer"
    told = unescape(search(r'id="redirect" value="([^"]+)"', pat.get(here).text)[1])  # type: ignore[index]
    sent = {"issuer": hostile.issuer, "client_id": "hub", "secret": "first", "do": "add"}
    assert pat.post(here, data=sent | {"issuer": ""}).status_code == 422
    assert pat.post(here, data=sent).status_code == 303
    with world.parts.database.reading() as session:
        row = session.scalars(select(Issuer)).one()
    assert told == f"{HUB}/sign-in/callback/{row.id}"
    assert pat.post(here, data={"client_id": "hub-2", "secret": "second"}).status_code == 303
    with world.parts.database.reading() as session:
        row = session.scalars(select(Issuer)).one()
    assert (row.client_id, world.parts.keys.decrypt(row.secret), row.issuer) == ("hub-2", "second", hostile.issuer)


def test_two_who_administer_do_not_overwrite_each_other_unseen(hub: SignInWorld) -> None:
    """Mail domains, how a person is shown, the issuer, whom a block keeps out: each form is about what it showed."""
    hub.add_organisation("acme", kind="supplier")
    pat, yara = hub.client("york/pat"), hub.client("york/yara")
    here, person = "/admin/platform/organisations/acme", "/admin/york/people/pam"
    hub.add_person("york/pam")
    seal = seal_of(pat.get(here).text, f"{here}/domains")
    assert pat.post(f"{here}/domains", data={"domains": "acme.example", "seen": seal}).status_code == 303
    refused = pat.post(f"{here}/domains", data={"domains": "acme.test", "seen": seal})
    assert refused.status_code == 422
    assert "somebody changed them meanwhile, they are acme.example now" in refused.text
    assert "acme.test" in refused.text, "what was typed stays"
    seal = seal_of(yara.get(person).text, person)
    assert yara.post(person, data={"name": "Pam Lee", "job": "Clerk", "seen": seal}).status_code == 303
    refused = yara.post(person, data={"name": "Patricia", "seen": seal})
    assert refused.status_code == 422
    assert "this was changed meanwhile, to Pam Lee, Clerk" in refused.text
    seal = seal_of(pat.get("/admin/platform/organisations/acme/block").text, f"{here}/block")
    hub.add_person("acme/max")
    assert "It keeps out 1 member of staff" in pat.post(f"{here}/block", data={"seen": seal}).text


def test_a_button_is_pressed_only_for_whom_it_was_shown_with(hub: SignInWorld) -> None:
    """Suspended, put into a group, made an administrator of the hub or taken out: each as they were shown."""
    pat, yara = hub.client("york/pat"), hub.client("york/yara")
    hub.add_person("york/pam", "york/drains", name="Pam Lee")
    hub.add_person("york/max", "platform/administrators", name="Max Ray")
    has_signed_in(hub, "york/pam")
    here, group, crew = "/admin/york/people/pam", "/admin/york/groups/drains", "/admin/platform/administrators"
    pages = {
        f"{here}/status": (yara, here),
        f"{group}/add": (yara, f"{group}?q=max"),
        f"{crew}/add": (pat, f"{crew}?q=pam"),
        f"{crew}/remove": (pat, crew),
    }
    shown = {action: form_to(who.get(page).text, action, "Suspend") for action, (who, page) in pages.items()}
    before = (members(hub, "york/drains"), members(hub, "platform/administrators"))
    with hub.work() as uow:
        for handle in ("york/pam", "york/max"):
            hub.person(uow, handle).name = f"Not {handle}"
    for action, (who, _) in pages.items():
        answer = who.post(action, data=shown[action])
        told = who.get(answer.location) if answer.status_code == 303 else answer
        said = " ".join(html.fromstring(told.text).text_content().split())
        assert "Nothing was done yet. This was changed meanwhile, to Not york/" in said, action
    assert (members(hub, "york/drains"), members(hub, "platform/administrators")) == before
    for action, (_, page) in reversed(pages.items()):  # by Pat: of those who run the hub Yara may change nothing
        assert pat.post(action, data=form_to(pat.get(page).text, action, "Suspend")).status_code == 303
    assert members(hub, "york/drains") == {"york/pam", "york/max"}
    assert members(hub, "platform/administrators") == {"york/pat", "york/pam"}
    assert "is suspended, and is out" in pat.get(here).text


def form_to(page: str, action: str, button: str = "") -> dict[str, str]:
    """What a form of a page sends: the one with this button, where there are some to that address."""
    forms = [form for form in html.fromstring(page).iter("form") if form.get("action") == action]
    named = [form for form in forms if button in form.text_content()]
    return dict((named or forms)[-1].form_values())


def seal_of(page: str, action: str) -> str:
    """What a form of a page sends back of what it showed."""
    form = next(form for form in html.fromstring(page).iter("form") if form.get("action") == action)
    return str(dict(form.form_values())["seen"])
