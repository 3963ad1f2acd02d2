"""Lee brings several files at once, publishes them together, sorts, moves and takes them away; Ann looks on.

Told at a desk, with the keyboard alone, on a phone, and without script; it ends with a crawl of all that Cy can reach.
"""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from hub.access.models import Place
from hub.features.imports import filing
from hub.features.imports.filing import filing_round
from hub.features.imports.undoing import undoing_round
from hub.ground.db import Database
from hub.nouns.documents.models import Document, Revision
from hub.web.filters import LONDON
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


@pytest.mark.parametrize("mode", MODES)
def test_lee_brings_in_the_folder_itself_stops_it_and_takes_it_back(
    chromium: Browser, town: World, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser packs the folder, with its folders and dates; into a space that nobody else knows of."""
    monkeypatch.setattr(filing, "AT_ONCE", 1)
    drive = tmp_path / f"{CANARY} drive"
    (drive / "Żółw").mkdir(parents=True)
    large = bytes(range(256)) * 12_000
    (drive / "Żółw" / "Keys.bin").write_bytes(large)
    (drive / "Plan.txt").write_text("words")
    (drive / "Empty.txt").write_text("")
    os.utime(drive / "Plan.txt", (1_551_691_800, 1_551_691_800))  # 4 March 2019, 9:30
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/lee", mode, shots_folder(f"{mode}-folder")) as lee,
        visit(chromium, town, url, "leeds/ann", mode) as ann,
    ):
        said = lee.go(f"/bring/{_id(town)}")
        if not lee.page.evaluate("document.body.classList.contains('js-enabled')"):
            assert "That takes JavaScript: without it, make the archive yourself." in said
            assert lee.page.get_by_label("Or the folder itself").is_disabled()
            return
        lee.page.get_by_label("Or the folder itself").set_input_files(drive)
        lee.page.get_by_text(f"3 files chosen in “{CANARY} drive”.").wait_for()
        lee.choose("Into a new private space in “Estates”")
        lee.write(**{"Name of the new space (optional)": f"From the {CANARY}"})
        lee.page.get_by_role("button", name="Bring it in").press("Enter")  # packed first, then sent
        lee.page.get_by_text("of 3 files are done.").wait_for()
        there = lee.page.url.removeprefix(url)
        filing_round(town.parts)
        assert "did not come in yet" in lee.press("Stop")
        assert "are done." in lee.press("Go on")
        while filing_round(town.parts):
            pass
        lee.page.get_by_role("heading", name="2 documents came in").wait_for()
        said = lee.look()
        assert "Empty.txt: it is empty" in said
        with town.parts.database.reading() as session:
            found = {each.title: each for each in session.scalars(select(Document))}
            keys = session.scalars(select(Revision.file_hash).where(Revision.document_id == found["Keys"].id)).one()
        assert keys == hashlib.sha256(large).hexdigest()
        assert found["Plan"].changed_at.astimezone(LONDON).isoformat()[:16] == "2019-03-04T09:30"
        assert f"/places/leeds/estates/from-the-{CANARY}" in lee.page.content()
        town.index_all()
        ann.finds_nothing(CANARY, told=["/places/leeds/estates", there, *about(found["Plan"].place_id)])
        lee.follow("Take back what came in")
        lee.press("Take it back")
        while undoing_round(town.parts):
            pass
        lee.page.get_by_role("heading", name="is taken back").wait_for()
        assert "Taken back (2)" in lee.look()


def _id(world: World) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == "leeds/estates")).one()
