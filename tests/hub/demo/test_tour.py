"""The tour, step by step, over HTTP: real searches, the real policy file, real shares; and only in a demo."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from config.settings import Settings
from hub.access.guard import OPEN_IN_A_DEMO
from hub.access.models import Grant, PolicyText
from hub.app import create_app
from hub.demo.loading import load_world
from hub.demo.queries import FILE
from hub.demo.service import original, with_line
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from search.embedded import EmbeddedEngine
from tests.hub.demo.stories import the_demo
from tests.hub.once import Shelf
from tests.hub.world import UNBOUNDED, World, make_parts
from tests.remembered import open_database

GUEST = "acme/tom-hargreaves"
PLAN = "Joint flood plan for the Aire, Wharfe and Ouse"


@pytest.fixture(scope="module")
def toured(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A demo that is walked through; whoever changes it puts everything back."""
    folder = tmp_path_factory.mktemp("tour")
    with ExitStack() as opened, closing(open_database(f"sqlite:///{folder / 'hub.sqlite3'}")) as database:
        world = shelf.copy(opened, folder, the_demo, database, demo=True)
        world._app = create_app(Settings(data=folder, url=world.parts.public_url, demo=True, **UNBOUNDED), world.parts)
        world.app.config["WTF_CSRF_ENABLED"] = False
        yield world


@pytest.fixture
def stranger(toured: World) -> Iterator[FlaskClient]:
    """A newcomer who has not signed in."""
    browser = toured.client()
    yield browser
    assert browser.post("/demo/put-back").status_code == 303


def columns(page: bytes) -> dict[str, str]:
    """What stands in each person's column."""
    found = html.fromstring(page).xpath("//main//section[contains(@class, 'hub-tour__column')][@aria-label]")
    return {section.get("aria-label"): " ".join(section.text_content().split()) for section in found}


def said(page: bytes) -> str:
    return " ".join(html.fromstring(page).xpath("//main")[0].text_content().split())


def policy(world: World) -> str:
    with world.parts.database.reading() as session:
        return session.get_one(PolicyText, FILE).text


def test_step_1_one_search_finds_something_else_for_each_of_three(toured: World, stranger: FlaskClient) -> None:
    """The counts are those of their own search pages."""
    seen = columns(stranger.get("/demo/1").data)
    counted = {
        "Priya Sharma": toured.ask("leeds/priya-sharma", "flood", kind="document").total,
        "Ben Atkinson": toured.ask("york/ben-atkinson", "flood", kind="document").total,
        "Maria Lopez": toured.ask("acme/maria-lopez", "flood", kind="document").total,
    }
    assert list(seen) == list(counted)
    for name, total in counted.items():
        assert f"{total} results for “flood”" in seen[name]
    assert "Ben alone finds" in seen["Ben Atkinson"]
    assert "alone finds" not in seen["Maria Lopez"]
    tried = columns(stranger.get("/demo/1?q=KESTREL").data)
    assert all("Nothing found" in text for text in tried.values())


def test_step_2_three_reasons_to_see_and_one_not_to(stranger: FlaskClient) -> None:
    seen = columns(stranger.get("/demo/2").data)
    assert "organisations/leeds.csv line 3" in seen["Priya Sharma"]
    assert (
        "You can read this because Leeds shares its flood plan with York until 31 March 2029." in (seen["Ben Atkinson"])
    )
    assert (
        "Tomasz Nowak of Leeds City Council admitted you to Joint flood plan until 31 March 2029" in seen["Maria Lopez"]
    )
    assert "A guest’s admission, given by Tomasz Nowak of Leeds City Council" in seen["Maria Lopez"]
    assert "Would, but it ended on 31 December 2025." in seen["Tom Quarmby"]
    assert "organisations/leeds.csv line 12" in seen["Tom Quarmby"]
    closed = html.fromstring(stranger.get("/demo/2").data)
    assert closed.xpath("//main//details[@open]") == []
    asked = stranger.post("/demo/2", follow_redirects=True)
    assert len(html.fromstring(asked.data).xpath("//main//details[@open]")) == 7


def test_step_2_what_each_reads_of_themselves_holds_no_rule(stranger: FlaskClient) -> None:
    """Reader's view and manager's view side by side: file and line stand in the second alone."""
    page = html.fromstring(stranger.get("/demo/2").data)
    for box in page.xpath("//main//details[summary='Why can I see this?']"):
        assert ".csv" not in box.text_content()
        assert "iven by" not in box.text_content()


def test_step_3_the_code_word_stands_in_helens_column_alone(stranger: FlaskClient) -> None:
    seen = columns(stranger.get("/demo/3").data)
    assert "4 results" in seen["Helen Braithwaite"]
    assert "opening note" in seen["Helen Braithwaite"]
    for name in ("Daniel Whitaker", "Nadia Rahman"):
        assert seen[name].count("KESTREL") == 1, "the question itself"
        assert "Nothing found" in seen[name]


def test_steps_4_and_5_a_line_goes_and_york_finds_nothing_then_it_is_back(toured: World, stranger: FlaskClient) -> None:
    """By the same use case as any edit: on record, by name, and in force from the next search."""
    before = columns(stranger.get("/demo/4").data)
    assert "6 results" in before["Ben Atkinson"]
    gone = stranger.post("/demo/4", follow_redirects=True).data
    assert "allow,org:york" not in policy(toured)
    assert "Ben’s search found 6 documents" in said(gone)
    assert "taken out" in said(gone)
    after = columns(gone)
    assert "Nothing found" in after["Ben Atkinson"]
    assert after["Priya Sharma"].startswith(before["Priya Sharma"][:60])
    assert "6 results" in after["Alice Moor"], "she has a grant of her own"
    assert (
        toured.ask("york/ben-atkinson", "joint flood plan", space="leeds/joint-flood-plan", kind="document").total == 0
    )
    assert stranger.post("/demo/4").status_code == 409, "there is no line left"
    back = stranger.post("/demo/5", follow_redirects=True).data
    assert policy(toured) == original()
    assert "6 results" in columns(back)["Ben Atkinson"]
    with toured.parts.database.reading() as session:
        acts = session.scalars(
            select(AuditEntry.actor).where(AuditEntry.act == "policy:adopt", AuditEntry.object == FILE)
        )
        assert list(acts)[-2:] == ["leeds/daniel-whitaker"] * 2


def test_step_5_keeps_what_else_was_edited(toured: World, stranger: FlaskClient) -> None:
    """A newcomer has also taken out Bradford's line by hand: only York's comes back."""
    stranger.post("/demo/4")
    lines = [line for line in policy(toured).splitlines() if "org:bradford" not in line]
    toured.set_policy("leeds", *lines[1:])
    stranger.post("/demo/5")
    assert "org:bradford" not in policy(toured)
    assert policy(toured).splitlines()[9] == original().splitlines()[9]
    assert with_line("effect,who,can,where,marking,state,until,reason\n").count("org:york") == 1


def test_step_6_the_audience_is_counted_before_the_share_and_is_exactly_those_who_then_read(
    toured: World, stranger: FlaskClient
) -> None:
    before = stranger.get("/demo/6").data
    york = [person.name for person in load_world().people if person.organisation == "york"]
    assert f"This shows 1 document to {len(york)} people in 1 organisation, and to no guest." in said(before)
    assert "Cannot see it" in columns(before)["Ben Atkinson"]
    shared = stranger.post("/demo/6", data={"act": "share"}, follow_redirects=True).data
    assert "Shown on the tour" in columns(shared)["Ben Atkinson"]
    assert "Cannot see it" in columns(shared)["Maria Lopez"]
    listed = html.fromstring(shared).xpath("//main//details[contains(@class, 'hub-more')]//li/text()")
    assert sorted(listed) == sorted(york)
    found = toured.ask("york/ben-atkinson", "gauges night watch").hits
    assert "River watch" in " ".join("".join(text for text, _ in hit.title) for hit in found)
    assert stranger.post("/demo/6", data={"act": "share"}).status_code == 409
    taken = stranger.post("/demo/6", data={"act": "take-back"}, follow_redirects=True).data
    assert "Cannot see it" in columns(taken)["Ben Atkinson"]


def test_step_7_names_everyone_who_can_see_it_and_nobody_else(toured: World, stranger: FlaskClient) -> None:
    page = html.fromstring(stranger.get("/demo/7?document=case").data)
    rows = page.xpath("//main//tbody//th")
    names = {name.strip() for row in rows for name in row.xpath("./text()")[0].split(",")}
    assert names == {"Helen Braithwaite", "Arthur Pell"}
    assert "2 of 44 people" in " ".join(page.text_content().split())
    for document in ("rota", "plan", "bid", "nonsense"):
        text = said(stranger.get(f"/demo/7?document={document}").data)
        assert "people in this hub can read it" in text


def test_step_8_a_question_of_york_answered_by_leeds_is_found_by_bradford_and_not_by_a_supplier(
    toured: World, stranger: FlaskClient
) -> None:
    """What each finds is what their own search page finds; the supplier's guest gets not even a count."""
    page = stranger.get("/demo/8").data
    shown = html.fromstring(page).xpath("//main//article[contains(@class, 'hub-post')]")
    asked, answered = (" ".join(post.text_content().split()) for post in shown)
    assert "George Tindall of City of York Council" in asked
    assert "Sam Okafor of Leeds City Council" in answered
    assert "Answer" in answered
    seen = columns(page)
    assert list(seen) == ["Yasmin Akhtar", "Tom Hargreaves"]
    assert "Tenants switch off the new fans" in seen["Yasmin Akhtar"]
    assert "Nothing found" in seen["Tom Hargreaves"]
    assert "enants" not in seen["Tom Hargreaves"]
    yasmin, tom = (toured.ask(handle, "fans switched off") for handle in ("bradford/yasmin-akhtar", GUEST))
    assert any("Tenants switch off" in "".join(text for text, _ in hit.title) for hit in yasmin.hits)
    assert not any(hit.kind == "conversation" for hit in tom.hits)


def test_everything_can_be_put_back(toured: World, stranger: FlaskClient) -> None:
    assert b"Put everything back" not in stranger.get("/demo").data
    stranger.post("/demo/4")
    stranger.post("/demo/6", data={"act": "share"})
    assert b"Put everything back" in stranger.get("/demo/3").data
    done = stranger.post("/demo/put-back", follow_redirects=True).data
    assert "Everything is as it was" in said(done)
    assert policy(toured) == original()
    with toured.parts.database.reading() as session:
        assert session.scalars(select(Grant).where(Grant.source == "share", Grant.ended_at.is_(None))).all() == []


def test_the_end_says_how_to_begin_an_empty_hub(stranger: FlaskClient) -> None:
    text = said(stranger.get("/demo/end").data)
    for command in ("hub serve", "hub organisation add", "hub person add", "hub space add", "hub import"):
        assert command in text


def test_somebody_signed_in_takes_the_same_tour(toured: World) -> None:
    priya = toured.client("leeds/priya-sharma")
    for path in ("/demo", *(f"/demo/{n}" for n in range(1, 9)), "/demo/end"):
        answer = priya.get(path)
        assert answer.status_code == 200, path
        assert b"Priya Sharma" in answer.data
    assert priya.get("/demo/9").status_code == priya.get("/demo/0").status_code == 404
    assert priya.post("/demo/1").status_code == 404
    assert b'href="/demo"' in priya.get("/").data


def test_the_chooser_points_to_the_tour(stranger: FlaskClient) -> None:
    assert "Five minutes: the tour" in said(stranger.get("/sign-in").data)


def test_a_button_without_the_forms_token_does_nothing(toured: World) -> None:
    toured.app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert toured.client().post("/demo/4").status_code == 403
    finally:
        toured.app.config["WTF_CSRF_ENABLED"] = False
    assert policy(toured) == original()


def test_the_routes_open_in_a_demo_are_those_of_the_tour(toured: World) -> None:
    assert {endpoint for endpoint in toured.app.view_functions if endpoint.startswith("demo.")} == OPEN_IN_A_DEMO


@pytest.mark.parametrize("path", ["/demo", "/demo/1", "/demo/4", "/demo/put-back", "/demo/end"])
def test_outside_a_demo_the_tour_answers_like_any_absent_page(
    path: str, sqlite_database: Database, tmp_path: Path
) -> None:
    """To a stranger, to someone signed in, however it is asked for; and no page of it is linked."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/ann")
        for browser in (world.client(), world.client("leeds/ann")):
            for ask in (browser.get, browser.post):
                here, nowhere = ask(path), ask("/no/such/page")
                assert here.status_code == nowhere.status_code
                assert here.data.replace(path.replace("/", "%2F").encode(), b"") == nowhere.data.replace(
                    b"%2Fno%2Fsuch%2Fpage", b""
                )
        assert b"/demo" not in world.client("leeds/ann").get("/").data
        assert b"/demo" not in world.client().get("/sign-in").data
