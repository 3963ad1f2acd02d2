"""Builds the index anew beside the one in force, and puts it in force when it is full: no search waits for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from search.engine import Engine, ItemError
from search.entry import Entry

BATCH: Final = 500


def reindex(
    engine: Engine,
    entries: Iterable[Entry],
    *,
    batch: int = BATCH,
    between: Callable[[int, Sequence[ItemError]], None] = lambda _count, _errors: None,
) -> int:
    """Fills a new generation with `entries` and puts it in force; returns its count.

    `between` is called after each batch with the entries read so far and the batch's errors: the one worker
    does its outbox steps there (their changes go to both generations), shows progress, or raises to give up, which
    leaves the old generation as it was.
    """
    rebuild = engine.begin_rebuild()
    read = 0
    try:
        for some in _batches(iter(entries), batch):
            errors = rebuild.write(some)
            read += len(some)
            between(read, errors)
    except BaseException:
        rebuild.abandon()
        raise
    return rebuild.finish()


def _batches(entries: Iterator[Entry], size: int) -> Iterator[tuple[Entry, ...]]:
    while some := tuple(islice(entries, size)):
        yield some
