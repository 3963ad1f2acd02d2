"""What decided about a thing is kept with the moments from which and up to which it did, whoever changed it and how."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, text, update

from hub.access.giving_way import make_way
from hub.access.models import Grant, Person, Place
from hub.access.places import NewPlace, add_place, mark_place, move_place, set_audience
from hub.ground.db import Database
from hub.ground.migrations.run import downgrade
from hub.ground.schema import migrate
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import delete_draft, move_document, set_marking_and_state
from hub.nouns.kinds import KINDS
from hub.nouns.people.service import give_again, set_status
from hub.things.history import every_kept
from hub.things.kinds import Kinds
from hub.things.models import Past
from search.embedded import EmbeddedEngine
from tests import worlds_to_try
from tests.databases import astray_in
from tests.hub.things.toys import BALL, TOY, WHISTLE, Toy, add_toy, make_tables
from tests.hub.world import START, World, make_parts


def make_town(database: Database, tmp_path: Path) -> World:
    """Leeds has a space to play, with a folder in it, a document in that, and a ball."""
    world = World(replace(make_parts(database, EmbeddedEngine(tmp_path / "index"), tmp_path), kinds=Kinds(*KINDS, TOY)))
    make_tables(world)
    world.add_organisation("leeds")
    world.add_person("leeds/ann", "leeds/wardens")
    world.add_space("leeds/play")
    world.add_folder("leeds/play/shed")
    return world


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Iterator[World]:
    """The same, on each database."""
    world = make_town(database, tmp_path)
    yield world
    world.parts.engine.close()


def past(world: World, node: str) -> list[Past]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(Past).where(Past.node == node).order_by(Past.id)))


def told(world: World, node: str, *names: str) -> list[tuple[object, ...]]:
    """What history says of a node: days since the start from and to, and these of its columns."""
    return [(days(row.from_at), days(row.to_at), *(getattr(row, name) for name in names)) for row in past(world, node)]


def days(at: datetime | None) -> float | None:
    return None if at is None else (at - START) / timedelta(days=1)


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == path)).one()


def test_a_document_is_followed_from_its_first_day_to_its_last(town: World) -> None:
    play, shed = place_id(town, "leeds/play"), place_id(town, "leeds/play/shed")
    document = town.add_document("leeds/play", "Flood games", state="draft", owner="person:leeds/ann")
    clock = town.parts.clock
    for change in (
        lambda: town.revise(document, "Games of floods", "Other rules."),
        lambda: town.move(document, "leeds/play/shed"),
        lambda: town.mark(document, "OFFICIAL-SENSITIVE", "draft"),
    ):
        clock.move(days=1)
        change()
    clock.move(days=1)
    with town.work() as uow:
        delete_draft(uow, town._document(uow, document))
    assert told(town, document, "place_id", "ms", "owner", "found") == [
        (0, 2, play, "OFFICIAL.draft", "person:leeds/ann", False),
        (2, 3, shed, "OFFICIAL.draft", "person:leeds/ann", False),
        (3, 4, shed, "OFFICIAL-SENSITIVE.draft", "person:leeds/ann", False),
    ]


def test_a_place_is_followed_with_its_page_its_address_and_what_lies_in_it(town: World) -> None:
    play, shed, leeds = (place_id(town, path) for path in ("leeds/play", "leeds/play/shed", "leeds"))
    other = place_id(town, "leeds/park") if town.add_space("leeds/park") else ""
    clock = town.parts.clock
    clock.move(days=1)
    town.set_audience("leeds/play", "private")
    clock.move(days=1)
    with town.work() as uow:
        move_place(uow, town._place(uow, "leeds/play"), town._place(uow, "leeds/park"), "games")
    clock.move(days=1)
    with town.work() as uow:
        mark_place(uow, town._place(uow, "leeds/park/games"), "OFFICIAL", "archived")
    assert told(town, play, "place_id", "path", "audience") == [
        (0, 1, leeds, "leeds/play", "open"),
        (1, 2, leeds, "leeds/play", "private"),
        (2, None, other, "leeds/park/games", "private"),
    ]
    clock.move(days=1)
    town.set_voices("leeds/park/games", "organisation")
    assert told(town, play, "voices") == [(0, 1, "staff"), (1, 2, "staff"), (2, 4, "staff"), (4, None, "organisation")]
    assert told(town, f"home:{play}", "place_id", "ms") == [
        (0, 3, play, "OFFICIAL.published"),
        (3, None, play, "OFFICIAL.archived"),
    ]
    assert told(town, shed, "place_id", "path", "ms") == [
        (0, 2, play, "leeds/play/shed", "OFFICIAL.published"),
        (2, None, play, "leeds/park/games/shed", "OFFICIAL.published"),
    ]


def test_a_place_that_gives_way_is_followed_to_its_other_address(town: World) -> None:
    play = place_id(town, "leeds/play")
    town.parts.clock.move(days=1)
    with town.work() as uow:
        leeds = town._place(uow, "leeds")
        make_way(uow, leeds, "play", sees=lambda _: False)
        add_place(uow, leeds, NewPlace("space", "play", "Play", audience="open"))
    first, second = told(town, play, "path")
    assert first == (0, 1, "leeds/play")
    assert second[:2] == (1, None)
    assert str(second[2]).startswith("leeds/play-")


def test_people_groups_and_what_was_given_are_followed_through_an_undoing_too(town: World) -> None:
    with town.parts.database.reading() as session:
        ann = session.scalars(select(Person.id).where(Person.handle == "leeds/ann")).one()
    grant, clock = town.give("person:leeds/ann", "edit", "leeds/play"), town.parts.clock
    clock.move(days=1)
    town.take_back(grant)
    town.set_status("leeds/ann", "suspended")
    clock.move(days=1)
    with town.work() as uow:
        give_again(uow, uow.session.get_one(Grant, grant))
    town.set_status("leeds/ann", "active")
    town.leave_group("leeds/ann", "leeds/wardens")
    given = (place_id(town, "leeds/play"), "person:leeds/ann")
    assert told(town, f"grants:{grant}", "place_id", "owner") == [(0, 1, *given), (2, None, *given)]
    assert told(town, f"profile:{ann}", "owner", "ms") == [
        (0, 1, "person:leeds/ann", "OFFICIAL.published"),
        (1, 2, "person:leeds/ann", "OFFICIAL.withdrawn"),
        (2, None, "person:leeds/ann", "OFFICIAL.published"),
    ]
    with town.parts.database.reading() as session:
        (member,) = session.scalars(select(Past).where(Past.kind == "member"))
    assert (days(member.from_at), days(member.to_at), member.owner) == (0, 2, ann)


def test_a_noun_that_no_module_has_heard_of_has_a_history_too_however_it_is_changed(town: World) -> None:
    play, clock = place_id(town, "leeds/play"), town.parts.clock
    for toy in (BALL, WHISTLE):
        add_toy(town, toy, "leeds/play", "Red ball", owner="person:leeds/ann")
    clock.move(days=1)
    with town.work() as uow:
        uow.session.execute(update(Toy).where(Toy.name == "Red ball").values(name="Blue ball"))
        uow.session.execute(update(Toy).where(Toy.id == BALL).values(owner="person:leeds/wyn"))
    clock.move(days=1)
    with town.work() as uow:
        uow.session.execute(update(Toy).values(owner="person:leeds/ann"))
    clock.move(days=1)
    with town.work() as uow:
        uow.session.execute(delete(Toy))
    assert told(town, f"toy:{BALL}", "place_id", "owner", "kind") == [
        (0, 1, play, "person:leeds/ann", "toy"),
        (1, 2, play, "person:leeds/wyn", "toy"),
        (2, 3, play, "person:leeds/ann", "toy"),
    ]
    assert told(town, f"toy:{WHISTLE}") == [(0, 3)]


def test_what_is_undone_by_an_error_leaves_no_history(town: World) -> None:
    document = town.add_document("leeds/play", "Flood games")

    def fail() -> None:
        with town.work() as uow:
            set_marking_and_state(uow, town._document(uow, document), "PUBLIC", "published")
            uow.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert told(town, document) == [(0, None)]


def test_moving_a_whole_place_takes_as_many_statements_for_its_history_as_moving_an_empty_one(town: World) -> None:
    asked: list[int] = []
    seen: list[str] = []
    event.listen(
        town.parts.database.engine,
        "before_cursor_execute",
        lambda *args: seen.append(args[2]) if "history" in args[2] else None,
    )
    town.add_space("leeds/park")
    for number in range(70):
        town.add_folder(f"leeds/play/shed/box-{number}")
    for there, here, slug in (("leeds/play", "leeds/park", "games"), ("leeds/park", "leeds", "garden")):
        seen.clear()
        with town.work() as uow:
            move_place(uow, town._place(uow, there), town._place(uow, here), slug)
        asked.append(len(seen))
        if not asked[1:]:
            with town.work() as uow:
                move_place(uow, town._place(uow, "leeds/park/games"), town._place(uow, "leeds"), "play")
    assert asked == [2, 2]
    assert len(past(town, place_id(town, "leeds/play/shed/box-69"))) == 3


def test_history_begins_for_what_is_there_with_the_migration(database: Database, tmp_path: Path) -> None:
    """The toys come later, and are none of the hub's own migrations."""
    world = make_town(database, tmp_path)
    document = world.add_document("leeds/play", "Flood games")
    grant = world.give("person:leeds/ann", "edit", "leeds/play")
    ended = world.give("person:leeds/ann", "edit", "leeds/play/shed")
    world.take_back(ended)
    with database.reading() as session:
        before = {row.node for row in session.scalars(select(Past).where(Past.to_at.is_(None)))}
    downgrade(database, "0010")
    migrate(database)
    with database.reading() as session:
        rows = list(session.scalars(select(Past)))
    assert {row.node for row in rows} == before >= {document, f"grants:{grant}"}
    assert all(row.found and row.to_at is None for row in rows)
    assert len({row.from_at for row in rows}) == 1
    assert astray_in(database) == {}
    world.parts.engine.close()


def test_what_somebody_changed_behind_the_hubs_back_is_noticed(sqlite_database: Database, tmp_path: Path) -> None:
    world = make_town(sqlite_database, tmp_path)
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE people SET status = 'suspended'"))
        session.commit()
    assert astray_in(sqlite_database) == {"profile:": 1}
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE people SET status = 'active'"))
        session.commit()
    world.parts.engine.close()


CHANGES = ("mark", "move", "audience", "status", "toy", "toys", "carry", "archive")
STEPS = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.booleans(), st.sampled_from((0, 0, 1, 5, -3)), st.booleans()), max_size=12
)
"""What is done, one way or the other; how many hours the clock goes on or back before; whether the act ends with it."""


def do(world: World, uow: UnitOfWork, change: str, *, either: bool, there: Mapping[str, str]) -> None:
    """One change to what lies in the place of an example."""
    space, shed = uow.session.get_one(Place, there["space"]), uow.session.get_one(Place, there["shed"])
    document, toy = uow.session.get_one(Document, there["doc"]), uow.session.get_one(Toy, there["toy"])
    match change:
        case "mark":
            set_marking_and_state(uow, document, "PUBLIC" if either else "OFFICIAL", "published")
        case "move":
            move_document(uow, document, space if either else shed)
        case "audience":
            set_audience(uow, space, "private" if either else "open")
        case "archive":
            mark_place(
                uow, shed if either else space, "OFFICIAL", "archived" if shed.state != "archived" else "published"
            )
        case "status":
            set_status(uow, uow.session.get_one(Person, there["person"]), "left" if either else "active")
        case "toy":
            toy.owner = "person:leeds/ann" if either else ""
        case "toys":
            uow.session.execute(update(Toy).where(Toy.id == toy.id).values(place_id=space.id if either else shed.id))
        case "carry":
            move_place(uow, shed, uow.session.get_one(Place, there["base"]) if either else space, shed.slug)


def standing(world: World, nodes: Iterable[str]) -> dict[str, tuple[object, ...]]:
    """How nodes stand, straight from their tables."""
    found = {}
    with world.parts.database.reading() as session:
        for kept in every_kept():
            for node, *stands in session.execute(select(kept.node, *kept.stands.values()).where(kept.only)):
                if node in nodes:
                    found[node] = tuple(stands)
    return found


def test_nothing_overlaps_and_nothing_is_left_out_whatever_the_clock_does(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Each way of standing that an act left is one row, in its order, and each begins where the one before ended."""
    world = make_town(sqlite_database, tmp_path)
    numbers = itertools.count(1)
    with sqlite_database.reading() as session:
        ann = session.scalars(select(Person.id).where(Person.handle == "leeds/ann")).one()

    @settings(max_examples=worlds_to_try(80), deadline=None, derandomize=True)
    @given(STEPS)
    def follow(steps: list[tuple[str, bool, int, bool]]) -> None:
        number = next(numbers)
        there = {
            "person": ann,
            "base": place_id(world, "leeds/play"),
            "space": world.add_space(f"leeds/space-{number}"),
            "shed": world.add_folder(f"leeds/space-{number}/shed-{number}"),
            "doc": world.add_document(f"leeds/space-{number}", "Plan").removeprefix("doc:"),
            "toy": f"toy{number:09}",
        }
        add_toy(world, there["toy"], f"leeds/space-{number}", "Ball")
        nodes = {f"{word}:{there[word]}" for word in ("doc", "toy")} | {there["space"], there["shed"]}
        nodes |= {f"home:{there['space']}"}
        stood = {node: [how] for node, how in standing(world, nodes).items()}
        for _, group in itertools.groupby(ended_by(steps), key=itemgetter(0)):
            acts = [step for _, step in group]
            world.parts.clock.move(hours=acts[0][2])
            with world.work() as uow:
                for change, either, _, _ in acts:
                    do(world, uow, change, either=either, there=there)
            for node, how in standing(world, nodes).items():
                if stood[node][-1] != how:
                    stood[node].append(how)
        for node, ways in stood.items():
            rows = past(world, node)
            assert [tuple(getattr(row, name) for name in every_kept()[0].stands) for row in rows] == ways
            assert [row.to_at for row in rows[:-1]] == [row.from_at for row in rows[1:]]
            assert all(row.from_at <= row.to_at for row in rows[:-1])
            assert rows[-1].to_at is None
        assert astray_in(sqlite_database) == {}

    follow()
    world.parts.engine.close()


def ended_by(steps: list[tuple[str, bool, int, bool]]) -> Iterator[tuple[int, tuple[str, bool, int, bool]]]:
    """Each step with the number of the act that it is part of."""
    act = 0
    for step in steps:
        yield act, step
        act += step[3]
