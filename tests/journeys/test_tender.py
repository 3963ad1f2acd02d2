"""Maria of Acme and Ana of Beckwater bid for the same work: each reads the clarifications, and nothing of the other.

Hugo of Leeds publishes them. Neither name, firm, number nor word of one bidder reaches the other, by any page. A story
of the notes on conversation, section 11.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import serving
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World, make_parts
from tests.journeys.crawl import about
from tests.journeys.visit import DESK, visit

pytestmark = pytest.mark.journey
END = date(2026, 12, 31)


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """A tender of Leeds, with a folder for each bidder; procurement looks after it, and staff of York are not in it."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
        world.add_organisation("acme", kind="supplier", name="Acme Pumps")
        world.add_organisation("beckwater", kind="supplier", name="Beckwater Ltd")
        world.add_person("leeds/hugo", name="Hugo Falk")
        world.add_person("acme/maria", name="Maria Lopez", kind="guest")
        world.add_person("beckwater/ana", name="Ana Costa", kind="guest")
        world.add_space("leeds/tender", "private", name="Pumps tender")
        world.give("person:leeds/hugo", "manage", "leeds/tender")
        for handle in ("acme/maria", "beckwater/ana"):
            world.give(f"guest:{handle}", "read", "leeds/tender", until=END)
        for firm, who in (("acme", "acme/maria"), ("beckwater", "beckwater/ana")):
            world.add_space(f"leeds/bid-{firm}", "private", name=f"Bid of {firm.capitalize()}")
            world.give(f"guest:{who}", "edit", f"leeds/bid-{firm}", until=END)
            world.give("person:leeds/hugo", "manage", f"leeds/bid-{firm}")
            world.add_document(
                f"leeds/bid-{firm}", f"Price of {firm}", f"What {firm} would take.", owner=f"guest:{who}"
            )
            world.add_thread(f"leeds/bid-{firm}", f"May {firm} bring its own crane?", who)
        world.index_all()
        yield world


def test_two_bidders_read_one_clarification_and_nothing_of_one_another(chromium: Browser, town: World) -> None:
    tender = place_id(town, "leeds/tender")
    bids = {firm: place_id(town, f"leeds/bid-{firm}") for firm in ("acme", "beckwater")}
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/hugo", DESK) as hugo,
        visit(chromium, town, url, "acme/maria", DESK) as maria,
        visit(chromium, town, url, "beckwater/ana", DESK) as ana,
    ):
        hugo.go(f"/talk/{tender}/new?kind=discussion")
        hugo.write(Title="Clarification 1: cranes", Text="Every bidder may bring a crane of **12 tonnes**.")
        hugo.press("Start a discussion")
        here = hugo.page.url.removeprefix(url)
        town.index_all()
        for bidder in (maria, ana):
            said = bidder.go(here)
            assert "12 tonnes" in said
            assert "Your text" not in said, "in a tender, guests do not post"
            assert "crane" in bidder.go("/search?q=crane")
        told = [here, f"{here}/why", "/people?q=a", "/ask?q=crane", *about(tender)]
        maria.finds_nothing("beckwater", "ana costa", "2 guests", told=[*told, *about(bids["beckwater"])])
        ana.finds_nothing("acme", "maria", "2 guests", told=[*told, *about(bids["acme"])])
        # who crawls finds what is theirs: the crawl sees
        assert ana.finds("costa")
