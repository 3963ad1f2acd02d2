"""What a new council's first policy file does, and the platform's ceilings over it."""

from datetime import date

import pytest
from sqlalchemy import select

from hub.access.models import Place
from hub.access.places import place_at
from hub.features.policies.service import adopt_default
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.once import Begin
from tests.hub.world import World

ANN, ED, ADA, EVE, GUS = "selby/ann", "selby/ed", "selby/ada", "ripon/eve", "firm/gus"


def two_councils(world: World) -> None:
    """Selby with the default policy, Ripon beside it, and a guest of a firm."""
    for slug, kind in (("selby", "council"), ("ripon", "council"), ("firm", "supplier")):
        world.add_organisation(slug, kind=kind)
        with world.work() as uow:
            place = place_at(uow.session, slug)
            assert place is not None
            adopt_default(uow, place)
    world.add_person(ANN)
    world.add_person(ED, "selby/editors")
    world.add_person(ADA, "selby/administrators")
    world.add_person(EVE)
    world.add_person(GUS, kind="guest")
    world.add_space("selby/parks", "restricted")
    world.add_space("selby/staff", "private")


@pytest.fixture
def world(begin: Begin, sqlite_database: Database) -> World:
    return begin(two_councils, sqlite_database)


def may(world: World, handle: str, action: str, name: str) -> bool:
    with world.viewer(handle) as viewer:
        thing: Document | Place
        if name.startswith("doc:"):
            thing = viewer.session.get_one(Document, name.removeprefix("doc:"))
        else:
            thing = viewer.session.scalars(select(Place).where(Place.path == name)).one()
        decision = viewer.decide(action, thing)
        return decision is not None and decision.allowed


def readers(world: World, name: str) -> set[str]:
    return {handle for handle in (ANN, ED, ADA, EVE, GUS) if may(world, handle, "read", name)}


def test_who_reads_what_by_its_marking(world: World) -> None:
    def document(marking: str, state: str = "published") -> str:
        return world.add_document("selby/parks", f"{marking} {state}", marking=marking, state=state)

    assert readers(world, document("PUBLIC")) == {ANN, ED, ADA, EVE}
    assert readers(world, document("OFFICIAL")) == {ANN, ED, ADA}
    assert readers(world, document("OFFICIAL", "draft")) == {ED, ADA}
    assert readers(world, document("OFFICIAL-SENSITIVE")) == set(), "named people and groups are let in place by place"


def test_a_private_space_is_closed_to_editors_and_administrators_alike(world: World) -> None:
    assert readers(world, world.add_document("selby/staff", "Notes")) == set()


def test_authors_keep_their_own_work_in_hand_wherever_it_lies(world: World) -> None:
    own = world.add_document(
        "selby/parks", "Ann's draft", marking="OFFICIAL-SENSITIVE", state="draft", owner=f"person:{ANN}"
    )
    assert may(world, ANN, "manage", own)
    assert readers(world, own) == {ANN}


def test_editors_edit_and_administrators_open_spaces(world: World) -> None:
    assert may(world, ED, "edit", "selby/parks")
    assert not may(world, ED, "manage", "selby/parks")
    assert may(world, ADA, "manage", "selby")
    assert may(world, ADA, "administer", "selby")
    assert not may(world, ADA, "administer", "ripon")
    assert not may(world, ANN, "edit", "selby/parks")


def test_a_grant_lets_a_guest_in_up_to_the_ceilings_and_no_further(world: World) -> None:
    world.give(f"guest:{GUS}", "manage", "selby/parks", until=date(2027, 1, 1), source="guest")
    official = world.add_document("selby/parks", "Bench survey")
    sensitive = world.add_document("selby/parks", "Gate codes", marking="OFFICIAL-SENSITIVE")
    withdrawn = world.add_document("selby/parks", "Old survey", state="withdrawn")
    assert may(world, GUS, "read", official)
    assert may(world, GUS, "edit", official)
    assert not may(world, GUS, "manage", official)
    assert not may(world, GUS, "read", sensitive)
    assert not may(world, GUS, "read", withdrawn)
    world.give(f"person:{EVE}", "read", "selby/parks")
    assert may(world, EVE, "read", official)
    assert not may(world, EVE, "read", sensitive), "sensitive work stays with Selby's own staff"
    world.give(f"person:{ANN}", "read", "selby/parks")
    assert may(world, ANN, "read", sensitive)
