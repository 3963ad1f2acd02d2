"""Bo of York asks the box, and opens what Leeds answered instead of asking; then he puts his photograph on his page.

Told at a desk, with the keyboard alone, on a phone, and on a phone without script.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from hub.features.people.models import AnswerOpened
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.visit import MODES, shots_folder, visit

pytestmark = pytest.mark.journey
QUESTION = "How do you register wardens?"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """A forum of Leeds in which a question was answered; Bo of York."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/ann", name="Ann Shaw")
        world.add_person("york/bo", name="Bo Reed")
        world.add_space("leeds/forum", name="Flood forum")
        node = world.add_thread("leeds/forum", QUESTION, "leeds/ann", "On paper so far.")
        world.post(node, "leeds/ann", "We use a form now.")
        world.index_all()
        yield world


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), (20, 90, 90)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("mode", MODES)
def test_bo_finds_the_answer_and_posts_nothing(chromium: Browser, town: World, mode: str) -> None:
    with serving(town.app) as url, visit(chromium, town, url, "york/bo", mode, shots_folder(mode)) as bo:
        bo.go("/")
        field = bo.page.get_by_label("Ask: how did others do it, and who knows?")
        if mode == "without-script":
            field.fill("who registers wardens")
            bo.press("Ask")
        else:
            field.press_sequentially("who registers wardens")
            expect(bo.page.get_by_role("heading", name="Has it been answered?")).to_be_visible()
            expect(bo.page.locator("form[data-asked] [role=status]")).to_have_text(
                "1 possible answer, 0 people who may know"
            )
            bo.look()
        assert "We use a form now." in bo.follow(QUESTION)
        with town.parts.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(AnswerOpened)) == 1
        bo.go("/me/photo")
        bo.page.get_by_label("A photograph").set_input_files(
            {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
        )
        assert "Your photograph is saved." in bo.press("Save")
        bo.go("/people/york/bo")
        assert bo.page.evaluate("document.querySelector('img.hub-portrait').naturalWidth") == 200
