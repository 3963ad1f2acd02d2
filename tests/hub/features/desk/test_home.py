"""The home page: what somebody was writing, and what others did while they were away."""

import pytest
from lxml import html
from sqlalchemy import event

from hub.access.viewer import Viewer
from hub.feature import NOTICES
from hub.ground.db import Database
from hub.web.pages import Notice, Send
from tests.hub.once import Begin
from tests.hub.world import TestClock, World

LEEDS = (
    "allow,org:leeds,read,leeds/housing,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
)


def the_town(world: World) -> None:
    """Hana writes in Housing, Ann reads there, Bo of York has nothing, Gus is a guest of the tender."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york")
    world.add_organisation("acme", kind="supplier")
    for handle in ("leeds/ann", "leeds/ivo", "york/bo"):
        world.add_person(handle)
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/housing", "restricted")
    world.add_space("leeds/legal", "confidential")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def clock(world: World) -> TestClock:
    found = world.parts.clock
    assert isinstance(found, TestClock)
    return found


def part(world: World, who: str, name: str) -> str:
    """What one section of somebody's home page says, in a new session."""
    page = html.fromstring(world.client(who).get("/").text)
    found = page.xpath(f"//section[@aria-labelledby='{name}']")
    return " ".join(" ".join(found[0].itertext()).split()) if found else ""


def test_hana_finds_her_drafts_and_nobody_elses(town: World) -> None:
    town.add_document("leeds/housing", "Hers", state="draft", owner="person:leeds/hana")
    town.add_document("leeds/housing", "Hers too, out already", owner="person:leeds/hana")
    town.add_document("leeds/housing", "His", state="draft", owner="person:leeds/ivo")
    drafts = part(town, "leeds/hana", "drafts")
    assert "Hers" in drafts
    assert "His" not in drafts
    assert "out already" not in drafts
    for other in ("leeds/ann", "york/bo", "acme/gus"):
        page = town.client(other).get("/").text
        assert "Hers</a>" not in page
        assert "His</a>" not in page


def test_a_draft_that_its_author_may_no_longer_see_is_gone_from_their_page(town: World) -> None:
    town.add_document("leeds/housing", "Hers", state="draft", owner="person:leeds/hana")
    town.set_policy("leeds", *LEEDS, "deny,person:leeds/hana,read,leeds/housing,any,draft,-,Under review")
    assert "Hers" not in town.client("leeds/hana").get("/").text


def test_who_writes_nowhere_is_not_told_of_drafts_and_who_does_is_told_how_to_begin(town: World) -> None:
    assert "You have no drafts" in part(town, "leeds/hana", "drafts")
    for reader in ("leeds/ann", "york/bo", "acme/gus"):
        assert part(town, reader, "drafts") == ""


def test_hana_sees_what_others_changed_since_she_was_here_last(town: World) -> None:
    """Not what was old then, not what she saved herself, not what lies where she does not belong or may not see."""
    town.add_document("leeds/housing", "Old news")
    assert "New in the last month" in part(town, "leeds/hana", "changed")
    clock(town).move(days=2)
    assert "Nothing has changed in your spaces since" in part(town, "leeds/hana", "changed")
    clock(town).move(minutes=10)
    town.add_document("leeds/housing", "Fresh news", owner="person:leeds/ivo")
    town.add_document("leeds/housing", "Her own", owner="person:leeds/hana")
    town.add_document("leeds/legal", "Canary of the lawyers", owner="person:leeds/ivo")
    clock(town).move(days=1)
    changed = part(town, "leeds/hana", "changed")
    assert "Since your last visit You were here on 22 October 2026, 10:00" in changed
    assert "Fresh news" in changed
    for other in ("Old news", "Her own", "Canary"):
        assert other not in changed
    clock(town).move(minutes=1)
    assert "Fresh news" not in part(town, "leeds/hana", "changed"), "she has been here since"


def test_what_somebody_else_did_to_her_own_document_is_news_to_her(town: World) -> None:
    document = town.add_document("leeds/housing", "Her own", owner="person:leeds/hana")
    town.client("leeds/hana").get("/")
    clock(town).move(hours=1)
    town.mark(document, state="withdrawn")
    clock(town).move(hours=1)
    assert "Her own" in part(town, "leeds/hana", "changed")


def test_ann_is_told_of_no_draft_and_of_nothing_withdrawn(town: World) -> None:
    town.client("leeds/ann").get("/")
    clock(town).move(hours=1)
    town.add_document("leeds/housing", "Canary draft", state="draft")
    town.add_document("leeds/housing", "Canary withdrawn", state="withdrawn")
    town.add_document("leeds/housing", "Canary sensitive", marking="OFFICIAL-SENSITIVE")
    town.add_document("leeds/housing", "Told")
    clock(town).move(hours=1)
    assert "Told" in part(town, "leeds/ann", "changed")
    assert "Canary" not in town.client("leeds/ann").get("/").text


def test_whoever_has_nothing_of_their_own_yet_is_shown_what_is_new_at_all(town: World) -> None:
    """And nobody else: for Hana, who has drafts or news, that would be noise."""
    town.set_policy("leeds", *LEEDS, "allow,all-staff,read,leeds/housing,up to OFFICIAL,published,-,Open to the sector")
    town.add_document("leeds/housing", "For everyone", owner="person:leeds/ivo")
    assert "For everyone" in part(town, "york/bo", "recent")
    assert part(town, "leeds/hana", "recent") == ""
    assert part(town, "acme/gus", "recent") == ""


def test_what_others_did_is_told_by_person_and_space_and_comes_to_an_end(town: World) -> None:
    """Six pages that Ivo added are one thing that he did; what he changed is another, and what Ann did is hers."""
    rota = town.add_document("leeds/housing", "Rota", owner="person:leeds/ivo")
    town.client("leeds/hana").get("/")
    clock(town).move(hours=1)
    town.revise(rota, "Rota", "Anew")
    town.add_document("leeds/housing", "Voids", owner="person:leeds/ann")
    for number in range(6):
        clock(town).move(minutes=1)
        town.add_document("leeds/housing", f"Plan {number}", owner="person:leeds/ivo")
    said = part(town, "leeds/hana", "changed")
    assert "Ivo of Leeds City Council added 6 pages in Housing" in said
    assert "Ivo of Leeds City Council changed 1 page in Housing" in said
    assert "Ann of Leeds City Council added 1 page in Housing" in said
    assert "Plan 5" in said
    assert "Plan 0" not in said
    assert "and 3 more" in said
    assert said.endswith("That is all since 20 October 2026, 10:00 .")


def test_two_windows_at_once_are_one_visit(town: World) -> None:
    """The other window's session began earlier and is still in use: what came before mine began is not new."""
    first = town.client("leeds/ann")
    clock(town).move(minutes=10)
    town.add_document("leeds/housing", "Between")
    clock(town).move(minutes=10)
    second = town.client("leeds/ann")
    second.get("/")
    clock(town).move(minutes=10)
    first.get("/")
    town.add_document("leeds/housing", "After")
    page = html.fromstring(second.get("/").text)
    changed = " ".join(page.xpath("//section[@aria-labelledby='changed']")[0].itertext())
    assert "After" in changed
    assert "Between" not in changed


def test_newer_documents_that_ann_may_not_see_do_not_hide_older_ones_that_she_may(town: World) -> None:
    """More hidden ones than are looked at first."""
    town.client("leeds/ann").get("/")
    clock(town).move(hours=1)
    town.add_document("leeds/housing", "Told")
    for number in range(105):
        town.add_document("leeds/housing", f"Canary {number}", state="draft")
    page = town.client("leeds/ann").get("/").text
    assert page.count("Told</a>") == 1
    assert "Canary" not in page


def test_the_home_page_takes_few_queries_and_writes_nothing(town: World, database: Database) -> None:
    """At most 15, however much there is; a page that was looked at is not a row that was written."""
    for number in range(30):
        town.add_document("leeds/housing", f"Plan {number}", owner="person:leeds/ivo")
        town.add_document("leeds/housing", f"Draft {number}", state="draft", owner="person:leeds/hana")
    town.client("leeds/hana").get("/")
    clock(town).move(hours=1)
    hana = town.client("leeds/hana")
    hana.get("/")
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    assert hana.get("/").status_code == 200
    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 15, said
    assert len(said) <= 17, said  # with BEGIN and its end
    assert not [statement for statement in said if statement.startswith(("UPDATE", "INSERT", "DELETE"))]


def test_what_waits_for_hana_stands_on_top_of_her_home_page_and_nobody_elses(town: World) -> None:
    def waiting(viewer: Viewer) -> tuple[Notice, ...]:
        if viewer.person.handle != "leeds/hana":
            return ()
        away = Send("Dismiss", "/away")
        return (Notice("2 people ask for access", "/requests"), Notice("All is <b>done</b>", "", "info", (away,)))

    town.app.extensions[NOTICES] = (waiting,)
    main = html.fromstring(town.client("leeds/hana").get("/").text).xpath("//main")[0]
    first = main.xpath(".//section")[0]
    assert first.get("aria-label") == "Waiting for you"
    assert first.xpath(".//a[@href='/requests']/text()") == ["2 people ask for access"]
    assert "All is <b>done</b>" in first.text_content()
    assert first.xpath(".//form/@action") == ["/away"]
    assert first.xpath(".//h2/text()") == ["Waiting for you"]
    assert "Waiting for you" not in town.client("leeds/ann").get("/").text


def spaces(world: World, who: str, name: str) -> dict[str, str]:
    """The spaces that a section of somebody's home page lists, each with what its tags say."""
    page = html.fromstring(world.client(who).get("/").text)
    rows = page.xpath(f"//section[@aria-labelledby='{name}']//ul[contains(@class, 'hub-rows')]/li")
    return {
        row.xpath(".//a/text()")[0]: " ".join(" ".join(row.xpath(".//*[contains(@class, 'hub-tag')]//text()")).split())
        for row in rows
    }


def test_my_spaces_are_those_of_which_one_is_a_member(town: World) -> None:
    """By a grant to oneself, one's group or one's organisation, or a line for oneself or one's group; not by sight."""
    for name in ("parks", "floods", "joint", "team", "over", "taken"):
        town.add_space(f"leeds/{name}", "restricted", name=name.capitalize())
    town.add_space("york/roads", "restricted", name="Roads")
    town.add_person("leeds/ulla", "leeds/team")
    town.set_policy("leeds", *LEEDS, "allow,group:leeds/team,edit,leeds/team,any,any,-,The team keeps it")
    town.give("person:leeds/ulla", "read", "leeds/floods")
    town.give("org:leeds", "read", "york/roads")
    town.give("group:leeds/team", "comment", "leeds/joint")
    town.give("person:leeds/ulla", "read", "leeds/over", until=clock(town).now().date())
    town.take_back(town.give("person:leeds/ulla", "read", "leeds/taken"))
    assert set(spaces(town, "leeds/ulla", "spaces")) == {"Floods", "Joint", "Over", "Roads", "Team"}
    assert set(spaces(town, "leeds/ann", "spaces")) == {"Roads"}
    assert set(spaces(town, "leeds/hana", "spaces")) == {"Housing", "Roads"}
    assert "You are a member of no space yet" in part(town, "york/bo", "spaces")
    clock(town).move(days=2)
    assert "Over" not in spaces(town, "leeds/ulla", "spaces")


def test_other_spaces_of_ones_organisation_say_what_they_are_to_whoever_looks(town: World) -> None:
    """Ann, a member of none, reads Housing and may ask to join Parks; Legal is not there for her; York's are none."""
    town.add_space("leeds/parks", "restricted", name="Parks")
    town.add_space("york/roads", "open", name="Roads")
    others = spaces(town, "leeds/ann", "others")
    assert others["Housing"].endswith("You can read this")
    assert others["Parks"].endswith("Ask to join")
    assert set(others) == {"Housing", "Parks"}
    assert spaces(town, "leeds/hana", "others") == {}, "she has spaces of her own, and all are a page away"
    assert spaces(town, "acme/gus", "others") == {}


def test_the_spaces_of_an_organisation_say_what_they_are_to_whoever_looks(town: World) -> None:
    town.add_space("leeds/parks", "restricted", name="Parks")
    town.set_policy("leeds", *LEEDS, "allow,org:leeds,read,leeds,only PUBLIC,published,-,Staff know the council")
    for who, tags in (
        ("leeds/hana", ("You are a member", "Ask to join")),
        ("leeds/ann", ("You can read this", "Ask to join")),
    ):
        cards = html.fromstring(town.client(who).get("/places/leeds").text).xpath("//li[contains(@class, 'hub-card')]")
        said = {card.xpath(".//a/text()")[0]: " ".join(card.itertext()) for card in cards}
        assert tags[0] in said["Housing"], who
        assert tags[1] in said["Parks"], who
        assert tags[0] in town.client(who).get("/places/leeds/housing").text
