"""What one adds, where one may add it, all spaces, and the number of what waits."""

import re
from datetime import date

import pytest
from lxml import html
from sqlalchemy import event

from hub.features.asking.reaching import reach_round
from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import TestClock, World

LEEDS = (
    "allow,org:leeds,read,leeds/housing,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,person:leeds/mo,manage,leeds,any,any,-,Mo looks after the spaces",
)
OFFERS = {
    "leeds/mo": ["Page", "File", "Folder", "Space"],
    "leeds/hana": ["Page", "File"],
    "leeds/ann": [],
    "acme/gus": ["Page", "File"],
}
"""What the menu offers each of them."""


def the_town(world: World) -> None:
    """Mo manages Leeds, Hana edits Housing, Ann reads there; Gus, a guest, edits one folder of the tender."""
    world.add_organisation("leeds", *LEEDS, name="Leeds")
    world.add_organisation("york", name="York")
    world.add_organisation("acme", kind="supplier")
    for handle in ("leeds/ann", "leeds/mo", "york/bo", "york/cy"):
        world.add_person(handle)
    world.add_person("leeds/hana", "leeds/housing")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/housing", "restricted", name="Housing")
    world.add_folder("leeds/housing/plans", name="Plans")
    world.add_space("leeds/tender", "confidential", name="Canary tender")
    world.add_folder("leeds/tender/acme", name="Canary bid")
    world.add_space("york/roads", "open", name="Roads")
    world.give("guest:acme/gus", "edit", "leeds/tender/acme", until=date(2027, 3, 31))


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def menu(world: World, who: str, path: str = "/") -> dict[str, str]:
    page = html.fromstring(world.client(who).get(path).text)
    return {a.text: a.get("href") for a in page.xpath("//details[contains(@class, 'hub-headmenu--new')]//a")}


def places(world: World, who: str, address: str) -> dict[str, str]:
    page = html.fromstring(world.client(who).get(address).text)
    return {a.text: a.get("href") for a in page.xpath("//ul[@class='hub-rows']//a")}


@pytest.mark.parametrize(("who", "offered"), OFFERS.items())
def test_the_menu_offers_what_one_may_add_somewhere(town: World, who: str, offered: list[str]) -> None:
    assert list(menu(town, who)) == offered


def test_hana_is_asked_where_and_led_to_the_form_there(town: World) -> None:
    asked = places(town, "leeds/hana", "/new?what=page")
    assert list(asked) == ["Housing", "Plans"]
    assert "Canary" not in str(asked)
    for href in asked.values():
        assert town.client("leeds/hana").get(href).status_code == 200
    assert list(places(town, "leeds/hana", "/new?what=upload&find=plan")) == ["Plans"]


def test_from_the_page_of_a_place_one_comes_straight_to_its_form(town: World) -> None:
    href = menu(town, "leeds/hana", "/places/leeds/housing/plans")["File"]
    answer = town.client("leeds/hana").get(href)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/upload/")
    assert "Plans" in town.client("leeds/hana").get(answer.headers["Location"]).text


def test_where_there_is_one_place_only_nobody_is_asked(town: World) -> None:
    """The guest has one folder; Mo one organisation for a space."""
    for who, what in (("acme/gus", "page"), ("leeds/mo", "space")):
        answer = town.client(who).get(f"/new?what={what}")
        assert answer.status_code == 302
        assert town.client(who).get(answer.headers["Location"]).status_code == 200


def test_a_place_that_one_may_not_add_to_looks_like_one_that_is_not_there(town: World) -> None:
    ann, hidden = town.client("leeds/ann"), town.add_space("leeds/secret", "confidential")
    tokens = re.compile(r'(name="(?:csrf|form)_token" value=")[^"]*')  # the time is in them
    answers = {
        tokens.sub(r"\1", ann.get(f"/new?what=page&at={at}").text) for at in (hidden, "pzzzzzzzzzzz", "", "nonsense")
    }
    assert len(answers) == 1
    assert "There is no place yet where you may add this." in answers.pop()
    assert ann.get("/new?what=nonsense").status_code == 404


def test_all_spaces_are_those_that_one_may_see_and_can_be_narrowed(town: World) -> None:
    def spaces(who: str, asked: str = "") -> list[str]:
        page = html.fromstring(town.client(who).get(f"/spaces{asked}").text)
        return [str(text) for text in page.xpath("//tbody//th//a/text()")]

    town.set_policy("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,Open to the sector")
    assert spaces("leeds/ann") == ["Housing", "Roads"]
    assert spaces("leeds/ann", "?organisation=york") == ["Roads"]
    assert spaces("leeds/ann", "?find=hous") == ["Housing"]
    assert spaces("leeds/ann", "?find=canary") == []
    assert spaces("leeds/ann", "?organisation=nowhere") == ["Housing", "Roads"]
    assert "Canary" not in town.client("acme/gus").get("/spaces").text.replace("Canary bid", "")


def test_the_number_in_the_bar_is_who_waits_for_one_and_is_counted_at_most_once_a_minute(
    town: World, sqlite_database: Database
) -> None:
    """For whoever manages something it is one query in a minute, and none for others."""
    said: list[str] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    def asks(who: str) -> None:
        town.client(who).post("/ask-for-access", data={"address": "/places/leeds/housing", "reason": "I work there"})
        reach_round(town.parts)

    def number(who: str, path: str = "/spaces") -> str:
        said.clear()
        page = html.fromstring(town.client(who).get(path).text)
        return "".join(page.xpath("//a[@class='hub-header__waiting']/text()"))

    def counted() -> int:
        return sum("count(DISTINCT access_requests.asker_id)" in statement for statement in said)

    asks("york/bo")
    assert (number("leeds/mo"), counted()) == ("1", 1)
    assert (number("leeds/mo", "/search"), counted()) == ("1", 0)
    assert (number("leeds/ann"), counted()) == ("", 0)
    asks("york/cy")
    assert number("leeds/mo") == "1"
    assert number("leeds/mo", "/") == "2", "the home page counts anew"
    town.client("leeds/mo").post("/favourites", data={"thing": "nonsense"})
    assert (number("leeds/mo"), counted()) == ("2", 1), "whoever does something is told at once"
    assert isinstance(town.parts.clock, TestClock)
    town.parts.clock.move(minutes=2)
    assert (number("leeds/mo"), counted()) == ("2", 1)
