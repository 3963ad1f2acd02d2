"""Lee brings several files at once, publishes them together, sorts, moves and takes them away; Ann looks on.

Told at a desk, with the keyboard alone, on a phone, and without script; it ends with a crawl of all that Cy can reach.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from hub.access.models import Place
from hub.features.imports.filing import filing_round
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.crawl import about
from tests.journeys.visit import MODES, shots_folder, visit

pytestmark = pytest.mark.journey
CANARY = "kingfisher"
FILES = [
    {"name": f"{CANARY} {number}.txt", "mimeType": "text/plain", "buffer": f"the {number}th".encode()}
    for number in range(3)
]


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Lee manages a private space of Leeds with a folder; Ann is a member; Cy of York is not."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds")
        world.add_space("leeds/estates", "private", name="Estates")
        world.set_policy(
            "leeds",
            "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
            "allow,person:leeds/lee,manage,leeds/estates,any,any,-,Lee keeps the estates",
        )
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/lee", name="Lee Ward")
        world.add_person("leeds/ann", name="Ann Hill")
        world.add_person("york/cy", name="Cy Moss")
        world.add_folder("leeds/estates/old", name="Old ones")
        world.give("person:leeds/ann", "read", "leeds/estates")
        yield world


@pytest.mark.parametrize("mode", MODES)
def test_lee_works_with_several_files_at_once(chromium: Browser, town: World, mode: str) -> None:
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/lee", mode, shots_folder(mode)) as lee,
        visit(chromium, town, url, "leeds/ann", mode) as ann,
        visit(chromium, town, url, "york/cy", mode) as cy,
    ):
        lee.go("/places/leeds/estates")
        lee.follow("Upload files")
        lee.page.get_by_label("File, or several").set_input_files(FILES)  # type: ignore[arg-type]  # plain values
        lee.page.get_by_role("button", name="Upload").press("Enter")
        lee.page.get_by_text("3 documents added").first.wait_for()
        assert CANARY not in ann.go("/places/leeds/estates").lower()
        said = lee.press("Publish them")
        assert "This shows 3 documents to 1 person in 1 organisation" in said
        assert "3 documents published" in lee.press("Publish")
        town.index_all()
        assert CANARY in ann.go("/places/leeds/estates").lower()
        # a space says what it is for
        lee.go("/places/leeds/estates")
        lee.press("Write a cover text")
        lee.write(Text="Where the *keys* are.")
        lee.press("Save")
        lee.follow("Publish")
        lee.press("Publish")
        assert "Where the keys are." in ann.go("/places/leeds/estates")
        # the newest first, then two of them into the folder
        lee.follow("Estates")
        lee.use(lee.page.get_by_role("link", name="Files", exact=True))
        for number in (0, 1):
            lee.page.get_by_label(f"Choose {CANARY} {number}").press("Space")
        lee.press("Move")
        lee.choose("Old ones")
        said = lee.press("Continue")
        assert "Move 2 documents to “Old ones”?" in said
        assert "2 documents moved" in lee.press("Move")
        files = ann.follow("Files")
        assert f"{CANARY} 2" in files
        assert f"{CANARY} 1" not in files
        assert "2 documents as they were before" in lee.press("Undo")
        # all of it in one archive, as Ann may read it
        archive = ann.page.request.get(f"{url}/files/{_id(town)}/zip")
        with zipfile.ZipFile(io.BytesIO(archive.body())) as packed:
            names = packed.namelist()
        assert sorted(names) == ["About Estates.md", *(f"{CANARY} {number}.txt" for number in range(3))]
        cy.finds_nothing(CANARY, "where the keys", told=["/places/leeds/estates", *about(_id(town))])


@pytest.mark.parametrize("mode", MODES)
def test_lee_brings_in_a_folder(chromium: Browser, town: World, mode: str) -> None:
    """The page says by itself when it is done, or by a link without script; others see what is published, no more."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(f"{CANARY}/Keys.txt", f"where the {CANARY} sits")
        archive.writestr(f"{CANARY} plan.txt", "words")
    sent = {"name": f"{CANARY}.zip", "mimeType": "application/zip", "buffer": whole.getvalue()}
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/lee", mode, shots_folder(mode)) as lee,
        visit(chromium, town, url, "leeds/ann", mode) as ann,
        visit(chromium, town, url, "york/cy", mode) as cy,
    ):
        lee.go("/places/leeds/estates")
        lee.follow("Upload files")
        lee.follow("Bring in a folder")
        lee.page.get_by_label("ZIP archive of the folder").set_input_files(sent)  # type: ignore[arg-type]  # plain values
        assert "0 of 2 files are done." in lee.press("Bring it in")
        there = lee.page.url.removeprefix(url)
        while filing_round(town.parts):
            pass
        if lee.page.evaluate("document.body.classList.contains('js-enabled')"):
            lee.page.get_by_role("heading", name="2 documents came in").wait_for()
        else:
            assert "2 documents came in" in lee.follow("Look again")
        assert f"{CANARY} plan" not in ann.go("/files/" + _id(town)).lower()
        lee.use(lee.page.get_by_role("button", name="Publish 1 document").first)
        assert "1 document published" in lee.press("Publish")
        assert f"{CANARY} plan" in ann.go("/files/" + _id(town)).lower()
        town.index_all()
        cy.finds_nothing(CANARY, told=["/places/leeds/estates", there, *about(_id(town))])


def _id(world: World) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == "leeds/estates")).one()
