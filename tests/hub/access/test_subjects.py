"""What several people hold, loaded together, is what each holds loaded alone."""

from datetime import date
from pathlib import Path
from unittest import mock

from sqlalchemy import select

from hub.access.models import Person
from hub.access.places import bump_generation
from hub.access.snapshots import Snapshots
from hub.access.subjects import load_subject
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts


def test_people_loaded_together_hold_no_more_and_no_less_than_each_alone(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Ann and Bo by their groups, Gus by his admission; nothing for whoever has left or whose firm is blocked."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        for slug in ("leeds", "york", "acme", "gone"):
            world.add_organisation(slug)
        world.add_space("leeds/housing")
        for handle, group in (("leeds/ann", "leeds/one"), ("leeds/bea", "leeds/two"), ("york/bo", "york/one")):
            world.add_person(handle, group)
        for handle in ("acme/gus", "gone/eve"):
            world.add_person(handle, kind="guest")
            world.give(f"guest:{handle}", "read", "leeds/housing", source="guest", until=date(2026, 12, 31))
        for who in ("person:leeds/ann", "group:leeds/one", "group:york/one", "org:york", "person:leeds/bea"):
            world.give(who, "read", "leeds/housing")
        with world.work() as uow:
            uow.session.scalars(select(Person).where(Person.handle == "leeds/bea")).one().status = "left"
            gone = world._place(uow, "gone")
            gone.generation = bump_generation(uow)
            gone.blocked_at = uow.now
        with world.parts.database.reading() as session:
            people = list(session.scalars(select(Person)))
            alone = {person.id: load_subject(session, person) for person in people}
            snapshots = Snapshots(world.parts.database)
            assert snapshots.subjects(session, people) == alone
            assert snapshots.subjects(session, people) == alone, "as kept"
            given = {person.handle: len(alone[person.id].grants) for person in people}
            assert given == {"leeds/ann": 2, "leeds/bea": 0, "york/bo": 2, "acme/gus": 2, "gone/eve": 0}
            assert {p.handle for p in people if not alone[p.id].holds} == {"leeds/bea", "gone/eve"}
            assert snapshots.subjects(session, []) == {}


def test_what_is_kept_of_people_is_bounded_by_all_that_they_were_given(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Ann and Bea were given two things each: with room for three one is kept, and both are right."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds")
        for path in ("leeds/a", "leeds/b"):
            world.add_space(path)
        for handle in ("leeds/ann", "leeds/bea"):
            world.add_person(handle)
            for path in ("leeds/a", "leeds/b"):
                world.give(f"person:{handle}", "read", path)
        snapshots = Snapshots(world.parts.database)
        with mock.patch("hub.access.snapshots.RULES_KEPT", 3), world.parts.database.reading() as session:
            for _ in range(2):
                for person in session.scalars(select(Person).order_by(Person.handle)):
                    assert snapshots.subject(session, person) == load_subject(session, person)
                    assert len(snapshots._subjects) == 1
