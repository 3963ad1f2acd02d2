"""What somebody opened last, and their favourites: theirs alone, and judged anew each time."""

import time
from unittest import mock

import pytest
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from hub.ground.db import Database
from hub.keeping.models import Visit
from hub.keeping.trail import KEPT, KEY, MOST_FAVOURITES, PAUSE, in_a_thread, tidy
from tests.hub.once import Begin
from tests.hub.world import TestClock, World

LEEDS = ("allow,org:leeds,read,leeds/housing,up to OFFICIAL,published,-,Staff read what the council works on",)


def the_town(world: World) -> None:
    """Ann and Ivo read Housing; Bo of York reads nothing of Leeds."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york")
    for handle in ("leeds/ann", "leeds/ivo", "york/bo"):
        world.add_person(handle)
    world.add_space("leeds/housing", "restricted", name="Housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def listed(world: World, who: str, name: str) -> list[str]:
    """The titles in a section of somebody's home page."""
    page = html.fromstring(world.client(who).get("/").text)
    return [str(text) for text in page.xpath(f"//section[@aria-labelledby='{name}']//li//a/text()")]


def star(world: World, who: str, thing: str, on: str = "yes") -> int:
    return world.client(who).post("/favourites", data={"thing": thing, "on": on}).status_code


def visits(world: World) -> int:
    with world.work() as uow:
        return uow.session.scalar(select(func.count()).select_from(Visit)) or 0


def test_ann_goes_on_where_she_was_and_nobody_else_is_told_of_it(town: World) -> None:
    first, second = (town.add_document("leeds/housing", title) for title in ("Voids", "Repairs"))
    ann = town.client("leeds/ann")
    for number, document in enumerate((first, second)):
        assert isinstance(town.parts.clock, TestClock)
        town.parts.clock.move(minutes=number)
        ann.get(f"/documents/{document.removeprefix('doc:')}")
    town.parts.clock.move(minutes=1)
    ann.get("/places/leeds/housing")
    assert listed(town, "leeds/ann", "opened") == ["Housing", "Repairs", "Voids"]
    for other in ("leeds/ivo", "york/bo"):
        assert listed(town, other, "opened") == []


def test_what_ann_may_not_see_any_more_is_gone_from_her_trail_and_back_with_the_right_to_it(town: World) -> None:
    document = town.add_document("leeds/housing", "Voids")
    town.client("leeds/ann").get(f"/documents/{document.removeprefix('doc:')}")
    assert star(town, "leeds/ann", document) == 303
    town.mark(document, state="withdrawn")
    page = town.client("leeds/ann").get("/").text
    assert "Voids" not in page
    town.mark(document)
    assert listed(town, "leeds/ann", "favourites") == ["Voids"]


def test_a_favourite_is_made_and_unmade_on_the_page_of_the_thing(town: World) -> None:
    document = town.add_document("leeds/housing", "Voids")
    for path, title in ((f"/documents/{document.removeprefix('doc:')}", "Voids"), ("/places/leeds/housing", "Housing")):
        ann = town.client("leeds/ann")
        for said, then in (("Add to favourites", "yes"), ("Remove from favourites", "no")):
            form = html.fromstring(ann.get(path).text).xpath("//form[@action='/favourites']")[0]
            assert " ".join(form.text_content().split()) == said
            sent = {field.name: field.value for field in form.xpath(".//input[@name]")}
            assert sent["on"] == then
            assert ann.post("/favourites", data=sent).headers["Location"] == path
            assert (title in listed(town, "leeds/ann", "favourites")) == (then == "yes")


def test_what_one_may_not_see_cannot_be_a_favourite_and_looks_like_what_is_not_there(town: World) -> None:
    hidden = town.add_document("leeds/housing", "Canary", state="draft")
    before = visits(town)
    answers = {
        (star(town, "york/bo", thing), town.client("york/bo").post("/favourites", data={"thing": thing}).text)
        for thing in (hidden, "doc:dzzzzzzzzzzz", "nonsense", "space:", "toy:x", "")
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert visits(town) == before


def test_a_hundred_favourites_are_enough_and_the_next_is_refused_in_words(town: World) -> None:
    documents = [town.add_document("leeds/housing", f"Plan {number}") for number in range(MOST_FAVOURITES + 1)]
    with town.work() as uow:
        person = town.viewer("leeds/ann")
        with person as viewer:
            mine = viewer.person.id
        for document in documents[:-1]:
            uow.session.add(Visit(person_id=mine, thing=document, opened_at=uow.now, starred_at=uow.now))
    ann = town.client("leeds/ann")
    answer = ann.post("/favourites", data={"thing": documents[-1], "on": "yes"}, follow_redirects=True)
    assert "You have 100 favourites. Take some out before you add more." in answer.text
    assert f"Plan {MOST_FAVOURITES}" not in listed(town, "leeds/ann", "favourites")


def test_what_was_opened_long_ago_is_forgotten_and_a_favourite_is_kept(town: World) -> None:
    kept, old = (town.add_document("leeds/housing", title) for title in ("Kept", "Old"))
    for document in (kept, old):
        town.client("leeds/ann").get(f"/documents/{document.removeprefix('doc:')}")
    star(town, "leeds/ann", kept)
    town.app.extensions[KEY].write()
    assert isinstance(town.parts.clock, TestClock)
    town.parts.clock.move(days=KEPT.days + 1)
    assert tidy(town.parts) == 1
    assert listed(town, "leeds/ann", "favourites") == ["Kept"]


def test_a_page_that_is_opened_again_soon_is_not_written_again(town: World) -> None:
    document = town.add_document("leeds/housing", "Voids")
    ann, path = town.client("leeds/ann"), f"/documents/{document.removeprefix('doc:')}"

    def at() -> object:
        town.app.extensions[KEY].write()
        with town.work() as uow:
            return uow.session.scalars(select(Visit.opened_at).where(Visit.thing == document)).one()

    ann.get(path)
    first = at()
    assert isinstance(town.parts.clock, TestClock)
    town.parts.clock.move(minutes=5)
    ann.get(path)
    assert at() == first
    town.parts.clock.move(minutes=6)
    ann.get(path)
    assert at() != first


def written(world: World, wanted: int) -> int:
    """How many visits are written, once there are so many or the time for it is over."""
    until = time.monotonic() + 20 * PAUSE
    while visits(world) < wanted and time.monotonic() < until:
        time.sleep(0.05)
    return visits(world)


def test_no_page_waits_for_what_is_noted_of_it_and_all_of_it_is_noted_soon(town: World) -> None:
    """The first one at once; what follows, and what Ivo opened meanwhile, together a moment later."""
    documents = [town.add_document("leeds/housing", f"Plan {number}") for number in range(6)]
    ann, ivo = town.client("leeds/ann"), town.client("leeds/ivo")
    town.app.extensions[KEY].later = in_a_thread
    for browser in (ann, ivo):
        for document in documents:
            browser.get(f"/documents/{document.removeprefix('doc:')}")
    assert len(listed(town, "leeds/ann", "opened")) == 6, "shown before it is written"
    assert written(town, 12) == 12


def test_what_cannot_be_noted_is_no_fault_of_the_page(town: World) -> None:
    """The disk is full, say: Ann reads on, and what she opened is not noted."""
    document = town.add_document("leeds/housing", "Voids")
    ann = town.client("leeds/ann")
    with mock.patch("hub.keeping.trail._upsert", side_effect=OperationalError("full", {}, Exception())):
        page = ann.get(f"/documents/{document.removeprefix('doc:')}")
        town.app.extensions[KEY].write()
    assert "Voids" in page.text
    assert ann.get("/").status_code == 200
    assert visits(town) == 0
