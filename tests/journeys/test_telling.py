"""The chief executive writes news that Leeds is asked to read, and an idea of York's goes from new to pounds realised.

Told at a desk, with the keyboard alone, on a phone, and on a phone without script (conversation notes, 1 and 11).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World, make_parts
from tests.journeys.visit import KEYBOARD, MODES, Visit, shots_folder, visit

pytestmark = pytest.mark.journey
STAFF = "allow,all-staff,comment,leeds,up to OFFICIAL,published,-,Staff read and write here"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Cass is chief executive and keeps two spaces; Ann works for Leeds, Bo for York."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", STAFF, "allow,document-owner,manage,leeds,any,any,-,Authors keep their own")
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/cass", name="Cass Orr", job="Chief executive")
        world.add_person("leeds/ann", name="Ann Shaw")
        world.add_person("york/bo", name="Bo Reed")
        for path, name in (("leeds/blog", "From the chief executive"), ("leeds/ideas", "Ideas for the region")):
            world.add_space(path, "open", name=name)
            world.give("person:leeds/cass", "manage", path)
        yield world


def take(cass: Visit, talk: str, *sorts: str) -> None:
    """Cass says what people can start in a space."""
    cass.go(f"{talk}/sorts")
    for box in cass.page.locator("main input[type=checkbox]").all():
        if box.is_checked() == (box.get_attribute("value") in sorts):
            continue
        if cass.mode == KEYBOARD:
            cass.reach(box)
            cass.page.keyboard.press("Space")
        else:
            box.click()
    cass.press("Save")


@pytest.mark.parametrize("mode", MODES)
def test_the_chief_executives_news_is_read_and_leeds_says_so(chromium: Browser, town: World, mode: str) -> None:
    talk = f"/talk/{place_id(town, 'leeds/blog')}"
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/cass", mode, shots_folder(mode)) as cass,
        visit(chromium, town, url, "leeds/ann", mode) as ann,
        visit(chromium, town, url, "york/bo", mode) as bo,
    ):
        take(cass, talk, "news")
        cass.go(talk)
        cass.follow("Write news")
        cass.write(Title="How we work from next month", Text="Teams agree for themselves.")
        assert "This is a draft" in cass.press("Save as a draft")
        assert "How we work" not in ann.go(talk)
        cass.follow("Publish or schedule")
        cass.choose("All staff of my organisation who can read it")
        assert "This shows 1 conversation" in cass.press("Continue")
        cass.press("Publish it")
        # Ann finds it waiting on her home page, Bo of York reads it and is asked nothing
        assert "Read “How we work from next month”, and say that you have" in ann.go("/")
        ann.follow("Read “How we work from next month”")
        assert "You said on" in ann.press("I have read this")
        assert "say that you have" not in bo.go("/")
        bo.go(talk)
        assert "I have read this" not in bo.follow("How we work from next month")
        # Cass sees who has
        assert "1 of 1 at" in cass.pick("Who has read this?")
        assert "Ann Shaw" in cass.follow("have read it (1)")


@pytest.mark.parametrize("mode", MODES)
def test_an_idea_of_york_saves_pounds(chromium: Browser, town: World, mode: str) -> None:
    talk = f"/talk/{place_id(town, 'leeds/ideas')}"
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/cass", mode, shots_folder(mode)) as cass,
        visit(chromium, town, url, "leeds/ann", mode) as ann,
        visit(chromium, town, url, "york/bo", mode) as bo,
    ):
        take(cass, talk, "idea")
        bo.go(talk)
        bo.follow("Put forward an idea")
        bo.write(Title="One gritting contract", Text="We pay twice for one road.")
        assert "New" in bo.press("Put forward an idea")
        ann.go(f"{talk}?show=ideas")
        ann.follow("One gritting contract")
        assert "1 person supports this." in ann.press("Support this")
        cass.go(f"{talk}?show=ideas")
        cass.follow("One gritting contract")
        cass.follow("Accept it")
        assert "There is a problem" in cass.press("Accept it")
        cass.fill(cass.page.get_by_label("What you say about it"), "Both winters are tendered together.")
        cass.press("Accept it")
        cass.follow("Say that it is done")
        cass.fill(cass.page.get_by_label("What it saved or brought in, in pounds"), "12.50")
        assert "without pence" in cass.press("Say that it is done")
        cass.fill(cass.page.get_by_label("What it saved or brought in, in pounds"), "12,400")
        assert "was worth £12,400." in cass.press("Say that it is done")
        assert "£12,400 realised by 1 idea that is done." in bo.go(f"{talk}?show=ideas")
