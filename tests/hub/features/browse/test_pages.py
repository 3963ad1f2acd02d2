"""Walking through organisations, spaces, folders and people."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World


def the_town(world: World) -> None:
    """Leeds with spaces of every audience, York, and a guest of Acme's in one space."""
    for slug in ("leeds", "york", "acme"):
        world.add_organisation(
            slug,
            f"allow,all-staff,read,{slug},only PUBLIC,published,-,Open to the sector",
            f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work",
        )
    for handle in ("leeds/ann", "leeds/mo", "york/bo"):
        world.add_person(handle)
    world.add_person("acme/gus", kind="guest")
    for audience in ("open", "restricted", "private", "confidential"):
        world.add_space(f"leeds/{audience}", audience, name=f"The {audience} space")
    world.give("person:leeds/mo", "manage", "leeds/private")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def files_of(client: FlaskClient, path: str) -> TestResponse:
    """The files of a space, by the tab that leads there."""
    page = html.fromstring(client.get(f"/places/{path}").text)
    return client.get(str(page.xpath("//nav[@aria-label='Space']//a[text()='Files']/@href")[0]))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("leeds/ann", {"open", "restricted", "private"}),
        ("leeds/mo", {"open", "restricted", "private"}),
        ("york/bo", {"open", "restricted"}),
        ("acme/gus", set()),
    ],
)
def test_each_sees_the_home_pages_that_the_audience_allows(town: World, who: str, seen: set[str]) -> None:
    """Open and restricted: all staff. Private: the owning organisation's. Confidential: members only (L18)."""
    client = town.client(who)
    for audience in ("open", "restricted", "private", "confidential"):
        status = client.get(f"/places/leeds/{audience}").status_code
        assert status == (200 if audience in seen else 404), audience
    page = client.get("/places/leeds").get_data(as_text=True)
    for audience in ("open", "restricted", "private", "confidential"):
        assert (f"The {audience} space" in page) == (audience in seen), audience


def test_what_lies_in_a_private_space_shows_to_its_members_only(town: World) -> None:
    """Ann learns whom to ask, Mo reads."""
    document = town.add_document("leeds/private", "Advice", "Privileged")
    address = f"/documents/{document.removeprefix('doc:')}"
    assert town.client("leeds/mo").get(address).status_code == 200
    assert town.client("leeds/ann").get(address).status_code == 404
    page = town.client("leeds/ann").get("/places/leeds/private").get_data(as_text=True)
    assert "Advice" not in page
    assert "Mo" in page


def test_a_guest_sees_the_one_space_and_nothing_else(town: World) -> None:
    """L25: the page of who admitted them; no other space, no people, no other organisation."""
    from datetime import date

    town.add_document("leeds/open", "For the contractor", "Drawings")
    town.give("guest:acme/gus", "read", "leeds/open", until=date(2026, 12, 31), source="guest")
    gus = town.client("acme/gus")
    assert "For the contractor" in gus.get("/places/leeds/open").get_data(as_text=True)
    host = gus.get("/places/leeds").get_data(as_text=True)
    assert "The open space" in host
    assert "The restricted space" not in host
    assert gus.get("/people/leeds/ann").status_code == 404
    assert "York" not in gus.get("/organisations").get_data(as_text=True)
    town.parts.clock.move(days=80)
    assert town.client("acme/gus").get("/places/leeds/open").status_code == 404


def test_the_list_of_organisations_counts_what_the_viewer_may_see(town: World) -> None:
    """Bo counts two spaces of Leeds, Ann three."""
    for who, count in (("york/bo", 2), ("leeds/ann", 3)):
        page = town.client(who).get("/organisations").get_data(as_text=True)
        row = page.partition("Leeds City Council</a>")[2].partition("</tr>")[0]
        assert f">{count}</td>" in row


def test_a_persons_page_shows_who_they_are_to_their_own_staff(town: World) -> None:
    """People are OFFICIAL: Leeds reads of Leeds, York does not unless policy says so."""
    assert "Mo" in town.client("leeds/ann").get("/people/leeds/mo").get_data(as_text=True)
    assert town.client("york/bo").get("/people/leeds/mo").status_code == 404


def test_a_place_with_many_documents_takes_the_same_few_queries(town: World, queries: list[str]) -> None:
    """No query for each row."""
    for n in range(30):
        town.add_document("leeds/open", f"Note {n}")
    client = town.client("leeds/ann")
    client.get("/places/leeds/open")
    del queries[:]
    assert client.get("/places/leeds/open").status_code == 200
    assert len(queries) <= 12, queries


@pytest.fixture
def queries(database: Database) -> list[str]:
    """The statements that the database is given."""
    from sqlalchemy import event

    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    return found


@pytest.mark.parametrize("who", ["leeds/ann", "acme/gus"])
def test_no_link_on_the_first_page_leads_nowhere(town: World, who: str) -> None:
    """Nobody is led to a page that is not there for them, least of all to their own."""
    client = town.client(who)
    links = {link for link in html.fromstring(client.get("/").text).xpath("//a/@href") if link.startswith("/")}
    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


def test_a_document_of_half_past_midnight_in_summer_bears_the_same_day_in_every_list(town: World) -> None:
    """Days are London's: half past eleven in the evening, UTC, on 30 June is 1 July."""
    town.parts.clock.at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # type: ignore[attr-defined]  # the tests' clock
    town.add_document("leeds/open", "Midsummer")
    client = town.client("leeds/ann")
    for address in ("/", "/places/leeds/open"):
        assert html.fromstring(client.get(address).text).xpath("(//td|//li)//time/@datetime") == ["2026-07-01"]


def test_who_belongs_to_a_space_is_for_those_who_belong_to_it(town: World) -> None:
    """Its home page shows to more people than its members do; and who is in York's groups is York's to know."""
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    town.add_person("york/yan", "york/flood")
    town.give("person:leeds/mo", "read", "leeds/restricted")
    town.give("group:york/flood", "read", "leeds/restricted")

    def spaces(who: str, whose: str) -> list[str]:
        page = html.fromstring(town.client(who).get(f"/people/{whose}").text)
        return page.xpath("//a[starts-with(@href, '/places/leeds/')]/text()")

    assert spaces("leeds/ann", "leeds/mo") == []
    assert spaces("leeds/mo", "leeds/mo") == ["The private space", "The restricted space"]
    town.give("person:leeds/ann", "read", "leeds/restricted")
    assert spaces("leeds/ann", "leeds/mo") == ["The restricted space"]
    assert spaces("leeds/ann", "york/yan") == []
    town.give("person:york/bo", "read", "leeds/restricted")
    assert spaces("york/bo", "york/yan") == ["The restricted space"]


def test_a_manager_whose_page_is_hidden_is_not_named(town: World) -> None:
    town.give("person:leeds/mo", "manage", "leeds/restricted")
    assert "Mo" in town.client("leeds/ann").get("/places/leeds/private").text
    assert "Mo" not in town.client("york/bo").get("/places/leeds/restricted").text


def test_a_marking_is_shown_where_it_is_not_the_usual_one_of_the_place(town: World) -> None:
    town.add_document("leeds/open", "Usual")
    town.add_document("leeds/open", "For the public", marking="PUBLIC")
    page = html.fromstring(files_of(town.client("leeds/ann"), "leeds/open").text)
    rows = {
        str(row.xpath(".//a/text()")[0]): " ".join(row.xpath(".//*[contains(@class, 'hub-tag')]/text()"))
        for row in page.xpath("//table[contains(@class, 'hub-table--files')]//tr[.//th[@scope='row']]")
    }
    assert (rows["Usual"], rows["For the public"]) == ("", "PUBLIC")
