"""Hana and Ivo write a plan together: preview, draft, publish, a clash, a comparison, the older text back, withdrawn.

Told at a desk, with the keyboard alone, on a phone, and on a phone without script; it ends with a crawl of all that Ben
of York can reach.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.visit import MODES, shots_folder, visit

pytestmark = pytest.mark.journey

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2027-03-31,Joint work on rivers",
)
CANARY = "kingfisher"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Hana and Ivo keep the housing space of Leeds; Ben reads from York."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", *LEEDS)
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
        world.add_person("leeds/ivo", "leeds/housing", name="Ivo Brown")
        world.add_person("york/ben", name="Ben Atkinson")
        world.add_space("leeds/housing", "restricted", name="Housing")
        yield world


@pytest.mark.parametrize("mode", MODES)
def test_two_officers_write_a_plan_and_nobody_loses_a_word(chromium: Browser, town: World, mode: str) -> None:
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/hana", mode, shots_folder(mode)) as hana,
        visit(chromium, town, url, "leeds/ivo", mode) as ivo,
        visit(chromium, town, url, "york/ben", mode) as ben,
    ):
        # she writes, looks at it, and keeps a draft
        assert "You have no drafts" in hana.go("/")
        hana.follow("Housing")
        hana.follow("Write a document")
        hana.write(Title="Flood plan", Text=f"## Sandbags\n\nRing the depot on **0001**. The word is {CANARY}.")
        said = hana.press("Preview")
        assert "Preview: nothing is saved yet" in said
        assert hana.page.locator(".hub-preview strong").inner_text() == "0001"
        assert "Only you and those who may edit in Housing can see this draft." in hana.press("Save as a draft")
        path = hana.page.url.removeprefix(url)
        assert "Flood plan" in hana.go("/").partition("My drafts")[2]
        pages = [path, f"{path}/revisions/1", f"{path}/compare", f"{path}/edit", f"{path}/publish", f"{path}/revisions"]
        ben.finds_nothing(CANARY, "flood plan", told=pages)
        # she is told who will read it, publishes, and York reads
        hana.go(path)
        said = hana.follow("Publish")
        assert "Everyone at York City Council (until 31 March 2027)".lower() in said.lower()
        assert "“Flood plan” is published." in hana.press("Publish")
        town.index_all()
        assert CANARY in ben.go(path)
        assert "Flood plan" in ben.go(f"/search?q={CANARY}")
        assert "Edit" not in ben.go(path).split()
        assert path in ben.finds(CANARY)
        # both edit at once: Ivo is quicker, Hana keeps both texts
        hana.go(f"{path}/edit")
        ivo.go(f"{path}/edit")
        ivo.write(Text=f"## Sandbags\n\nRing the depot on **0002**. The word is {CANARY}.")
        assert "Revision 2 is saved." in ivo.press("Save")
        hana.write(Text=f"## Sandbags and pumps\n\nRing the depot on **0001**. The word is {CANARY}.")
        said = hana.press("Save")
        assert "Ivo Brown of Leeds City Council saved revision 2 while you were writing" in said
        assert "Sandbags and pumps" in hana.page.get_by_label("Your text").input_value()
        assert hana.page.locator("del").all_inner_texts() != []
        hana.write(**{"Your text": f"## Sandbags and pumps\n\nRing the depot on **0002**. The word is {CANARY}."})
        assert "Revision 3 is saved." in hana.press("Save after theirs")
        # she compares, and brings the first text back, and undoes that
        hana.pick("Compare revisions")
        hana.page.get_by_label("From", exact=True).select_option("1")
        said = hana.press("Compare")
        assert "Revisions 1 and 3 compared" in said
        assert "0001" in hana.page.locator("del").first.inner_text() or hana.page.locator("del").count() > 1
        assert "Revision 1 is back, as revision 4." in hana.press("Bring this revision back")
        assert "Revision 3 is back, as revision 5." in hana.press("Undo")
        # the marking is raised and undone; then it is withdrawn: York's next click finds nothing
        hana.pick("Change marking")
        hana.choose("OFFICIAL-SENSITIVE")
        assert "This takes it from staff of york who can read it now." in hana.press("Change the marking")
        hana.press("Mark it OFFICIAL-SENSITIVE")
        ben.page.goto(f"{url}{path}")
        assert "Page not found" in ben.page.locator("main").inner_text()
        # undoing that widens: she is first told whom it shows the plan
        said = hana.press("Undo")
        assert "This shows it to staff of york who cannot read it now." in said
        assert "is as it was before: published, OFFICIAL." in hana.press("Undo")
        assert CANARY in ben.go(path)
        hana.pick("Withdraw")
        assert "“Flood plan” is withdrawn." in hana.press("Withdraw")
        assert "Restore" in hana.go(path)
        told = [
            *pages,
            f"{path}/revisions/5",
            f"{path}/withdraw",
            f"{path}/marking",
            f"/share{path.replace('documents', 'document')}",
        ]
        ben.finds_nothing(CANARY, "flood plan", "sandbags", told=told)
