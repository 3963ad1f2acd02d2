"""A council lets the staff of other councils find its people, and nothing else of it; guests' pages lie outside."""

from html import unescape

import pytest
from sqlalchemy import select

from hub.access.known_crowd import AsKnown
from hub.access.models import Person
from hub.ground.db import Database
from tests.hub.features.administration.test_policy_editor import form_of
from tests.hub.features.people.conftest import Desk, found, says
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.once import Begin
from tests.hub.world import World

LINE = "allow,all-staff,comment,people:hull,up to OFFICIAL,published,-,Staff of other councils find our people"
HULL = (
    "allow,org:hull,read,hull,up to OFFICIAL,published,-,Staff read our work",
    "allow,group:hull/administrators,administer,hull,any,any,-,They look after it",
)


def the_sector(world: SignInWorld) -> None:
    """Hull keeps to itself: Hal, who administers it, Hetty, and Gil, a guest there. Ann of Leeds, Gus of Acme."""
    for slug in ("hull", "leeds"):
        world.add_organisation(slug)
    world.add_organisation("acme", kind="supplier")
    world.set_policy("hull", *HULL)
    world.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("hull/hal", "hull/administrators", name="Hal Finch", job="Drainage engineer")
    world.add_person("hull/hetty", name="Hetty Moss", job="Planner")
    world.add_person("hull/gil", kind="guest", name="Gil Orr")
    world.add_person("leeds/ann", name="Ann Shaw")
    world.add_person("acme/gus", kind="guest", name="Gus Ray")
    world.add_space("hull/works", "restricted", name="Works")
    world.add_document("hull/works", "Drainage plan", "Culverts and drainage.")


@pytest.fixture
def sector(begin: Begin, database: Database) -> SignInWorld:
    world = begin(the_sector, database, SignInWorld)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def in_search(world: World, who: str, words: str) -> set[str]:
    return {"".join(text for text, _ in hit.title) for hit in world.ask(who, words).hits}


def test_other_councils_find_its_people_and_nothing_else(sector: SignInWorld) -> None:
    assert "Hal Finch" not in found(sector, "leeds/ann")
    sector.set_policy("hull", *HULL, LINE)
    sector.index_all()
    assert {"Hal Finch", "Hetty Moss"} <= set(found(sector, "leeds/ann"))
    assert found(sector, "leeds/ann", "?q=drainage") == ["Hal Finch"]
    assert "Drainage engineer" in Desk(sector, "leeds/ann").see("/people/hull/hal")
    assert in_search(sector, "leeds/ann", "drainage") == {"Hal Finch"}, "the plan stays Hull's"
    for hidden in ("/people/hull/gil", "/places/hull"):
        Desk(sector, "leeds/ann").see(hidden, status=404)


@pytest.mark.parametrize("who", ["acme/gus", "hull/gil"])
def test_guests_find_nobody_by_it_and_are_found_by_nobody(sector: SignInWorld, who: str) -> None:
    sector.set_policy("hull", *HULL, LINE)
    sector.index_all()
    Desk(sector, who).see("/people/hull/hal", status=404)
    assert in_search(sector, who, "drainage") == set()
    assert not {"Gil Orr", "Gus Ray"} & set(found(sector, "leeds/ann"))


def test_a_deny_about_its_people_hides_them_in_search_at_once(sector: SignInWorld) -> None:
    """Nothing is indexed anew: the entry says among whom a page lies."""
    sector.set_policy("hull", *HULL, LINE)
    sector.index_all()
    sector.set_policy("hull", *HULL, LINE, "deny,org:leeds,read,people:hull,any,any,-,Not while we merge")
    assert in_search(sector, "leeds/ann", "drainage") == set()
    assert found(sector, "leeds/ann") == ["Ann Shaw"]
    assert "Hal Finch" in found(sector, "hull/hetty")


def test_it_is_offered_previewed_with_who_gains_and_adopted(sector: SignInWorld) -> None:
    """Hal opens the offer on the page of the policy; nothing changes before he says so."""
    hal = sector.client("hull/hal")
    page = unescape(hal.get("/admin/hull/policy").text)
    assert "Let staff of other councils find your people" in page
    shown = hal.get("/admin/hull/policy/edit?add=find-our-people")
    said = unescape(shown.text)
    assert "It shows 2 people’s pages to people whom you may not see, if there are any." in said
    assert "Hal Finch" not in found(sector, "leeds/ann"), "looking changes nothing"
    assert hal.post("/admin/hull/policy/edit", data=form_of(shown) | {"do": "adopt"}).status_code == 303
    assert "Hal Finch" in found(sector, "leeds/ann")
    assert "Let staff of other councils find your people" not in unescape(hal.get("/admin/hull/policy").text)
    form = form_of(hal.get("/admin/hull/policy/edit"))
    form["text"] = "\r\n".join(line for line in form["text"].splitlines() if "people:hull" not in line) + "\r\n"
    back = unescape(hal.post("/admin/hull/policy/edit", data=form | {"do": "check"}).text)
    assert "It takes 2 people’s pages from" in back


def test_a_council_says_why_its_people_are_found(sector: SignInWorld) -> None:
    sector.set_policy("hull", *HULL, LINE)
    page = Desk(sector, "leeds/ann").see("/people/hull/hal")
    assert "taff of other councils find our people" in page
    assert "people:hull" not in page, "the line itself is Hull's"


def test_what_somebody_keeps_to_their_colleagues_other_councils_do_not_read(sector: SignInWorld) -> None:
    sector.set_policy("hull", *HULL, LINE)
    says(sector, "hull/hal", skills=("Silt",), knows_for="council", job="Engineer")
    sector.index_all()
    other, own = (Desk(sector, who).see("/people/hull/hal") for who in ("leeds/ann", "hull/hetty"))
    assert "Engineer" in other
    assert "Silt" not in other
    assert "Silt" in own
    assert found(sector, "leeds/ann", "?q=silt") == []
    assert found(sector, "hull/hetty", "?q=silt") == ["Hal Finch"]


def test_the_form_says_whom_all_councils_are_today(sector: SignInWorld) -> None:
    before = Desk(sector, "hull/hal").see("/me/profile")
    assert "Colleagues at Hull City Council" in before
    assert "Today staff of other councils cannot see your page" in before
    sector.set_policy("hull", *HULL, LINE)
    assert "Today staff of other councils can see your page" in Desk(sector, "hull/hal").see("/me/profile")


def known(world: World, who: str) -> set[str]:
    """Of which people a count that is told to somebody may hold one each."""
    with world.parts.database.reading() as session:
        person = session.scalars(select(Person).where(Person.handle == who)).one()
        viewer = world.parts.viewer(session, person)
        crowd = AsKnown(world.parts.snapshots, viewer).crowd(session)
        ids = crowd.directory.ids_of(crowd.everyone)
        return set(session.scalars(select(Person.handle).where(Person.id.in_(ids))))


def test_counts_tell_of_the_people_whom_one_finds_and_of_no_others(sector: SignInWorld) -> None:
    """By the line of Hull's staff, but not its guest; a deny about them hides them although Hull itself is open."""
    assert known(sector, "leeds/ann") == {"leeds/ann"}
    sector.set_policy("hull", *HULL, LINE)
    assert known(sector, "leeds/ann") == {"leeds/ann", "hull/hal", "hull/hetty"}
    hull_is_open = "allow,all-staff,read,hull,up to OFFICIAL,published,-,Open to the sector"
    sector.set_policy("hull", *HULL, hull_is_open, "deny,org:leeds,read,people:hull,any,any,-,Not while we merge")
    assert known(sector, "leeds/ann") == {"leeds/ann", "hull/gil"}
    sector.set_policy("hull", *HULL, hull_is_open)
    assert known(sector, "leeds/ann") == {"leeds/ann", "hull/hal", "hull/hetty", "hull/gil"}
