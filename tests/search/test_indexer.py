"""The worker's step: nothing is said to be done before the index has it, and nothing is lost by a crash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from search.engine import Change, Engine, EngineDown
from search.entry import Deletion
from search.indexer import ATTEMPTS, Failure, Pending, Step, step
from tests.search.things import ask, entry, fill, ids


@dataclass
class Database:
    """A source as the hub's database is one: rows stay until they are done or parked."""

    things: dict[str, Change] = field(default_factory=dict)
    rows: dict[int, Pending] = field(default_factory=dict)
    set_aside: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    indexed_sequence: int = 0
    unreadable: frozenset[str] = frozenset()

    def change(self, *changes: Change) -> None:
        for change in changes:
            self.things[change.id] = change
            row = max([0, self.indexed_sequence, *self.rows, *self.set_aside]) + 1
            self.rows[row] = Pending(row, (change.id,))

    def pending(self, limit: int) -> Sequence[Pending]:
        return [self.rows[row] for row in sorted(self.rows)][:limit]

    def entries(self, ids: Sequence[str]) -> Mapping[str, Change]:
        bad = self.unreadable.intersection(ids)
        if bad:
            raise ValueError(f"{min(bad)} has a date of nonsense")
        return {i: self.things[i] for i in ids if i in self.things}

    def done(self, rows: Sequence[int]) -> None:
        for row in rows:
            del self.rows[row]
        self.indexed_sequence = max(self.indexed_sequence, *rows)

    def failed(self, failures: Sequence[Failure]) -> None:
        for failure in failures:
            old = self.rows[failure.row]
            self.rows[failure.row] = Pending(old.row, old.entities, old.attempts + 1)
            self.reasons[failure.row] = failure.reason

    def parked(self, failures: Sequence[Failure]) -> None:
        for failure in failures:
            del self.rows[failure.row]
            self.set_aside[failure.row] = failure.reason


def test_what_changes_is_found_after_a_step(engine: Engine) -> None:
    database = Database()
    database.change(entry(1, "Flood"), entry(2, "Flood"))
    assert step(database, engine) == Step(done=2)
    engine.reload_if_behind(database.indexed_sequence)
    assert sorted(ids(ask(engine, "flood"))) == ["1", "2"]
    database.change(Deletion("doc:1", 2))
    step(database, engine)
    engine.reload_if_behind(database.indexed_sequence)
    assert ids(ask(engine, "flood")) == ["2"]
    assert not step(database, engine)


def test_a_row_of_many_entries_and_an_entry_of_many_rows(engine: Engine) -> None:
    database = Database()
    database.change(entry(1, "Flood"), entry(2, "Flood"), entry(1, "Drought", version=2))
    database.rows[9] = Pending(9, ("doc:1", "doc:2"))
    assert step(database, engine) == Step(done=4)
    assert ids(ask(engine, "drought")) == ["1"]


def test_a_row_that_cannot_be_read_is_parked_with_its_reason_and_the_others_go_on(engine: Engine) -> None:
    database = Database(unreadable=frozenset({"doc:2"}))
    database.change(entry(1, "Flood"), entry(2, "Flood"), entry(3, "Flood"))
    assert step(database, engine) == Step(done=2, failed=1)
    assert sorted(ids(ask(engine, "flood"))) == ["1", "3"]
    for _ in range(ATTEMPTS - 2):
        assert step(database, engine) == Step(failed=1)
    assert step(database, engine) == Step(parked=1)
    assert database.set_aside == {2: "doc:2 cannot be read: doc:2 has a date of nonsense"}
    assert not step(database, engine)


def test_a_row_that_the_engine_refuses_is_parked_with_its_reason(engine: Engine) -> None:
    bad = entry(2, "Flood")
    object.__setattr__(bad, "within", ("x" * 40_000,))
    database = Database()
    database.change(entry(1, "Flood"), bad)
    assert step(database, engine, attempts=1) == Step(done=1, parked=1)
    assert database.set_aside[2]
    assert ids(ask(engine, "flood")) == ["1"]


def test_a_source_that_forgets_an_entry_is_told_so(engine: Engine) -> None:
    database = Database()
    database.change(entry(1, "Flood"))
    del database.things["doc:1"]
    assert step(database, engine) == Step(failed=1)
    assert "neither what doc:1 is nor that it is gone" in database.reasons[1]


class Crash(BaseException):
    """The process dies."""


@pytest.mark.parametrize("where", ["entries", "write", "commit", "done"])
def test_a_crash_anywhere_loses_nothing(engine: Engine, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    database.change(entry(1, "Flood"), Deletion("doc:2", 3))
    fill(engine, entry(2, "Flood", version=2))

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(database if where in ("entries", "done") else engine, where, crash)
        with pytest.raises(Crash):
            step(database, engine)
    assert len(database.rows) == 2
    assert database.indexed_sequence == 0
    assert step(database, engine) == Step(done=2)
    assert ids(ask(engine, "flood")) == ["1"]


def test_an_engine_that_is_away_parks_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    database.change(entry(1, "Flood"))

    def down(*_: object) -> None:
        raise EngineDown("away")

    monkeypatch.setattr(engine, "write", down)
    for _ in range(ATTEMPTS + 1):
        with pytest.raises(EngineDown):
            step(database, engine)
    assert database.rows == {1: Pending(1, ("doc:1",))}
