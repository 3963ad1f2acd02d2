"""Sharing one document from its page: with a person, a guest, a group, an organisation; changed, ended, undone."""

from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Grant
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from search.embedded import EmbeddedEngine
from tests.hub.features.sharing.conftest import agree, settled
from tests.hub.mail.conftest import MailWorld
from tests.hub.world import World, make_parts

WORD = "hydrangea"


def words(page: TestResponse) -> str:
    """What the main part of a page says."""
    return " ".join(" ".join(html.fromstring(page.text).xpath("//main")[0].itertext()).split())


@pytest.fixture
def plan(town: World) -> str:
    """A plan in the private housing space, which Mo and Lee manage: nobody else reads it."""
    town.add_person("leeds/pat", "leeds/planners")
    town.give("person:leeds/lee", "manage", "leeds/housing")
    return town.add_document("leeds/housing", "Plan", f"The word is {WORD}.", owner="person:leeds/mo")


def here(document: str) -> str:
    return f"/share/document/{document.removeprefix('doc:')}"


def page_of(document: str) -> str:
    return f"/documents/{document.removeprefix('doc:')}"


def opened(client: FlaskClient, document: str, who: str) -> dict[str, str]:
    """The form for somebody, as it is shown."""
    page = client.get(f"{here(document)}/add?who={quote(who)}")
    assert page.status_code == 200
    form = html.fromstring(page.text).xpath("//main//form[.//input[@name='who']]")[0]
    return {name: value or "" for name, value in form.form_values()}


def sent(client: FlaskClient, document: str, who: str, **typed: str) -> TestResponse:
    """What comes of the form, filled in."""
    shown = opened(client, document, who)
    return client.post(f"{here(document)}/add", data=shown | {"role": "reader", "reason": "To check it"} | typed)


def shared(client: FlaskClient, document: str, who: str, **typed: str) -> TestResponse:
    """The same, agreed to; the list that comes then."""
    answer = settled(client, sent(client, document, who, **typed))
    assert answer.status_code == 303, words(answer)
    return client.get(answer.headers["Location"])


def on(world: World, document: str) -> list[Grant]:
    """What is given on a document now."""
    with world.parts.database.reading() as session:
        wanted = select(Grant).where(Grant.node == document, Grant.ended_at.is_(None))
        return list(session.scalars(wanted.order_by(Grant.created_at, Grant.id)))


def press(client: FlaskClient, page: TestResponse, button: str) -> TestResponse:
    """Press a button of a page."""
    found = html.fromstring(page.text).xpath(f"//main//form[.//button[contains(normalize-space(), '{button}')]]")[0]
    return settled(client, client.post(found.action, data=dict(found.form_values())))


def test_mo_shares_a_plan_with_bo_until_a_day_and_each_is_told(town: World, plan: str) -> None:
    """Found from the page; counted before; Bo finds it by search and on home, and reads why; then it is over."""
    mo, bo = town.client("leeds/mo"), town.client("york/bo")
    town.index_all()
    assert bo.get(page_of(plan)).status_code == 404
    assert f'href="{here(plan)}"' in mo.get(page_of(plan)).text
    assert "Nobody is found by that name" in words(mo.get(f"{here(plan)}?find=bo")), "he sees nobody of York yet"
    town.set_policy("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,York is open")
    found = html.fromstring(mo.get(f"{here(plan)}?find=bo").text)
    offer = found.xpath("//a[contains(., 'Share with')]/@href")
    assert offer == [f"{here(plan)}/add?who=person%3Ayork%2Fbo"]
    asked = sent(mo, plan, "person:york/bo", until="31/12/2026")
    assert "This shows 1 document to 1 person in 1 organisation" in words(asked)
    assert on(town, plan) == [], "nothing is given before it is agreed to"
    assert agree(mo, asked).status_code == 303
    listed = words(mo.get(here(plan)))
    assert "Bo of York can see it now, as reader." in listed or "can see it now, as reader." in listed
    assert "31 Dec 2026" in listed
    assert "To check it" in listed
    assert "until 31 Dec 2026" in words(mo.get(page_of(plan))).partition("Shared")[2].partition("With whom")[0]
    assert f'href="{here(plan)}"' not in bo.get(page_of(plan)).text, "a reader is told of nobody else"
    assert WORD in bo.get(page_of(plan)).text
    assert "Plan" in words(bo.get(f"/search?q={WORD}"))
    assert "Plan" in words(bo.get("/"))
    why = words(bo.get(page_of(plan))).partition("Why can I see this?")[2]
    assert "until 31 December 2026" in why, why
    with town.parts.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.object == f"grants:{on(town, plan)[0].id}"))
        assert list(acts) == ["grant:give"]
    town.parts.clock.move(days=400)
    assert town.client("york/bo").get(page_of(plan)).status_code == 404
    assert "What is over" in words(town.client("leeds/mo").get(here(plan)))


@pytest.mark.parametrize(
    ("who", "reads"),
    [("group:leeds/planners", "leeds/pat"), ("org:leeds", "leeds/ann"), ("person:leeds/ann", "leeds/ann")],
)
def test_a_person_a_group_an_organisation_and_back(town: World, plan: str, who: str, reads: str) -> None:
    """Whoever is named reads it on their next request; ended, they do not; each is undone by one press."""
    lee, reader = town.client("leeds/lee"), town.client(reads)
    listed = shared(lee, plan, who, reason="")
    assert reader.get(page_of(plan)).status_code == 200
    assert press(lee, listed, "Undo").status_code == 303
    assert reader.get(page_of(plan)).status_code == 404
    listed = shared(lee, plan, who, reason="")
    assert press(lee, listed, "Remove").status_code == 303
    assert reader.get(page_of(plan)).status_code == 404
    back = lee.get(here(plan))
    assert press(lee, back, "Undo").status_code == 303
    assert reader.get(page_of(plan)).status_code == 200


def test_a_role_is_changed_in_its_place_and_nobody_is_made_manager_here(town: World, plan: str) -> None:
    mo, ann = town.client("leeds/mo"), town.client("leeds/ann")
    shared(mo, plan, "person:leeds/ann")
    assert ann.get(f"{page_of(plan)}/edit").status_code == 403
    shared(mo, plan, "person:leeds/ann", role="editor")
    assert [grant.can for grant in on(town, plan)] == ["edit"]
    assert ann.get(f"{page_of(plan)}/edit").status_code == 200
    refused = sent(mo, plan, "person:leeds/ann", role="manager")
    assert refused.status_code == 422
    assert "Select a role" in words(refused)
    assert ann.get(here(plan)).status_code == 403, "an editor shares nothing"


def test_a_guest_is_offered_only_where_the_organisation_admits_them(town: World, plan: str) -> None:
    """Not before Leeds admitted Gus; then with a last day and a reason; not once that is over."""
    town.set_policy("acme", "allow,all-staff,read,acme,up to OFFICIAL,published,-,Acme is open")
    mo, gus = town.client("leeds/mo"), town.client("acme/gus")
    absent = mo.get(f"{here(plan)}/add?who=guest:acme/nobody")
    assert "Gus" not in words(mo.get(f"{here(plan)}?find=gus")).partition("Nobody is found")[0].partition("Find")[2]
    refused = mo.get(f"{here(plan)}/add?who=guest:acme/gus")
    assert (refused.status_code, refused.data) == (404, absent.data)
    assert mo.post(f"{here(plan)}/add", data={"who": "guest:acme/gus", "role": "reader"}).status_code == 404
    town.add_space("leeds/tenders")
    town.give("guest:acme/gus", "read", "leeds/tenders", source="guest", until=date(2026, 12, 31))
    assert "guest%3Aacme%2Fgus" in mo.get(f"{here(plan)}?find=gus").text
    town.give("person:york/bo", "manage", plan, source="share")
    assert "guest%3Aacme%2Fgus" not in town.client("york/bo").get(f"{here(plan)}?find=gus").text, "not York's business"
    refused = sent(mo, plan, "guest:acme/gus", until="", reason="")
    assert "Enter the last day" in words(refused)
    assert "Enter a reason" in words(refused)
    shared(mo, plan, "guest:acme/gus", until="31/12/2026")
    assert WORD in gus.get(page_of(plan)).text
    assert sorted(grant.source for grant in on(town, plan)) == ["guest", "share"]
    assert town.client("york/bo").get(f"{here(plan)}/add?who=guest:acme/gus").status_code == 200, "named to him here"


def test_what_would_not_be_seen_is_not_shared(town: World, plan: str) -> None:
    """A draft with a reader; a document with one whom a line keeps out: in words, and nothing typed is lost."""
    mo, lee = town.client("leeds/mo"), town.client("leeds/lee")
    town.add_space("leeds/tenders", "restricted")
    draft = town.add_document("leeds/tenders", "Draft", "Text.", state="draft")
    refused = sent(lee, draft, "person:leeds/ann", reason="Look at it early")
    assert refused.status_code == 422
    assert "this is a draft: publish it, or choose Editor" in words(refused)
    assert 'value="Look at it early"' in refused.text
    shared(lee, draft, "person:leeds/ann", role="editor")
    assert town.client("leeds/ann").get(page_of(draft)).status_code == 200
    town.set_policy(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
        "deny,person:leeds/dee,read,leeds/housing,any,any,-,Not her",
    )
    refused = sent(mo, plan, "person:leeds/dee")
    assert refused.status_code == 422
    assert "a line of policy keeps it from them" in words(refused)
    assert on(town, plan) == []


def test_whoever_does_not_manage_it_shares_nothing_and_strangers_learn_nothing(town: World, plan: str) -> None:
    """Each address: a reader is refused; to whoever may not see it, it is as absent as what never was."""
    town.give("person:leeds/ann", "read", plan, source="share")
    kept = on(town, plan)[0].id
    tries = {
        "": ("get", {}),
        "/add?who=org:york": ("get", {}),
        "/add": ("post", {"who": "org:york", "role": "reader", "reason": "Mine"}),
        "/remove": ("post", {"grant": kept}),
        "/undo": ("post", {"end": kept, "back": ""}),
    }
    for path, (method, data) in tries.items():
        answers = {}
        for who in ("leeds/ann", "york/bo", "acme/gus"):
            client = town.client(who)
            send = getattr(client, method)
            answers[who] = send(f"{here(plan)}{path}", data=data)
            absent = send(f"/share/document/d00000000000{path}", data=data)
            if who != "leeds/ann":
                assert answers[who].status_code == absent.status_code == 404, (who, path)
                assert answers[who].data == absent.data, (who, path)
        assert answers["leeds/ann"].status_code == 403, path
    assert [grant.id for grant in on(town, plan)] == [kept]


def test_what_was_shown_is_what_is_shared(town: World, plan: str) -> None:
    """Marked anew, or given by somebody else while Mo's form is open: nothing is done, and he is told what changed."""
    mo, lee = town.client("leeds/mo"), town.client("leeds/lee")
    shown = opened(mo, plan, "person:leeds/ann") | {"role": "reader", "reason": "x"}
    town.mark(plan, "OFFICIAL-SENSITIVE", "published")
    told = mo.post(f"{here(plan)}/add", data=shown)
    assert told.status_code == 409
    assert "It is marked OFFICIAL-SENSITIVE now." in words(told)
    shown = opened(mo, plan, "person:leeds/ann") | {"role": "reader", "reason": "x"}
    asked = mo.post(f"{here(plan)}/add", data=shown)
    shared(lee, plan, "person:leeds/ann", role="editor")
    told = agree(mo, asked)
    assert "is editor of it now." in words(told)
    assert [grant.can for grant in on(town, plan)] == ["edit"]
    other = mo.get(here(plan))
    town.mark(plan, "OFFICIAL", "published")
    form = html.fromstring(other.text).xpath("//main//form[.//button[contains(., 'Remove')]]")[0]
    told = mo.post(form.action, data=dict(form.form_values()))
    assert "It is marked OFFICIAL now." in words(told)
    assert len(on(town, plan)) == 1


def test_mo_cannot_lose_by_a_slip_what_he_could_not_take_back(town: World) -> None:
    """He manages a plan by what was given him on it alone."""
    town.add_space("leeds/legal", "private")
    plan = town.add_document("leeds/legal", "Case", "Text.")
    town.give("person:leeds/mo", "manage", plan, source="share")
    mo = town.client("leeds/mo")
    page = mo.get(here(plan))
    form = html.fromstring(page.text).xpath("//main//form[.//button[contains(., 'Remove')]]")[0]
    answer = mo.post(form.action, data=dict(form.form_values()))
    assert answer.status_code == 409
    assert "You would not manage this any more" in words(answer)
    assert len(on(town, plan)) == 1


def test_a_letter_says_that_there_is_a_document_and_not_which(database: Database, tmp_path: Path) -> None:
    """Ann is written to; where Mo shares it with himself or a council, nobody is."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        town = MailWorld(make_parts(database, engine, tmp_path))
        town.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
                              name="Leeds City Council")  # fmt: skip
        for handle in ("leeds/ann", "leeds/mo"):
            town.add_person(handle, name=handle.partition("/")[2].title())
        town.add_space("leeds/merger", "private")
        town.give("person:leeds/mo", "manage", "leeds/merger")
        plan = town.add_document("leeds/merger", "Plan", "Text.")
        town.app.config["WTF_CSRF_ENABLED"] = False
        mo = town.client("leeds/mo")
        shared(mo, plan, "person:leeds/ann")
        shared(mo, plan, "org:leeds")
        (letter,) = town.letters()
        assert (letter.address, letter.link) == ("ann@leeds.example", page_of(plan))
        assert letter.lines == "Mo of Leeds City Council has given you access to a document in the hub."
