"""Lee makes a space, shares it with York and a guest, opens it, moves it, and takes it back; Cy of York looks on.

Told at a desk, with the keyboard alone, on a phone, and on a phone without script; it ends with a crawl of all that Cy
of York can reach.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.access.places import place_at
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.crawl import about
from tests.journeys.visit import MODES, shots_folder, visit

pytestmark = pytest.mark.journey
CANARY = "kingfisher"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Lee looks after Leeds; York's staff and Acme's Maria can be found by name."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation(
            "leeds",
            "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
            "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after the spaces",
        )
        for slug in ("york", "acme"):
            world.add_organisation(slug, f"allow,all-staff,read,{slug},up to OFFICIAL,published,-,We can be found")
        world.add_person("leeds/lee", name="Lee Ward")
        for number in range(60):
            world.add_person(f"york/p{number:02}", name=f"Pat {number:02}")
        world.add_person("york/cy", name="Cy Moss")
        world.add_person("acme/maria", name="Maria Lopez", kind="guest")
        world.add_space("leeds/estates", "private", name="Estates")
        world.give("person:leeds/lee", "manage", "leeds/estates")
        yield world


@pytest.mark.parametrize("mode", MODES)
def test_lee_makes_a_space_and_shares_it_knowing_what_that_shows(chromium: Browser, town: World, mode: str) -> None:
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/lee", mode, shots_folder(mode)) as lee,
        visit(chromium, town, url, "york/cy", mode) as cy,
    ):
        # a confidential space is made; nobody else learns of it
        lee.go("/places/leeds")
        lee.follow("New space")
        assert "Enter a name" in lee.press("Continue")
        lee.write(Name="Joint flood plan")
        lee.choose("Confidential")
        said = lee.press("Continue")
        assert "What is published in it will be shown to 1 person in 1 organisation." in said
        assert "The space is made" in lee.press("Make the space")
        path = lee.page.url.removeprefix(url)
        assert path.startswith("/places/leeds/joint-flood-plan-"), "nobody learns of it by wanting the same"
        for number in range(3):
            town.add_document(path.removeprefix("/places/"), f"Plan {number}", f"The word is {CANARY}.")
        town.index_all()
        cy.finds_nothing(CANARY, "joint flood plan", told=[path, *about(_id(town, path))])
        # shared with York until a day, for a reason, once it is known what that shows
        lee.go(path)
        lee.follow("People")
        lee.fill(lee.page.get_by_label("Name of a person, a group or an organisation"), "York")
        lee.press("Find")
        lee.follow("Add Everyone at York City Council")
        assert "Enter a reason" in lee.press("Continue")
        lee.fill(lee.page.get_by_label("Last day (optional)"), "2027-03-31")
        lee.write(Reason="Joint flood plan")
        said = lee.press("Continue")
        assert "This shows 3 documents to 61 people in 1 organisation." in said
        lee.page.get_by_text("Show who gains and which documents").click()
        said = lee.look()
        assert "York City Council: 61" in said
        assert "Plan 2" in said
        assert "Pat 48" in said
        assert "Pat 58" in lee.press("More names")
        assert "Everyone at York City Council can see it now, as reader." in lee.press("Share it")
        assert CANARY in cy.go(path) or "Plan 1" in cy.go(path)
        assert "Plan 1" in cy.go(f"/search?q={CANARY}")
        assert "Members" not in cy.go(path)
        assert path in cy.finds("joint flood plan")
        # a guest needs an end
        lee.fill(lee.page.get_by_label("Name of a person, a group or an organisation"), "Maria")
        lee.press("Find")
        lee.follow("Add Maria Lopez")
        lee.write(Reason="Contract HO-117")
        assert "a guest’s admission ends" in lee.press("Continue")
        lee.fill(lee.page.get_by_label("Last day", exact=True), "2026-12-31")
        assert "This shows 3 documents to 1 guest." in lee.press("Continue")
        lee.press("Share it")
        # who can see it, by which rule
        said = lee.follow("Who can see what is in it")
        assert "62 people in 2 organisations and 1 guest can see it." in said
        assert "Joint flood plan" in said
        # York's membership is taken back: Cy's next click finds nothing
        lee.go(path)
        lee.follow("People")
        lee.use(lee.page.get_by_role("row", name="York").get_by_role("button", name="Remove"))
        assert "This takes 3 documents from 61 people in 1 organisation." in lee.look()
        lee.press("Remove")
        cy.finds_nothing(CANARY, "joint flood plan", told=[path, *about(_id(town, path))])
        lee.go(path)
        lee.follow("People")
        # Maria's role is changed, and put back
        lee.use(lee.page.get_by_role("row", name="Maria").get_by_role("link", name="Change"))
        assert "Change what Maria Lopez of Acme City Council may do" in lee.look()
        lee.choose("Editor")
        lee.press("Continue")
        said = "Maria Lopez of Acme City Council is editor here now."
        assert said in lee.look() or said in lee.press("Change it")
        assert "Undone: the members are as they were before." in lee.press("Undo")
        # it is withdrawn with what lies in it, and comes back as it was
        lee.follow("Settings")
        said = lee.follow("Withdraw it")
        assert "With it: 3 documents." in said
        assert "is withdrawn." in lee.press("Withdraw")
        assert "This shows 3 documents to 1 guest." in lee.press("Undo")
        assert "is published again." in lee.press("Restore")
        # an empty folder goes for good
        lee.go(path)
        lee.follow("New folder")
        lee.write(Name="Scrap")
        lee.press("Continue")
        lee.press("Make the folder")
        lee.follow("Settings")
        assert "It is deleted with its name, its address" in lee.follow("Delete it, if it is empty")
        assert "The folder “Scrap” is deleted." in lee.press("Delete the folder")
        # the space moves with all that lies in it, and its old address leads there
        lee.go(path)
        lee.follow("Settings")
        lee.follow("Move it, or change its address")
        lee.choose("Estates")
        said = lee.press("Continue")
        said = said if "is moved" in said else lee.press("Move it")
        assert "is moved" in said
        assert lee.page.url.startswith(f"{url}/places/leeds/estates/joint-flood-plan-")
        lee.go(path)
        assert lee.page.url.startswith(f"{url}/places/leeds/estates/joint-flood-plan-")
        moved = lee.page.url.removeprefix(url)
        told = [path, moved, *about(_id(town, moved))]
        cy.finds_nothing(CANARY, "joint flood plan", "estates", told=told)


def _id(town: World, path: str) -> str:
    """The id of the place at an address."""
    with town.parts.database.reading() as session:
        place = place_at(session, path.removeprefix("/places/"))
        assert place is not None, path
        return place.id
