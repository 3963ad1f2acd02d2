"""What the form of a new document says of its readers: as it is now, and counted once while nothing changes."""

import pytest
from lxml import html
from sqlalchemy import select

from hub.access.models import Place
from hub.audience import readers
from hub.ground.db import Database
from tests.hub.features.documents.test_document_page import LEEDS, the_town
from tests.hub.once import Begin
from tests.hub.world import World


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def official(town: World, who: str) -> str:
    """Who will read what is OFFICIAL, as the form at a place says to somebody."""
    with town.parts.database.reading() as session:
        place = session.scalars(select(Place).where(Place.path == "leeds/housing")).one()
    page = html.fromstring(town.client(who).get(f"/upload/{place.id}").text)
    told = page.xpath("//section[@aria-labelledby='audience']//dt[text()='OFFICIAL']/following-sibling::dd[1]")
    return str(told[0].text)


def test_whoever_is_let_in_or_out_is_in_the_next_sentence(town: World) -> None:
    """Bo is given the space and loses it; somebody joins; a line keeps Ann out: each is told at the next look."""
    plain = official(town, "leeds/mo")
    assert plain.endswith(": 3 people in 1 organisation.")
    given = town.give("person:york/bo", "read", "leeds/housing")
    assert official(town, "leeds/mo").endswith(": 4 people in 2 organisations.")
    town.take_back(given)
    assert official(town, "leeds/mo") == plain
    town.add_person("leeds/new")
    assert official(town, "leeds/mo").endswith(": 4 people in 1 organisation.")
    town.set_policy("leeds", *LEEDS, "deny,person:leeds/ann,read,leeds/housing,any,any,-,Not for Ann")
    assert official(town, "leeds/mo").endswith(": 3 people in 1 organisation. A line of policy keeps others out.")


def test_it_is_counted_once_for_whoever_adds_several_and_for_nobody_else(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mo opens the form twice and Hana once: what was counted for Mo is not told to her."""
    counted = []
    original = readers._all_told

    def counting(viewer: object, *rest: object) -> object:
        counted.append(viewer)
        return original(viewer, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(readers, "_all_told", counting)
    assert official(town, "leeds/mo") == official(town, "leeds/mo")
    assert len(counted) == 1
    official(town, "leeds/hana")
    assert len(counted) == 2
