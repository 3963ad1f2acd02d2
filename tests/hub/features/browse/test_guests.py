"""A guest is told who sponsors them, for what, and until when: on their home page, on spaces and on documents."""

from datetime import date

import pytest
from lxml import html
from sqlalchemy import event

from hub.ground.db import Database
from hub.nouns.people.service import NewGrant, give
from tests.hub.once import Begin
from tests.hub.world import World

TENDER = "Contract HO-117"


def the_town(world: World) -> None:
    """Priya of Leeds admits Gus of Acme to the tender until 31 December 2026; nobody's page is open to guests."""
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,any,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/priya", name="Priya Nair")
    world.add_person("acme/gus", name="Gus Price", kind="guest")
    world.add_person("acme/eve", name="Eve Long", kind="guest")
    for name in ("tender", "depot"):
        world.add_space(f"leeds/{name}", "private", name=name.capitalize())
    admit(world, "tender", date(2026, 12, 31))


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def admit(
    world: World, space: str, until: date, who: str = "acme/gus", by: str = "leeds/priya", why: str = TENDER
) -> None:
    with world.work() as uow:
        place = world._place(uow, f"leeds/{space}")
        organisation = place.organisation_id or ""
        give(uow, NewGrant(f"guest:{who}", "read", place.id, organisation, by, source="guest", reason=why, until=until))


KINDS = {
    "hub-panel": "hub-panel",
    "hub-notice": "hub-notice",
    "hub-waiting__info": "hub-panel",
    "hub-waiting__warning": "hub-notice",
}
"""What is said quietly and what loudly, on pages of things and on the home page."""


def on_top(world: World, address: str, who: str = "acme/gus") -> list[tuple[str, str]]:
    """What stands on top about admissions: each text, and how loud it is said."""
    page = world.client(who).get(address)
    assert page.status_code == 200
    about = "contains(., 'sponsor') or contains(., 'a guest of')"
    boxes = html.fromstring(page.text).xpath(f"//main//div[{about}] | //main//li[{about}]")
    boxes = [box for box in boxes if box.get("class") in KINDS]
    return [(" ".join(box.text_content().split()), KINDS[box.get("class")]) for box in boxes]


def test_gus_reads_who_sponsors_him_for_what_and_until_when(town: World) -> None:
    plan = f"/documents/{town.add_document('leeds/tender', 'Drawings').removeprefix('doc:')}"
    sentence = (
        "Your access ends on 31 December 2026. Priya Nair of Leeds City Council is your sponsor (Contract HO-117)."
    )
    for address in ("/places/leeds/tender", plan):
        assert on_top(town, address) == [(sentence, "hub-panel")], address
    home = sentence.replace("access ends", "access to Tender ends")
    assert on_top(town, "/") == [(home, "hub-panel")]
    assert html.fromstring(town.client("acme/gus").get("/").text).xpath("//main//a[@href='/places/leeds/tender']")
    assert "admitted you to Tender until 31 December 2026" in town.client("acme/gus").get(plan).text


def test_a_fortnight_before_the_end_he_is_reminded_whom_to_ask(town: World) -> None:
    """From the fourteenth day on; on the last two days in words."""
    clock = town.parts.clock
    for day, said in (
        (date(2026, 12, 16), "Your access ends on 31 December 2026."),
        (date(2026, 12, 17), "Your access ends in 14 days, on 31 December 2026."),
        (date(2026, 12, 30), "Your access ends tomorrow, on 31 December 2026."),
        (date(2026, 12, 31), "Your access ends today, on 31 December 2026."),
    ):
        clock.at = clock.at.replace(year=day.year, month=day.month, day=day.day)
        ((text, kind),) = on_top(town, "/places/leeds/tender")
        assert text.startswith(said)
        assert (kind == "hub-notice") is (day > date(2026, 12, 16)), day
        assert ("If your work goes on, ask Priya Nair in time." in text) is (kind == "hub-notice")


def test_when_it_has_ended_he_finds_who_it_was_and_nothing_else(town: World) -> None:
    town.parts.clock.move(days=80)
    assert town.client("acme/gus").get("/places/leeds/tender").status_code == 404
    said = "Your access ended on 31 December 2026. Priya Nair of Leeds City Council was your sponsor."
    ((text, kind),) = on_top(town, "/")
    assert (text.removeprefix("Look at this: "), kind) == (said, "hub-notice")
    assert "Tender" not in town.client("acme/gus").get("/").text


def test_the_longer_admission_counts_and_alike_ones_are_told_together(town: World) -> None:
    admit(town, "depot", date(2026, 12, 31))
    ((text, _),) = on_top(town, "/")
    assert "Your access to Tender and Depot ends" in text or "Your access to Depot and Tender ends" in text
    admit(town, "tender", date(2027, 6, 30), why="Snagging")
    ((text, _),) = on_top(town, "/places/leeds/tender")
    assert text.startswith("Your access ends on 30 June 2027.")
    assert "(Snagging)" in text
    assert len(on_top(town, "/")) == 2


def test_a_sponsor_who_is_kept_out_is_not_named(town: World) -> None:
    town.set_status("leeds/priya", "suspended")
    for address in ("/", "/places/leeds/tender"):
        ((text, _),) = on_top(town, address)
        assert "You are a guest of Leeds City Council (Contract HO-117)." in text
        assert "Priya" not in text


def test_nobody_else_learns_a_sponsors_name_by_it(town: World) -> None:
    """Eve has another sponsor's admission; staff and Priya herself have none. Priya's page stays closed to Gus."""
    town.add_person("leeds/sam", name="Sam Okafor")
    admit(town, "depot", date(2026, 12, 31), who="acme/eve", by="leeds/sam")
    town.set_policy("leeds", "allow,org:leeds,read,leeds,any,published,-,Staff", "allow,org:leeds,read,leeds/tender,any,any,-,Staff")  # noqa: E501  # fmt: skip
    eve = town.client("acme/eve").get("/").text
    assert "Sam Okafor of Leeds City Council is your sponsor" in eve
    assert "Priya" not in eve
    assert on_top(town, "/places/leeds/tender", "leeds/sam") == []
    assert on_top(town, "/", "leeds/priya") == []
    assert town.client("acme/gus").get("/people/leeds/priya").status_code == 404


def test_it_costs_a_guest_one_query_and_staff_none(town: World, database: Database) -> None:
    plan = f"/documents/{town.add_document('leeds/tender', 'Drawings').removeprefix('doc:')}"
    admit(town, "depot", date(2026, 12, 31))
    gus = town.client("acme/gus")
    for address in ("/", "/places/leeds/tender", plan):
        gus.get(address)
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", note := lambda *a, asked=asked: asked.append(a[2]))
        assert gus.get(address).status_code == 200
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(asked) <= 15, (address, asked)
        assert len([one for one in asked if "coalesce(people" in one]) == 1, (address, asked)
