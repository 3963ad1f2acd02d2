"""The home page of people who play: toys among documents, in drafts, in what others did, in what is new."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import update

from hub.ground.db import Database
from hub.keeping.drafts import Typed, keep
from hub.nouns.kinds import KINDS
from hub.things.kinds import Kinds
from tests.hub.once import Begin
from tests.hub.things.toys import BALL, KITE, TOY, WHISTLE, Toy, add_toy, make_tables, toy_pages
from tests.hub.world import World

POLICY = (
    "allow,group:leeds/players,read,leeds/play,up to OFFICIAL,published,-,Who plays here",
    "allow,document-owner,manage,leeds,any,any,-,Owners keep their own in hand",
)


def the_town(world: World) -> None:
    """Wyn and Ann are members of a place to play."""
    make_tables(world)
    world.add_organisation("leeds")
    for handle in ("leeds/ann", "leeds/wyn"):
        world.add_person(handle, "leeds/players")
    world.add_space("leeds/play", "restricted", name="Play")
    world.set_policy("leeds", *POLICY)


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database, kinds=Kinds(*KINDS, TOY))
    world.app.config["WTF_CSRF_ENABLED"] = False
    world.app.register_blueprint(toy_pages)
    return world


def part(browser: FlaskClient, name: str) -> str:
    """What a section of the home page says."""
    found = html.fromstring(browser.get("/").text).xpath(f"//section[@aria-labelledby='{name}']")
    return " ".join(" ".join(found[0].itertext()).split()) if found else ""


def test_ann_is_told_what_wyn_put_there_to_be_played_with_and_nothing_of_what_is_hidden(town: World) -> None:
    add_toy(town, BALL, "leeds/play", "Red ball", owner="person:leeds/wyn")
    add_toy(town, WHISTLE, "leeds/play", "Whistle", marking="OFFICIAL-SENSITIVE", owner="person:leeds/wyn")
    add_toy(town, KITE, "leeds/play", "Kite", owner="person:leeds/wyn")
    town.add_document("leeds/play", "Flood games", owner="person:leeds/wyn")
    told = part(town.client("leeds/ann"), "changed")
    assert "Wyn of Leeds City Council added 1 page in Play" in told
    assert "Wyn of Leeds City Council changed 2 toys in Play" in told
    assert "Red ball" in told
    assert "Kite" in told
    assert "Whistle" not in told
    assert "ball" not in part(town.client("leeds/wyn"), "changed")


def test_wyn_finds_a_toy_that_is_not_out_yet_among_the_drafts(town: World) -> None:
    for toy in (BALL, KITE):
        add_toy(town, toy, "leeds/play", f"A {toy[:4]}", owner="person:leeds/wyn")
    town.add_document("leeds/play", "Rules to come", state="draft", owner="person:leeds/wyn")
    with town.work() as uow:
        uow.session.execute(update(Toy).where(Toy.id == BALL).values(state="draft", ms="OFFICIAL.draft"))
    drafts = part(town.client("leeds/wyn"), "drafts")
    assert "A ball" in drafts
    assert "Rules to come" in drafts
    assert "A kite" not in drafts
    assert "A ball" not in part(town.client("leeds/ann"), "drafts")


def test_what_was_typed_about_a_toy_is_there_while_its_writer_may_change_that(town: World) -> None:
    add_toy(town, BALL, "leeds/play", "Red ball", owner="person:leeds/wyn")
    with town.viewer("leeds/wyn") as wyn, town.work() as uow:
        keep(uow, wyn.person.id, Typed(f"/toys/{BALL}", f"/toys/{BALL}", "edit", f"toy:{BALL}"), {"name": "Blue ball"})
    said = "You were typing “Blue ball” in Red ball, kept"
    browser = town.client("leeds/wyn")
    assert said in browser.get("/").text
    with town.work() as uow:
        uow.session.execute(update(Toy).values(owner="person:leeds/ann"))
    assert said not in browser.get("/").text
    with town.work() as uow:
        uow.session.execute(update(Toy).values(owner="person:leeds/wyn"))
    assert said in browser.get("/").text
