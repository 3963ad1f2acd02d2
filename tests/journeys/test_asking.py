"""Cy of York was mailed three links that lead nowhere for him; Lee of Leeds finds who asks, and answers.

One is granted until a day, once Lee knows what that shows; one is declined with a note; one lies in a confidential
space, and stays without an answer like an address at which there is nothing. Told at a desk, with the keyboard alone,
on a phone, and on a phone without script; it ends with a crawl of all that Cy can reach.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.features.asking.reaching import reach_round
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.world import World, make_parts
from tests.journeys.visit import MODES, Visit, shots_folder, visit

pytestmark = pytest.mark.journey
CANARY = "kingfisher"
HUB = "http://localhost:8000"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Lee keeps the flood plan and what is confidential; Cy of York has neither."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        for slug in ("leeds", "york"):
            world.add_organisation(slug, f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/lee", name="Lee Ward")
        world.add_person("york/cy", name="Cy Moss", job="Flood engineer")
        for path, audience in (("leeds/floods", "private"), ("leeds/merger", "confidential")):
            world.add_space(path, audience)
            world.give("person:leeds/lee", "manage", path)
        yield world


def ask(cy: Visit, world: World, path: str, reason: str) -> str:
    """Cy opens a link, is told that there is nothing, or nothing for him, and asks."""
    assert "Page not found" in cy.go(path)
    cy.follow("ask for access")
    cy.fill(cy.page.get_by_label("Address", exact=True), f"{HUB}{path}")
    cy.fill(cy.page.get_by_label("What do you need it for?"), reason)
    said = cy.press("Ask for access")
    reach_round(world.parts)
    return said


@pytest.mark.parametrize("mode", MODES)
def test_cy_asks_for_what_he_was_mailed_and_lee_answers(chromium: Browser, town: World, mode: str) -> None:
    plan, costs, merger = (
        town.add_document(place, title, f"The word is {word}.").removeprefix("doc:")
        for place, title, word in (
            ("leeds/floods", "Flood plan", "sandbags"),
            ("leeds/floods", "Flood costs", CANARY),
            ("leeds/merger", "Merger", CANARY),
        )
    )
    town.index_all()
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "york/cy", mode) as cy,
        visit(chromium, town, url, "leeds/lee", mode, shots_folder(mode)) as lee,
    ):
        # a wrong form says what to mend; then each link is answered alike
        cy.go("/ask-for-access")
        assert "Paste the address of a space, a folder or a document" in cy.press("Ask for access")
        said = ask(cy, town, f"/documents/{plan}", "We build the upstream wall")
        assert "Your request is kept. If there is something at that address, those who manage it will see it." in said
        town.parts.clock.move(minutes=2)  # type: ignore[attr-defined]
        assert ask(cy, town, f"/documents/{costs}", "We pay a third").count("No answer yet") == 2
        town.parts.clock.move(minutes=2)  # type: ignore[attr-defined]
        ask(cy, town, f"/documents/{merger}", "Somebody mentioned it")
        cy.finds_nothing(CANARY, "flood plan", "merger", "lee ward", told=["/places/leeds/merger"])
        # Lee finds them on the home page, looks at the first, and grants it until a day
        assert "1 person asks for access" in lee.go("/")
        said = lee.follow("1 person asks for access")
        for word in ("Cy Moss", "York City Council", "Flood plan", "We build the upstream wall", "Merger"):
            assert word in said
        said = lee.follow("Answer Cy Moss")
        assert "Flood engineer" in said
        lee.fill(lee.page.get_by_label("Last day (optional)"), "2027-03-31")
        said = lee.press("Continue")
        assert "This shows 1 document to 1 person in 1 organisation." in said
        lee.press("Share it")
        assert "Cy Moss of York City Council can see it now, as reader, and is told." in lee.look()
        # Cy reads it
        assert "You may now open “Flood plan”" in cy.go("/")
        assert "sandbags" in cy.follow("You may now open “Flood plan”")
        cy.go("/")
        assert "You may now open" not in cy.press("Dismiss")
        # the second is declined with a note; what is confidential without a word
        lee.go("/requests")
        lee.follow("Answer Cy Moss")
        lee.follow("Decline")
        assert "Enter a note" in lee.press("Decline")
        lee.fill(lee.page.get_by_label("Note to them"), "Ask your own finance team")
        assert "They can read your note." in lee.press("Decline")
        lee.follow("Answer Cy Moss")
        assert "nothing is said to them" in lee.follow("Decline")
        assert "Nobody waits for an answer of yours." in lee.press("Decline")
        said = cy.go("/my-requests")
        assert "Ask your own finance team" in said
        assert said.count("No answer yet") == 1
        cy.finds_nothing(CANARY, "merger", "flood costs", told=[f"/documents/{plan}", f"/documents/{costs}"])
        # undone: the last one waits again, for Cy it always did
        assert "the request is open again" in lee.press("Undo")
        assert cy.go("/my-requests").count("No answer yet") == 1
