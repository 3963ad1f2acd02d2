"""Mo shares one document of a private space with Cy of York from its own page, and takes it back; Bo looks on.

Told at a desk, with the keyboard alone, on a phone, and on a phone without script; it ends with a crawl of all that Cy
can reach.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.visit import MODES, visit

pytestmark = pytest.mark.journey
CANARY = "kingfisher"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Mo manages the private housing space of Leeds; Cy and Bo of York may be found, and read none of it."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
        world.add_organisation("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,We can be found")
        world.add_person("leeds/mo", name="Mo Khan")
        world.add_person("york/cy", name="Cy Moss")
        world.add_person("york/bo", name="Bo Lind")
        world.add_space("leeds/housing", "private", name="Housing")
        world.give("person:leeds/mo", "manage", "leeds/housing")
        yield world


@pytest.mark.parametrize("mode", MODES)
def test_mo_shares_a_plan_from_its_page_until_a_day_and_takes_it_back(
    chromium: Browser, town: World, mode: str
) -> None:
    plan = town.add_document("leeds/housing", "Heron plan", f"The word is {CANARY}.").removeprefix("doc:")
    other = town.add_document("leeds/housing", "Otter plan", f"Also {CANARY}.").removeprefix("doc:")
    town.index_all()
    here, told = f"/documents/{plan}", [f"/documents/{one}{page}" for one in (plan, other) for page in ("", "/why")]
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/mo", mode) as mo,
        visit(chromium, town, url, "york/cy", mode) as cy,
        visit(chromium, town, url, "york/bo", mode) as bo,
    ):
        assert "1 person in 1 organisation can read this" in mo.go(here)
        mo.pick("Share this document")
        mo.fill(mo.page.get_by_label("Name of a person, a group, an organisation or a guest"), "Cy")
        mo.press("Find")
        mo.follow("Share with Cy Moss")
        assert "Enter a reason" in mo.press("Continue")
        mo.write(Reason="Joint flood plan")
        mo.fill(mo.page.get_by_label("Last day (optional)"), "2027-03-31")
        assert "This shows 1 document to 1 person in 1 organisation." in mo.press("Continue")
        assert "Cy Moss of York City Council" in mo.press("Share it")
        assert "2 people in 2 organisations can read this" in mo.go(here)
        # Cy finds just that one, and why; Bo, who sits beside him, nothing
        assert "Heron plan" in cy.go(f"/search?q={CANARY}")
        cy.follow("Heron plan")
        cy.open(cy.page.get_by_text("Why can I see this?"))
        assert "Joint flood plan" in cy.look()
        assert cy.page.locator("main").get_by_text("Otter plan").count() == 0
        bo.finds_nothing(CANARY, "heron", "otter", told=told)
        # it is taken back, and Cy's next click finds nothing
        mo.pick("Share this document")
        mo.use(mo.page.get_by_role("row", name="Cy Moss").get_by_role("button", name="Remove"))
        assert "This takes 1 document from 1 person in 1 organisation." in mo.look()
        mo.press("Stop sharing")
        cy.finds_nothing(CANARY, "heron", "otter", told=told)
