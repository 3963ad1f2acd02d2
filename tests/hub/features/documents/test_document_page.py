"""The page of a document: its text leads; what is usual is said quietly; one menu holds what is not done every day."""

from datetime import date

import pytest
from lxml import html
from sqlalchemy import event

from hub.ground.db import Database
from hub.nouns.documents.models import Document, Revision
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
)


def the_town(world: World) -> None:
    """Leeds, where Hana edits, Mo manages and Ann reads; Bo of York, to whom single things are given."""
    world.add_organisation("leeds", *LEEDS, name="Leeds City Council")
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    for handle in ("leeds/ann", "leeds/mo", "york/bo"):
        world.add_person(handle)
    world.add_space("leeds/housing", "restricted")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


class Page:
    """A document's page as somebody gets it."""

    def __init__(self, world: World, who: str, document: str) -> None:
        answer = world.client(who).get(f"/documents/{document.removeprefix('doc:')}")
        assert answer.status_code == 200
        self.main = html.fromstring(answer.text).xpath("//main")[0]

    def texts(self, path: str) -> list[str]:
        """What the things at an XPath say."""
        return [" ".join(one.text_content().split()) for one in self.main.xpath(path)]

    @property
    def buttons(self) -> list[str]:
        """The buttons beside the title."""
        return self.texts(".//div[contains(@class, 'hub-do')]/div[@class='hub-actions']/a")

    @property
    def menu(self) -> list[str]:
        """What the menu offers."""
        return self.texts(".//details[@class='hub-menu']//li")

    @property
    def loud(self) -> list[str]:
        """What is said loudly below the title."""
        return self.texts(".//*[@class='hub-title__tags']/span[contains(@class, 'hub-tag')]")


def test_each_finds_what_they_do_every_day_as_a_button_and_all_else_in_one_menu(town: World) -> None:
    """Ann reads, Hana edits, Mo manages, and Hana owns a draft."""
    plan = town.add_document("leeds/housing", "Plan", "First.", owner="person:leeds/mo")
    draft = town.add_document("leeds/housing", "Rota", "First.", owner="person:leeds/hana", state="draft")
    ann = Page(town, "leeds/ann", plan)
    assert (ann.buttons, ann.menu) == ([], ["All revisions", "Report this document"])
    town.revise(plan, "Plan", "Second.")
    hana = Page(town, "leeds/hana", plan)
    assert hana.buttons == ["Edit"]
    every_day = ["Archive", "Withdraw", "Compare revisions", *ann.menu]
    assert hana.menu == ["Who has read this?", "Change marking", *every_day]
    mo = Page(town, "leeds/mo", plan)
    first = ["Share this document", "Who can see this?", "Who has read this?"]
    assert mo.menu == [*first, "Change marking", "Move", *every_day[:-1]], "he does not report what is his own"
    own = Page(town, "leeds/hana", draft)
    assert own.buttons == ["Publish", "Edit"]
    assert own.menu == ["Share this document", "Who can see this?", "Change marking", "Move", "Delete", "All revisions"]
    assert own.texts(".//h1") == ["Rota"]
    facts = own.texts(".//dl[@class='hub-facts']/*")
    assert "Hana Iqbal of Leeds City Council" in facts
    assert {"OFFICIAL", "Draft"} <= set(facts)


def test_a_marking_is_loud_only_where_nobody_would_expect_it(town: World) -> None:
    """The usual one of its place is a quiet word; another, a sensitive one, or one far from its place is loud."""
    usual = town.add_document("leeds/housing", "Usual", "Text.")
    other = town.add_document("leeds/housing", "Other", "Text.", marking="PUBLIC")
    sensitive = town.add_document("leeds/housing", "Sensitive", "Text.", marking="OFFICIAL-SENSITIVE")
    town.add_space("leeds/legal", "private")
    far = town.add_document("leeds/legal", "Far", "Text.")
    town.give("person:york/bo", "read", far, source="share")
    assert Page(town, "leeds/hana", usual).loud == []
    assert "OFFICIAL" in Page(town, "leeds/hana", usual).texts(".//*[@class='hub-title__tags']")[0]
    assert Page(town, "leeds/hana", other).loud == ["PUBLIC"]
    assert Page(town, "leeds/hana", sensitive).loud == ["OFFICIAL-SENSITIVE"]
    assert Page(town, "york/bo", far).loud == ["OFFICIAL"], "he may not see its place, and is told nothing of it"


def test_a_document_of_many_revisions_is_no_wall_of_them(town: World, database: Database) -> None:
    """The newest five with the page, fifty to a page behind it; to whoever may not read it there are no such pages."""
    plan = town.add_document("leeds/housing", "Plan", "Words.", owner="person:leeds/hana", state="draft")
    number = plan.removeprefix("doc:")
    with town.work() as uow:
        first = uow.session.get_one(Revision, (number, 1))
        for n in range(2, 121):
            kept = {"title": "Plan", "author": first.author, "created_at": first.created_at}
            uow.session.add(Revision(document_id=number, number=n, body=f"Words {n}.", note=f"Change {n}", **kept))
        uow.session.get_one(Document, number).number = 120
    asked: list[str] = []
    hana = town.client("leeds/hana")
    hana.get(f"/documents/{number}")
    event.listen(database.engine, "before_cursor_execute", lambda *a: a[2] != "BEGIN" and asked.append(a[2]))
    page = Page(town, "leeds/hana", plan)
    assert page.texts(".//ol[@class='hub-revisions']/li/a") == [f"Revision {n}" for n in range(120, 115, -1)]
    asked.clear()
    assert hana.get(f"/documents/{number}").status_code == 200
    assert len(asked) <= 15, asked
    address = f"/documents/{number}/revisions"
    last = html.fromstring(hana.get(f"{address}?page=3").text)
    assert [a.text for a in last.xpath("//ol[@class='hub-revisions']/li/a")] == [
        f"Revision {n}" for n in range(20, 0, -1)
    ]
    statuses = {(who, query): town.client(who).get(f"{address}{query}").status_code
                for who in ("leeds/hana", "leeds/ann", "york/bo") for query in ("", "?page=4", "?page=x")}  # fmt: skip
    absent = town.client("leeds/ann").get("/documents/d00000000000/revisions").status_code
    assert [statuses["leeds/hana", query] for query in ("", "?page=4", "?page=x")] == [200, 404, 400]
    assert {statuses[who, ""] for who in ("leeds/ann", "york/bo")} == {absent} == {404}
    assert statuses["leeds/ann", "?page=x"] == 404, "no other answer to a number that is none, lest it tell"


def test_who_manages_a_document_reads_how_many_can_and_the_list_says_the_same(town: World) -> None:
    """Whatever it is marked and to whomever it was given; whoever does not manage it gets no number, nor its list."""
    town.add_organisation("acme")
    town.add_person("acme/gus", kind="guest")
    things = {
        "plain": town.add_document("leeds/housing", "Plain", "Text."),
        "draft": town.add_document("leeds/housing", "Draft", "Text.", state="draft", owner="person:leeds/hana"),
        "shared": town.add_document("leeds/housing", "Shared", "Text.", marking="OFFICIAL-SENSITIVE"),
        "withdrawn": town.add_document("leeds/housing", "Withdrawn", "Text.", state="withdrawn"),
    }
    for who in ("person:york/bo", "guest:acme/gus", "org:york"):
        town.give(who, "read", things["shared"], source="share", until=date(2026, 12, 31))
    mo, said = town.client("leeds/mo"), {}
    for name, document in things.items():
        chip = Page(town, "leeds/mo", document).main.xpath(".//a[contains(@class, 'hub-chip')]")[0]
        listed = html.fromstring(mo.get(chip.get("href")).text).xpath("//p[@class='hub-lede']")[0].text
        said[name] = chip.text.removesuffix(" can read this")
        assert f"{said[name]} can see it." == listed, name
    assert said["plain"] == "3 people in 1 organisation"
    assert said["draft"] == "2 people in 1 organisation"
    assert said["shared"] == "3 people in 2 organisations, staff of york and 1 guest"
    for who in ("leeds/ann", "leeds/hana"):
        assert Page(town, who, things["plain"]).main.xpath(".//a[contains(@class, 'hub-chip')]") == []
        assert town.client(who).get(f"/audience/document/{things['plain'].removeprefix('doc:')}").status_code == 403


def test_of_documents_alike_in_one_place_each_says_its_own_number(town: World) -> None:
    """One is counted, and others that are alike without counting: but not what a grant or a line of policy names."""
    plain, alike, shared, denied = (town.add_document("leeds/housing", name, "Text.") for name in "abcd")
    town.give("person:york/bo", "read", shared, source="share")
    town.set_policy("leeds", *LEEDS, f"deny,person:leeds/ann,read,{denied},any,any,-,Not for Ann")
    said = [
        Page(town, "leeds/mo", document).texts(".//a[contains(@class, 'hub-chip')]")[0].removesuffix(" can read this")
        for document in (plain, alike, shared, denied, plain)
    ]
    assert said == [
        "3 people in 1 organisation",
        "3 people in 1 organisation",
        "4 people in 2 organisations",
        "2 people in 1 organisation",
        "3 people in 1 organisation",
    ]


def test_the_count_is_as_it_is_now_and_asks_little(town: World, database: Database) -> None:
    """Somebody joins, is suspended, is given it: the next request says so, by no more than 15 queries."""
    plan = town.add_document("leeds/housing", "Plan", "Text.", owner="person:leeds/mo")

    def chip() -> str:
        return Page(town, "leeds/mo", plan).texts(".//a[contains(@class, 'hub-chip')]")[0]

    assert chip() == "3 people in 1 organisation can read this"
    town.give("person:york/bo", "read", plan, source="share")
    assert chip() == "4 people in 2 organisations can read this"
    town.add_person("leeds/new")
    assert chip() == "5 people in 2 organisations can read this"
    town.mark(plan, "OFFICIAL", "withdrawn")
    assert chip() != "5 people in 2 organisations can read this"
    mo, asked = town.client("leeds/mo"), []
    mo.get(f"/documents/{plan.removeprefix('doc:')}")
    event.listen(database.engine, "before_cursor_execute", lambda *a: a[2] != "BEGIN" and asked.append(a[2]))
    mo.get(f"/documents/{plan.removeprefix('doc:')}")
    assert len(asked) <= 15, asked
