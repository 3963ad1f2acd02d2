"""Members see who else is in a space, and who manages it; whoever is none of them sees neither list nor count."""

from datetime import date

from lxml import html
from sqlalchemy import update

from hub.access.holds import RETURN, hold_person
from hub.access.models import Person
from tests.hub.features.sharing.conftest import place_id
from tests.hub.world import World

LATER = date(2026, 12, 31)


def listed(town: World, who: str, query: str = "") -> list[str]:
    """The rows of the list, as somebody reads them."""
    answer = town.client(who).get(f"/who-is-in/{place_id(town, 'leeds/housing')}{query}")
    assert answer.status_code == 200, who
    rows = html.fromstring(answer.text).xpath("//main//tbody/tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


def test_members_see_who_is_in_a_space_with_organisation_role_and_end(town: World) -> None:
    """Mo, Bo of York and Gus of Acme are in it by themselves, Legal by its group, Cy's rights ended, Dee is away."""
    with town.work() as uow:
        uow.session.execute(update(Person).where(Person.handle == "leeds/mo").values(name="Mo Ali"))
    town.give("person:york/bo", "edit", "leeds/housing")
    town.give("guest:acme/gus", "read", "leeds/housing", until=LATER, source="guest")
    town.give("group:leeds/legal", "comment", "leeds/housing")
    town.take_back(town.give("person:york/cy", "read", "leeds/housing"))
    town.add_person("leeds/zoe")
    town.give("person:leeds/zoe", "read", "leeds/housing")
    town.set_status("leeds/zoe", "suspended")
    for who in ("leeds/mo", "york/bo", "leeds/dee"):
        rows = listed(town, who)
        assert len(rows) == 4, rows
        assert rows[0].startswith("Mo Ali of Leeds"), "who manages it comes first"
        assert "Manages it" in rows[0]
        said = " / ".join(rows)
        assert "Bo of York" in said
        assert "Can edit no end" in said
        assert "Gus of Acme" in said
        assert "Guest Can read 31 Dec 2026" in said
        assert "leeds/mo" not in said, "no handle stands where a name belongs"
        assert ("The group" in said) == who.startswith("leeds"), "others' groups are their own business"
    for who in ("leeds/ann", "york/cy"):
        there = town.client(who).get(f"/who-is-in/{place_id(town, 'leeds/housing')}")
        absent = town.client(who).get("/who-is-in/zzzzzzzzzzzz")
        assert (there.status_code, there.data) == (absent.status_code, absent.data), who
        assert "Who is in this space" not in town.client(who).get("/places/leeds/housing").text


def test_a_guest_is_told_of_no_guest_of_another_firm(town: World) -> None:
    """Two firms tender: neither learns of the other, by name or by number."""
    town.add_organisation("bolt", kind="supplier")
    town.add_person("bolt/eve", kind="guest")
    town.add_person("acme/hal", kind="guest")
    for guest in ("acme/gus", "acme/hal", "bolt/eve"):
        town.give(f"guest:{guest}", "read", "leeds/housing", until=LATER, source="guest")
    assert len(listed(town, "acme/gus")) == 3
    assert "Eve" not in " ".join(listed(town, "acme/gus"))
    assert len(listed(town, "bolt/eve")) == 2
    assert len(listed(town, "leeds/mo")) == 4


def test_whose_rights_wait_is_not_in_it_until_they_are_confirmed(town: World) -> None:
    town.give("person:york/bo", "edit", "leeds/housing")
    with town.work() as uow:
        hold_person(uow, uow.session.query(Person).filter_by(handle="york/bo").one(), RETURN)
    assert len(listed(town, "leeds/mo")) == 1


def test_whom_a_line_names_just_there_is_a_member_too(town: World) -> None:
    lines = (
        "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
        "allow,group:leeds/legal,edit,leeds/housing,any,any,-,Legal keeps it",
        "allow,person:leeds/ann,read,leeds/housing,any,any,2026-11-30,Ann helps",
        "allow,org:leeds,read,leeds/housing,only PUBLIC,published,-,Staff may look",
    )
    town.set_policy("leeds", *lines)
    rows = listed(town, "leeds/dee")
    assert len(rows) == 3
    assert any("Ann" in row and "30 Nov 2026" in row for row in rows)
    assert any("The group" in row and "Can edit" in row for row in rows)
    town.parts.clock.move(days=60)  # type: ignore[attr-defined]
    assert len(listed(town, "leeds/dee")) == 2


def test_a_long_list_comes_in_pages_of_fifty(town: World, queries: list[str]) -> None:
    for number in range(60):
        town.add_person(f"york/p{number}", name=f"Person {number:02}")
        town.give(f"person:york/p{number}", "read", "leeds/housing")
    assert len(listed(town, "york/p3")) == 50
    rest = listed(town, "york/p3", "?page=2")
    assert len(rest) == 11
    assert "Person 59 of York" in rest[-1]
    mo = town.client("leeds/mo")
    address = f"/who-is-in/{place_id(town, 'leeds/housing')}"
    mo.get(address)
    queries.clear()
    mo.get(address)
    assert len(queries) <= 15, queries


def test_readers_are_told_who_manages_a_space_as_far_as_they_may_see_them(town: World) -> None:
    """Ann sees Mo's page and is told of him, Cy of York does not; neither is told of anybody else."""
    town.add_space("leeds/open", "open", name="Open")
    town.give("person:leeds/mo", "manage", "leeds/open")
    town.give("person:york/bo", "read", "leeds/open")
    for who, told in (("leeds/ann", True), ("york/cy", False), ("york/bo", True)):
        page = html.fromstring(town.client(who).get("/places/leeds/open").text)
        text = " ".join(page.xpath("//main")[0].text_content().split())
        assert ("Managed by Mo of Leeds" in text) == told, who
        people = page.xpath("//nav[@aria-label='Space']//a[text()='People']/@href")
        assert bool(people) == (who == "york/bo"), who
