"""The overview of a space: its cover, what is pinned there, who manages it, what is new; each reader is judged."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from hub.access.models import Place
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import World

POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
)


def the_town(world: World) -> None:
    """Leeds, whose housing Mo manages, with a folder; Ann reads; Bo of York sees that it exists."""
    world.add_organisation("leeds", *POLICY)
    world.add_organisation("york", "allow,org:york,read,york,any,published,-,Staff")
    for handle in ("leeds/mo", "leeds/ann", "york/bo"):
        world.add_person(handle, name=handle.partition("/")[2].capitalize())
    world.add_space("leeds/housing", "restricted", name="Housing")
    world.add_folder("leeds/housing/plans", name="Plans")
    world.give("person:leeds/mo", "manage", "leeds/housing")


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == path)).one()


def tabs(browser: FlaskClient, address: str) -> dict[str, str]:
    page = html.fromstring(browser.get(address).text)
    return {a.text: a.get("href") for a in page.xpath("//ul[contains(@class, 'hub-tabs--line')]//a")}


def main(browser: FlaskClient, address: str = "/places/leeds/housing") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def test_a_space_has_the_tabs_that_its_reader_may_open_and_each_is_there(town: World) -> None:
    """Mo manages it, Ann reads it, Bo sees its page alone; a folder's files are its page."""
    town.add_document("leeds/housing", "Plan")
    mo, ann, bo = (town.client(who) for who in ("leeds/mo", "leeds/ann", "york/bo"))
    assert list(tabs(mo, "/places/leeds/housing")) == ["Overview", "Talk", "Files", "People", "Settings"]
    assert list(tabs(ann, "/places/leeds/housing")) == ["Overview", "Talk", "Files"]
    assert tabs(bo, "/places/leeds/housing") == {}
    for name, href in tabs(mo, "/places/leeds/housing").items():
        page = html.fromstring(mo.get(href).text)
        assert page.xpath("//ul[contains(@class, 'hub-tabs')]//a[@aria-current='page']/text()") == [name]
        assert list(tabs(mo, href)) == ["Overview", "Talk", "Files", "People", "Settings"]
    assert list(tabs(mo, "/places/leeds/housing/plans")) == ["Files", "People", "Settings"]
    assert tabs(ann, "/places/leeds/housing/plans") == {}
    for who in (ann, bo):
        assert who.get(f"/settings/{place_id(town, 'leeds/housing')}").status_code == 403


def test_addresses_of_old_lists_lead_to_where_the_files_are_now(town: World) -> None:
    housing, plans = place_id(town, "leeds/housing"), place_id(town, "leeds/housing/plans")
    town.add_document("leeds/housing", "Plan")
    ann, bo = town.client("leeds/ann"), town.client("york/bo")
    assert ann.get("/places/leeds/housing?page=2").location == f"/files/{housing}?page=2"
    assert ann.get(f"/files/{plans}?sort=owner").location == "/places/leeds/housing/plans?sort=owner"
    assert bo.get(f"/files/{housing}").location == "/places/leeds/housing"


def test_a_cover_text_is_a_draft_first_and_then_what_readers_see(town: World) -> None:
    mo, ann = town.client("leeds/mo"), town.client("leeds/ann")
    begun = Sheet(mo.get("/places/leeds/housing"), "/cover/").send(mo)
    assert begun.status_code == 303
    assert begun.location.endswith("/edit")
    own = begun.location.split("/")[2]
    town.revise(f"doc:{own}", "About Housing", "We look after **homes**.")
    assert "We look after homes" in main(mo)
    assert "Draft" in main(mo)
    assert "We look after homes" not in main(ann)
    town.mark(f"doc:{own}")
    assert "We look after homes" in main(ann)
    assert "Edit the cover text" not in main(ann)
    assert "Edit the cover text" in main(mo)
    town.mark(f"doc:{own}", "OFFICIAL-SENSITIVE")
    assert "We look after homes" not in main(ann)
    with town.parts.database.reading() as session:
        assert session.get_one(Document, own).title == "About Housing"


def test_what_is_pinned_shows_to_those_who_may_read_it_and_while_it_lies_in_the_space(town: World) -> None:
    housing = place_id(town, "leeds/housing")
    for n in range(8):  # newer than what is pinned, so that it is not among the latest changes
        town.add_document("leeds/housing", f"Newer {n}")
    plan, secret = (
        town.add_document("leeds/housing/plans", title, owner="person:leeds/mo", marking=marking)
        for title, marking in (("Flood plan", "OFFICIAL"), ("Merger", "OFFICIAL-SENSITIVE"))
    )
    town.add_space("leeds/attic")
    mo, ann = town.client("leeds/mo"), town.client("leeds/ann")
    for node in (plan, secret):
        page = f"/documents/{node.removeprefix('doc:')}"
        assert Sheet(mo.get(page), f"/pins/{housing}").send(mo).status_code == 303
        town.parts.clock.move(minutes=1)  # type: ignore[attr-defined]  # the tests' clock

    def pinned(browser: FlaskClient) -> list[str]:
        page = html.fromstring(browser.get("/places/leeds/housing").text)
        return page.xpath("//section[@aria-labelledby='pinned']//li//a/text()")

    assert pinned(mo) == ["Flood plan", "Merger"]
    assert pinned(ann) == ["Flood plan"]
    assert "/pins/" not in ann.get("/places/leeds/housing").text
    assert "/pins/" not in ann.get(f"/documents/{plan.removeprefix('doc:')}").text
    cover = mo.post(f"/pins/{housing}", data={"thing": plan, "on": "cover"})
    assert cover.status_code == 303
    assert pinned(ann) == []
    mo.post(f"/pins/{housing}", data={"thing": plan, "on": "yes"})
    town.move(plan, "leeds/attic")
    assert pinned(ann) == []
    gone = mo.post(f"/pins/{housing}", data={"thing": plan, "on": "yes"})
    assert gone.status_code == 404


def test_only_those_who_manage_a_space_pin_and_what_is_hidden_answers_as_what_is_not_there(town: World) -> None:
    housing = place_id(town, "leeds/housing")
    plan = town.add_document("leeds/housing", "Plan")
    hidden = town.add_document("leeds/housing", "Advice", marking="OFFICIAL-SENSITIVE")
    town.set_policy("leeds", *POLICY, "deny,person:leeds/mo,read,leeds,only OFFICIAL-SENSITIVE,any,-,Not Mo")
    assert town.client("leeds/ann").post(f"/pins/{housing}", data={"thing": plan, "on": "yes"}).status_code == 403
    mo = town.client("leeds/mo")
    answers = [mo.post(f"/pins/{housing}", data={"thing": node, "on": "yes"}) for node in (hidden, "doc:zzzzzzzzzzzz")]
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].data == answers[1].data


def test_the_latest_changes_are_those_of_the_folders_below_too_and_only_what_one_may_read(town: World) -> None:
    town.add_document("leeds/housing", "Older")
    town.parts.clock.move(days=1)  # type: ignore[attr-defined]  # the tests' clock
    town.add_document("leeds/housing/plans", "Newer")
    town.add_document("leeds/housing/plans", "Secret", marking="OFFICIAL-SENSITIVE", owner="person:leeds/mo")
    page = html.fromstring(town.client("leeds/ann").get("/places/leeds/housing").text)
    assert page.xpath("//section[@aria-labelledby='changes']//li//a/text()") == ["Newer", "Older"]


def test_no_more_than_a_dozen_things_are_pinned(town: World) -> None:
    housing, mo = place_id(town, "leeds/housing"), town.client("leeds/mo")
    nodes = [town.add_document("leeds/housing", f"Plan {n:02}") for n in range(13)]
    answers = [mo.post(f"/pins/{housing}", data={"thing": node, "on": "yes"}) for node in nodes]
    assert [answer.status_code for answer in answers] == [303] * 12 + [400]
    assert "12 things are pinned here" in html.fromstring(answers[-1].text).xpath("//main")[0].text_content()
