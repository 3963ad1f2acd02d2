"""Ann of York asks in a space of Leeds, Sam of Leeds answers, she accepts; Hal of Hull finds it and does not post.

Gus, who supplies something else, learns of none of it. Ann is at a desk; Sam has only a keyboard, and his browser runs
no script; Hal has a phone. A story of the notes on conversation, section 11.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.features.hearing.telling import tell_round
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.visit import DESK, visit

pytestmark = pytest.mark.journey
CANARY = "kingfisher"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """The flood forum of Leeds is read by the staff of every council, who may write there; Gus has one space."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation(
            "leeds",
            "allow,all-staff,read,leeds,up to OFFICIAL,published,-,Whoever works for a council reads our work",
            "allow,all-staff,comment,leeds/floods,up to OFFICIAL,published,-,Whoever works for a council may ask",
        )
        for slug in ("york", "hull"):
            world.add_organisation(slug, f"allow,all-staff,read,{slug},up to OFFICIAL,published,-,We can be found")
        world.add_organisation("acme", kind="supplier")
        world.add_person("york/ann", name="Ann Shaw")
        world.add_person("leeds/sam", name="Sam Okafor")
        world.add_person("hull/hal", name="Hal Finch")
        world.add_person("acme/gus", name="Gus Ray", kind="guest")
        world.add_space("leeds/floods", name="Flood forum")
        world.add_space("leeds/depot", "private", name="Depot")
        world.give("person:leeds/sam", "manage", "leeds/floods")
        world.give("guest:acme/gus", "read", "leeds/depot", until=date(2026, 12, 31))
        world.add_document("leeds/depot", "Keys of the depot", "Ask at the gate.")
        world.index_all()
        yield world


def test_ann_asks_sam_answers_and_hal_need_not_ask_again(chromium: Browser, town: World) -> None:
    question = f"How do you count {CANARY} nests before dredging?"
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "york/ann", DESK) as ann,
        visit(chromium, town, url, "leeds/sam", "keyboard-without-script") as sam,
        visit(chromium, town, url, "hull/hal", "phone") as hal,
        visit(chromium, town, url, "acme/gus", DESK) as gus,
    ):
        # from home to a posted question in three clicks
        ann.go("/")
        ann.fill(ann.page.get_by_label("Ask: how did others do it, and who knows?"), question)
        assert "Nothing that you can read has these words" in ann.press("Ask")
        said = ann.follow("Flood forum")
        assert "can read" in said
        ann.write(Text="We have a week, and nobody here has done it.")
        assert "Needs an answer" in ann.press("Ask a question")
        here = ann.page.url.removeprefix(url)
        # Sam, who follows the forum, is told, and answers
        town.index_all()
        sam.go("/")
        sam.follow("Flood forum")
        sam.follow("Talk")
        sam.follow(question)
        sam.fill(sam.page.get_by_label("Your text"), "We walk the bank **twice**, in April and in June.")
        assert "twice" in sam.press("Answer")
        # Ann is told, and accepts
        tell(town)
        ann.go("/")
        ann.use(ann.page.get_by_role("banner").get_by_role("link", name="News for you"))
        ann.follow(question)
        assert "The answer" in ann.press("This answers it")
        # Hal types the same, and finds it
        town.index_all()
        hal.go("/")
        hal.fill(hal.page.get_by_label("Ask: how did others do it, and who knows?"), f"{CANARY} nests")
        assert "Answered" in hal.press("Ask")
        assert "twice" in hal.follow(question)
        # Gus never learns of it
        gus.finds_nothing(CANARY, told=[here, f"{here}?page=1", "/notices"])
        assert gus.finds("gate"), "he sees what is his"


def tell(town: World) -> None:
    """Let the worker tell of what was said."""
    while tell_round(town.parts):
        pass
