"""Nobody gives what they lack: whatever policy says, what a manager gives stays within what they manage (L35)."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from acl.vocabulary import AUDIENCES, MARKINGS, ROLES, STATES
from hub.access.giving import most_to_give
from hub.access.judged import judge_at
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.db import Database
from hub.ground.errors import NotPermitted
from hub.nouns.people.service import NewGrant, give
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts

ACTS = ("read", "comment", "edit", "manage")


@pytest.fixture
def world(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    with EmbeddedEngine(tmp_path / "index") as engine:
        yield World(make_parts(sqlite_database, engine, tmp_path))


def line(rng: random.Random) -> str:
    """A line that is about Lee, or about all."""
    effect = rng.choice(("allow", "allow", "allow", "deny"))
    who = rng.choice(("person:leeds/lee", "person:leeds/lee", "org:leeds", "all-staff"))
    forms = ["any", "only PUBLIC", "only OFFICIAL", "OFFICIAL and above", "OFFICIAL-SENSITIVE and above"]
    marking = rng.choice([*forms, "up to OFFICIAL", "up to OFFICIAL"] if effect == "allow" else forms)
    where = rng.choice(("leeds", "leeds/a", "leeds/a/b"))
    state = rng.choice(("any", "any", "published", "draft"))
    can = rng.choice(("manage", "manage", "edit", "read"))
    return f"{effect},{who},{can},{where},{marking},{state},-,For a test"


def may(viewer: Viewer, place: Place) -> set[tuple[str, str, str]]:
    """Every action, marking and state that someone may at a place, by Casbin, of things that are not their own."""
    found = set()
    for marking in MARKINGS:
        for state in STATES:
            thing = judge_at(place.id, "doc:new", owner="", marking=marking, state=state, snapshot=viewer.snapshot)
            assert thing is not None
            found |= {(act, marking, state) for act in ACTS if (d := viewer.judge(act, thing)) and d.allowed}
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_given_a_place_can_do_nothing_there_that_the_giver_cannot(world: World, seed: int) -> None:
    """Random policies, every role, at each place: the newcomer's every action is one of the giver's."""
    rng, given = random.Random(seed), 0
    world.add_organisation("leeds")
    world.add_organisation("york")
    for handle in ("leeds/lee", "york/new"):
        world.add_person(handle)
    for path in ("leeds/a", "leeds/a/b"):
        world.add_space(path, rng.choice(AUDIENCES))
    for number in range(12):
        world.set_policy("leeds", *dict.fromkeys(line(rng) for _ in range(rng.randrange(1, 6))))
        for path in ("leeds/a", "leeds/a/b"):
            role = rng.choice(list(ROLES))
            with world.viewer("leeds/lee") as lee, world.viewer("york/new") as new:
                place = lee.session.scalars(select(Place).where(Place.path == path)).one()
                held, had = may(lee, place), may(new, place)
                try:
                    most = most_to_give(lee, place, ROLES[role])
                except NotPermitted:
                    assert ("manage", "PUBLIC", "published") not in held, (seed, number, path)
                    continue
            grant = NewGrant(
                "person:york/new", ROLES[role], place.id, place.organisation_id or "", "leeds/lee",
                marking=most.marking, state=most.state,
            )  # fmt: skip
            with world.work() as uow:
                kept = give(uow, grant).id
            with world.viewer("york/new") as new:
                gained = may(new, place) - had
            assert gained <= held, (seed, number, path, gained - held)
            given += len(gained)
            world.take_back(kept)
    assert given
