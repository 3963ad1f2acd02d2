"""A Visibility as SQL decides as stock Casbin does, on SQLite and on PostgreSQL (A1)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import ColumnElement, Connection, String, and_, insert, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from acl.directory import Subject
from acl.gate import Gate
from acl.visibility import FALSE, TRUE, And, In, Not, Object, Or, Visibility, joined
from hub.access.models import Place, PlaceClosure
from hub.access.where import where
from hub.ground.db import Database
from hub.things import columns
from hub.things.columns import FEW, Columns
from tests import worlds_to_try
from tests.worlds import World, worlds

WORLDS = worlds_to_try(2_000)
HUNT = 2_000
QUESTIONS = 8
PREFIXES = ("doc:", "home:", "profile:", "")


class _Own(DeclarativeBase):
    pass


class Thing(_Own):
    """Things of every kind in one table, for the test."""

    __tablename__ = "things_judged"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(10), primary_key=True)
    place_id: Mapped[str] = mapped_column(String(60))
    between: Mapped[str] = mapped_column(String(60))
    ms: Mapped[str] = mapped_column(String(60))
    org: Mapped[str] = mapped_column(String(60))
    owner: Mapped[str] = mapped_column(String(80))


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A connection to a database with the hub's tables and the test's own."""
    _Own.metadata.create_all(database.engine)
    with database.engine.connect() as opened:
        yield opened
    _Own.metadata.drop_all(database.engine)


Condition = Callable[[Visibility, Iterable[str]], ColumnElement[bool]]


def seen(visibility: Visibility, prefixes: Iterable[str] = PREFIXES) -> ColumnElement[bool]:
    """The condition over things of these kinds."""
    return or_(
        *(
            and_(
                Thing.prefix == prefix,
                where(visibility, _columns(prefix)),
            )
            for prefix in prefixes
        )
    )


def _columns(prefix: str) -> Columns:
    between = Thing.between if prefix == "profile:" else None
    return Columns(Thing.id, Thing.place_id, Thing.ms, Thing.org, Thing.owner, prefix, between)


def prefix_of(node: str) -> str:
    """Of which kind a thing is."""
    return next(prefix for prefix in PREFIXES if node.startswith(prefix))


def put(connection: Connection, world: World) -> None:
    """Write a world's tree and things."""
    tree = world.snapshot.tree
    connection.execute(
        insert(Place),
        [
            {
                "id": p.id, "kind": p.kind, "parent_id": None, "organisation_id": None, "slug": "s", "path": p.path,
                "name": "n", "description": "", "audience": p.audience, "marking": "PUBLIC", "state": "published",
                "ms": "PUBLIC.published", "owner": "", "generation": 1, "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
            for p in tree.places() if p.id != "platform"
        ],
    )  # fmt: skip
    pairs = [
        {"descendant_id": p.id, "ancestor_id": a, "depth": 0, "open": a in tree.reach(p.id)}
        for p in tree.places() if p.id != "platform" for a in tree.within(p.id)
    ]  # fmt: skip
    connection.execute(insert(PlaceClosure), pairs)
    rows = []
    for node, obj in world.objects.items():
        prefix, place = prefix_of(node), world.parents[node]
        rows.append(
            {
                "id": node.removeprefix(prefix), "prefix": prefix, "place_id": place.removeprefix("people:"),
                "between": place if place.startswith("people:") else "",
                "ms": joined(obj.marking, obj.state), "org": obj.org, "owner": obj.owner,
            }
        )  # fmt: skip
    connection.execute(insert(Thing), rows)


_said: dict[tuple[int, str, str, str], bool] = {}


def casbin_says(world: World, subject: Subject, action: str, obj: Object) -> bool:
    """Stock Casbin's answer, remembered: every database is asked the same questions."""
    key = (world.seed, subject.id, action, obj.node)
    if key not in _said:
        _said[key] = world.oracle(subject, action, obj)
    return _said[key]


def first_difference(connection: Connection, count: int, condition: Condition = seen) -> str:
    """The first question on which SQL and Casbin differ; empty where none does in so many worlds.

    A person is asked about things of the kinds that the questions name, once for each action.
    """
    for world in worlds(count, seed=7):
        transaction = connection.begin()
        try:
            put(connection, world)
            gate = Gate(world.snapshot, world.today)
            asked: dict[tuple[Subject, str], list[Object]] = {}
            for subject, action, obj in world.questions(QUESTIONS):
                asked.setdefault((subject, action), []).append(obj)
            for (subject, action), objects in asked.items():
                kinds = sorted({prefix_of(obj.node) for obj in objects})
                statement = select(Thing.prefix + Thing.id).where(condition(gate.visible(subject, action), kinds))
                found = set(connection.scalars(statement))
                for obj in objects:
                    true = casbin_says(world, subject, action, obj)
                    if (obj.node in found) != true:
                        return f"world {world.seed}: {subject.id} {action} {obj.node}: Casbin says {true}"
        finally:
            transaction.rollback()
    return ""


@pytest.mark.long
@pytest.mark.timeout(900)
def test_sql_shows_each_person_what_stock_casbin_allows(connection: Connection) -> None:
    """A1, 2,000 worlds."""
    assert first_difference(connection, WORLDS) == ""


def _without_denies(visibility: Visibility) -> Visibility:
    match visibility:
        case And(parts):
            return And(tuple(p for p in parts if not isinstance(p, Not)) or (TRUE,))
        case _:
            return visibility


def _reach_as_within(visibility: Visibility) -> Visibility:
    match visibility:
        case In("reach", values):
            return In("within", values)
        case Not(part):
            return Not(_reach_as_within(part))
        case And(parts):
            return And(tuple(map(_reach_as_within, parts)))
        case Or(parts):
            return Or(tuple(map(_reach_as_within, parts)))
        case _:
            return visibility


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(_without_denies, id="the denies are lost"),
        pytest.param(_reach_as_within, id="allows reach into private spaces"),
        pytest.param(lambda visibility: TRUE if visibility is FALSE else visibility, id="nothing is everything"),
    ],
)
def test_a_mistake_in_the_translation_is_found(
    connection: Connection, mistake: Callable[[Visibility], Visibility]
) -> None:
    """A2, for the SQL form."""
    assert first_difference(connection, HUNT, lambda visibility, kinds: seen(mistake(visibility), kinds)) != ""


def test_a_person_with_thousands_of_places_is_served(connection: Connection) -> None:
    """More values than a database takes parameters travel as one array."""
    many = In("within", frozenset(f"p{n}" for n in range(70_000)) | {"doc:d0"})
    world = next(worlds(1, seed=7))
    with connection.begin() as transaction:
        put(connection, world)
        found = set(connection.scalars(select(Thing.prefix + Thing.id).where(seen(many))))
        transaction.rollback()
    assert found == {"doc:d0"}


@pytest.mark.long
def test_few_and_many_values_mean_the_same(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The array form and the list form of a condition find the same things."""
    monkeypatch.setattr(columns, "FEW", 0)
    assert FEW > 0
    assert first_difference(connection, 40) == ""
