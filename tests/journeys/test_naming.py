"""Hana names Ben in what she writes, from a list under the @ or by his short name, and he hears of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.features.hearing.telling import tell_round
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import axe_findings, serving
from tests.hub.world import World, make_parts
from tests.journeys.visit import MODES, visit

pytestmark = pytest.mark.journey


RULES = (
    "aria-allowed-attr",
    "aria-allowed-role",
    "aria-input-field-name",
    "aria-required-children",
    "aria-valid-attr-value",
    "label",
)
"""What is asked of a list that lies over the page: contrast below it cannot be judged."""
OPEN = "allow,all-staff,read,{},up to OFFICIAL,published,-,Open to the sector"
WRITE = "allow,all-staff,comment,leeds/forum,up to OFFICIAL,published,-,Whoever works for a council may ask"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """The forum of Leeds, in which all staff may write; York says who works there."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        for slug in ("leeds", "york"):
            world.add_organisation(slug, OPEN.format(slug))
        world.add_person("leeds/hana", name="Hana Iqbal")
        world.add_person("york/ben", name="Ben Atkinson")
        world.add_space("leeds/forum", "open", name="Flood forum")
        world.set_policy("leeds", OPEN.format("leeds"), WRITE)
        yield world


@pytest.mark.parametrize("mode", MODES)
def test_hana_names_ben_and_he_hears_of_it(chromium: Browser, town: World, mode: str) -> None:
    node = town.add_thread("leeds/forum", "Who has sensors?", "leeds/hana", "We look for some.")
    here = f"/threads/{node.removeprefix('thread:')}"
    with serving(town.app) as url, visit(chromium, town, url, "leeds/hana", mode) as hana:
        hana.go(here)
        text = hana.page.locator("#body")
        if hana.page.locator("text-expander").count():
            hana.reach(text)
            text.press_sequentially("Ask @atk")
            option = hana.page.get_by_role("option")
            option.wait_for()
            assert option.inner_text() == "Ben Atkinson, York City Council"
            assert hana.page.get_by_text("1 to choose from with the arrow keys").count() == 1
            assert text.get_attribute("aria-activedescendant") == option.get_attribute("id")
            assert axe_findings(hana.page, RULES) == []
            text.press("Enter")
            assert text.input_value() == "Ask @york/ben "
        else:
            hana.write(**{"Your text": "Ask @york/ben"})
        assert "Ask Ben Atkinson of York City Council" in hana.press("Answer")
        while tell_round(town.parts):
            pass
        with visit(chromium, town, url, "york/ben", mode) as ben:
            assert "Who has sensors?" in ben.go("/notices")
            assert "Ask Ben Atkinson of York City Council" in ben.go(here)
