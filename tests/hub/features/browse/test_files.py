"""The files of a space or a folder: a table that its headings sort, a page at a time."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, insert, select

from hub.access.models import Place
from hub.ground.db import Database
from hub.nouns.documents.models import Document, Revision
from tests.hub.once import Begin
from tests.hub.world import World


def the_town(world: World) -> None:
    """Leeds, whose housing Ann reads; Zoe owns one thing in it, Abe another."""
    world.add_organisation(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
        "allow,document-owner,manage,leeds,any,any,-,Authors keep their own",
    )
    for handle, name in (("leeds/ann", "Ann Lee"), ("leeds/a1", "Zoe Hart"), ("leeds/z1", "Abe Cole")):
        world.add_person(handle, name=name)
    world.add_space("leeds/housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def place_of(world: World) -> Place:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place).where(Place.path == "leeds/housing")).one()


def titles(browser: FlaskClient, address: str) -> list[str]:
    page = html.fromstring(browser.get(address).text)
    return page.xpath("//table[contains(@class, 'hub-table--files')]//th[@scope='row']//a/text()")


def test_files_are_sorted_by_each_heading_either_way_and_hidden_ones_are_in_none(town: World) -> None:
    """Where two are alike by it, by title: so pages are stable."""
    here = f"/files/{place_of(town).id}"
    for title, owner, state in (
        ("beta", "person:leeds/a1", "published"),
        ("Alpha", "person:leeds/ann", "draft"),
        ("Gamma", "person:leeds/z1", "published"),
    ):
        town.parts.clock.move(hours=1)  # type: ignore[attr-defined]  # the tests' clock
        town.add_document("leeds/housing", title, owner=owner, state=state)
    town.parts.clock.move(hours=1)  # type: ignore[attr-defined]  # the tests' clock
    town.add_file("leeds/housing", "Delta", b"%PDF-1.7 x")
    town.add_document("leeds/housing", "Hidden", marking="OFFICIAL-SENSITIVE")
    ann = town.client("leeds/ann")
    assert titles(ann, here) == ["Alpha", "beta", "Delta", "Gamma"]
    assert titles(ann, f"{here}?sort=-title") == ["Gamma", "Delta", "beta", "Alpha"]
    assert titles(ann, f"{here}?sort=-changed")[1:] == ["Gamma", "Alpha", "beta"]
    assert titles(ann, f"{here}?sort=changed")[:3] == ["beta", "Alpha", "Gamma"]
    owners = [each for each in titles(ann, f"{here}?sort=owner") if each != "Delta"]
    assert owners == ["Gamma", "Alpha", "beta"], "Abe, Ann, Zoe"
    assert titles(ann, f"{here}?sort=state")[0] == "Alpha"
    assert titles(ann, f"{here}?sort=nothing") == titles(ann, here)
    page = html.fromstring(ann.get(f"{here}?sort=-changed").text)
    assert page.xpath("//th[@aria-sort]/@aria-sort") == ["descending"]
    assert page.xpath("//th[@aria-sort]/a/@href") == [f"{here}?sort=changed"]
    assert "Zoe Hart of Leeds" in " ".join(page.xpath("//main")[0].text_content().split())


@pytest.mark.long
def test_five_thousand_files_are_a_page_as_quick_as_fifty(town: World) -> None:
    """No query more, whatever it is sorted by; the time is that of sorting names."""
    place, ann = place_of(town), town.client("leeds/ann")
    here = f"/files/{place.id}"
    fill(town, place, 0, 50)
    few = {sort: asked(town, ann, f"{here}?sort={sort}") for sort in ("title", "-changed", "owner", "type", "state")}
    fill(town, place, 50, 5_000)
    many = {sort: asked(town, ann, f"{here}?sort={sort}&page=90") for sort in few}
    assert {sort: len(statements) for sort, (statements, _) in many.items()} == {
        sort: len(statements) for sort, (statements, _) in few.items()
    }
    assert max(len(statements) for statements, _ in many.values()) <= 15
    slowest = max(seconds for _, seconds in many.values())
    assert slowest < 1.5, many
    first, second = (titles(ann, f"{here}?sort=owner&page={n}") for n in (1, 2))
    assert not set(first) & set(second)


def fill(world: World, place: Place, first: int, last: int) -> None:
    with world.work() as uow:
        many: list[dict[str, Any]] = [
            {
                "id": f"d{n:011}",
                "place_id": place.id,
                "organisation_id": place.organisation_id,
                "title": f"Plan {n * 7919 % 5000:05}",
                "type": ("markdown", "pdf", "word")[n % 3],
                "marking": "OFFICIAL",
                "state": "published",
                "ms": "OFFICIAL.published",
                "owner": ("person:leeds/a1", "person:leeds/z1")[n % 2],
                "number": 1,
                "created_at": uow.now,
                "changed_at": uow.now,
            }
            for n in range(first, last)
        ]
        uow.session.execute(insert(Document), many)
        saved = {"number": 1, "body": "Words.", "author": "person:leeds/a1", "created_at": uow.now}
        uow.session.execute(insert(Revision), [saved | {"document_id": d["id"], "title": d["title"]} for d in many])


def asked(world: World, browser: FlaskClient, address: str) -> tuple[list[str], float]:
    """The statements that a page takes the second time, and how long it does."""
    browser.get(address)
    found: list[str] = []
    engine = world.parts.database.engine
    event.listen(engine, "before_cursor_execute", note := lambda *a: found.append(a[2]))
    began = time.perf_counter()
    assert browser.get(address).status_code == 200
    seconds = time.perf_counter() - began
    event.remove(engine, "before_cursor_execute", note)
    return found, seconds
