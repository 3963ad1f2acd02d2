"""Writing the demo: whole, once, and never into somebody's real hub."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select

from hub.access.models import Grant, Group, GroupMember, Person, Place, PolicyText
from hub.access.parts import Parts
from hub.demo.issuers import IssuerPlan
from hub.demo.loading import load_world
from hub.demo.sector import JOINED
from hub.demo.seed import is_seeded, issuer_ids, move_issuers, seed
from hub.features.desk.home import home_page
from hub.features.desk.waiting import Before
from hub.features.signin.models import Issuer, PendingBinding
from hub.ground.db import Database
from hub.ground.errors import Conflict
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import Document, Revision
from search.engine import Engine
from tests.hub.demo.stories import the_seeded_demo
from tests.hub.once import Begin
from tests.hub.world import World, make_parts

NO_ENGINE = cast("Engine", None)
"""Seeding leaves everything to the outbox."""


def plan_in(folder: Path, port: int = 8001) -> IssuerPlan:
    return IssuerPlan(folder / "demo", port, "http://localhost:8000", {})


def counts(database: Database) -> list[int]:
    tables = (Place, Person, Group, GroupMember, Grant, Document, Revision, PolicyText, Issuer, PendingBinding)
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (*tables, OutboxMessage)]


def test_the_world_is_written_on_every_database(database: Database, tmp_path: Path) -> None:
    parts, world = make_parts(database, NO_ENGINE, tmp_path), load_world()
    assert seed(parts, world, plan_in(tmp_path))
    places, people, groups, _, grants, documents, revisions, texts, issuers, expected, _ = counts(database)
    assert places == 2 + len(world.organisations) + len(world.places) + len(JOINED), "and where all councils meet"
    assert people == expected == len(world.people)
    assert groups == len(world.groups) + 1
    managers = sum(len(place.managers) for place in world.places)
    assert grants == len(world.grants) + managers + sum(len(joining) + 1 for joining in JOINED.values())
    assert documents == len(world.documents)
    assert revisions == sum(len(document.revisions) for document in world.documents)
    assert texts == 2 + len(world.organisations)
    assert issuers == len(world.organisations)


@pytest.fixture
def parts(begin: Begin, sqlite_database: Database) -> Parts:
    return begin(the_seeded_demo, sqlite_database).parts


def test_a_second_start_does_nothing_and_is_quick(parts: Parts, sqlite_database: Database, tmp_path: Path) -> None:
    before = counts(sqlite_database)
    started = time.perf_counter()
    assert not seed(parts, load_world(), plan_in(tmp_path))
    assert time.perf_counter() - started < 1
    assert counts(sqlite_database) == before


@pytest.mark.long
def test_a_seeding_that_breaks_off_leaves_nothing_behind(sqlite_database: Database, tmp_path: Path) -> None:
    parts, world = make_parts(sqlite_database, NO_ENGINE, tmp_path), load_world()
    before = counts(sqlite_database)
    broken = replace(world, documents=(*world.documents, replace(world.documents[0], owner="leeds/nobody", key="x")))
    with pytest.raises(KeyError):
        seed(parts, broken, plan_in(tmp_path))
    assert counts(sqlite_database) == before
    assert not is_seeded(parts)
    assert seed(parts, world, plan_in(tmp_path))


def test_a_real_hub_is_never_turned_into_a_demo(sqlite_database: Database, tmp_path: Path) -> None:
    world = World(make_parts(sqlite_database, NO_ENGINE, tmp_path))
    world.add_organisation("selby")
    with pytest.raises(Conflict, match="HUB_DATA"):
        seed(world.parts, load_world(), plan_in(tmp_path))


def test_a_newcomer_to_the_demo_finds_something_new_in_their_spaces(parts: Parts, sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        for handle in ("leeds/priya-sharma", "leeds/sam-okafor", "york/ben-atkinson", "acme/maria-lopez"):
            person = session.scalars(select(Person).where(Person.handle == handle)).one()
            page = home_page(parts.viewer(session, person), parts.kinds, Before([]), parts.clock.now())
            assert page.changes or page.recent, handle


def test_documents_keep_the_days_and_hands_that_the_world_gives_them(parts: Parts, sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        document = session.scalars(select(Document).where(Document.title.startswith("Joint flood plan for"))).one()
        revisions = session.scalars(
            select(Revision).where(Revision.document_id == document.id).order_by(Revision.number)
        ).all()
        waiting = session.scalar(select(func.min(OutboxMessage.created_at)))
        acts = session.scalars(select(AuditEntry.actor).where(AuditEntry.act == "document:revise")).all()
    assert [revision.created_at.date().isoformat() for revision in revisions] == [
        "2024-07-02",
        "2025-02-11",
        (parts.today - timedelta(days=1)).isoformat(),
    ]
    assert [revision.author for revision in revisions] == [
        "person:leeds/tomasz-nowak",
        "person:leeds/tomasz-nowak",
        "person:york/alice-moor",
    ]
    assert document.owner == "person:leeds/tomasz-nowak"
    assert "york/alice-moor" in acts
    assert waiting is not None
    assert parts.clock.now() - waiting < timedelta(minutes=1), "nothing looks as if the worker were years behind"


def test_the_issuers_can_move_to_another_port(parts: Parts, sqlite_database: Database, tmp_path: Path) -> None:
    before = issuer_ids(parts)
    move_issuers(parts, plan_in(tmp_path, 9001))
    with sqlite_database.reading() as session:
        urls = set(session.scalars(select(Issuer.issuer)))
    assert "http://localhost:9001/leeds" in urls
    assert len(urls) == len(before) == len(issuer_ids(parts))
    assert not any(":8001/" in url for url in urls)
