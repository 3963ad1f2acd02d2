"""The one worker that brings the index up to the database, in steps that can be broken off anywhere and repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from search.engine import Change, Engine

BATCH: Final = 1_000
"""Rows of the outbox that a step takes at most: one commit, which takes as long for few as for many, is for all."""
ATTEMPTS: Final = 5
"""Failures after which a row is parked."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A row of the outbox: its number, the entries that it speaks of, and how often it failed before."""

    row: int
    entities: tuple[str, ...]
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that could not be indexed now, and why, in one sentence."""

    row: int
    reason: str


class Source(Protocol):
    """Where the entries come from: the hub's database."""

    def pending(self, limit: int) -> Sequence[Pending]:
        """The oldest rows that are neither done nor parked, in order."""
        ...

    def entries(self, ids: Sequence[str]) -> Mapping[str, Change]:
        """Each id as it is in the database now: an Entry, or a Deletion where it is gone.

        May raise: then each id is asked for alone, and the one that raises fails its rows.
        """
        ...

    def done(self, rows: Sequence[int]) -> None:
        """In one transaction: the rows are gone, their fences cleared, and `indexed_sequence` raised to the last."""
        ...

    def failed(self, failures: Sequence[Failure]) -> None:
        """Raises the rows' `attempts` and keeps the reasons. Their fences stay."""
        ...

    def parked(self, failures: Sequence[Failure]) -> None:
        """Sets the rows aside, with an alarm. Their fences stay: what cannot be indexed stays hidden where it was."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did, in rows."""

    done: int = 0
    failed: int = 0
    parked: int = 0

    def __bool__(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.done or self.failed or self.parked)


def step(source: Source, engine: Engine, *, batch: int = BATCH, attempts: int = ATTEMPTS) -> Step:
    """Indexes the next rows: writes, commits the index, and only then tells the source.

    A crash before `done` repeats the rows, which changes nothing, as every write carries its version. An EngineError
    (down, slow, a second indexer) goes to the caller with every row as it was: nothing is parked because the engine is
    away.
    """
    rows = source.pending(batch)
    if not rows:
        return Step()
    changes, faults = _read(source, rows)
    if changes:
        faults |= {error.id: error.reason for error in engine.write(tuple(changes.values()))}
        engine.commit()
    bad = [
        (row, next(faults[e] for e in row.entities if e in faults))
        for row in rows
        if not faults.keys().isdisjoint(row.entities)
    ]
    good = [row.row for row in rows if faults.keys().isdisjoint(row.entities)]
    if good:
        source.done(good)
    poison = [Failure(row.row, reason) for row, reason in bad if row.attempts + 1 >= attempts]
    again = [Failure(row.row, reason) for row, reason in bad if row.attempts + 1 < attempts]
    if poison:
        source.parked(poison)
    if again:
        source.failed(again)
    return Step(len(good), len(again), len(poison))


def _read(source: Source, rows: Sequence[Pending]) -> tuple[dict[str, Change], dict[str, str]]:
    """The changes that the rows speak of, each id once, and the ids that cannot be read, with the reasons."""
    ids = tuple(dict.fromkeys(entity for row in rows for entity in row.entities))
    try:
        return _asked(source, ids), {}
    except Exception:  # noqa: BLE001 - one bad row among many: found by asking for each alone, and told below
        changes: dict[str, Change] = {}
        faults: dict[str, str] = {}
        for entity in ids:
            try:
                changes |= _asked(source, (entity,))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the row's fault, kept with the row
                faults[entity] = f"{entity} cannot be read: {error}"
        return changes, faults


def _asked(source: Source, ids: Sequence[str]) -> dict[str, Change]:
    found = source.entries(ids)
    missing = [entity for entity in ids if entity not in found]
    if missing:
        raise LookupError(f"the source says neither what {missing[0]} is nor that it is gone")
    return {entity: found[entity] for entity in ids}
