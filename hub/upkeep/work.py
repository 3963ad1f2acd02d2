"""What the hub does in the background: the worker, the messages that wait for it, and the index that it fills."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from acl.visibility import TRUE
from hub.access.models import Fence, HubState, Person, Place
from hub.access.parts import Parts
from hub.ground.clock import day_of
from hub.ground.db import Database
from hub.ground.locks import WORKER_LOCK, is_locked
from hub.ground.outbox import OutboxMessage
from hub.nouns.documents.models import Document
from hub.running.worker import ADVISORY_LOCK
from hub.upkeep.said import Line, fault, ok, warning
from search.engine import Answer, EngineError, Hit
from search.entry import MAX_TITLE, cleaned
from search.request import NOTHING_HIDDEN, SearchRequest, Sort

LATE, TOO_LATE = 60.0, 600.0
"""Seconds that the oldest message may wait."""
SAMPLE = 25
"""Documents that are compared from each end of the index."""
LOOKS = 3
PAUSE = 0.4
"""Between two looks, for what was changed while we looked."""
START = "Start the hub: hub serve."


@dataclass(frozen=True)
class Waiting:
    """What the outbox holds."""

    count: int
    oldest: datetime | None
    parked: int
    fences: int


def waiting_in(session: Session) -> Waiting:
    """The state of the outbox."""
    waits = OutboxMessage.parked.is_(False)
    count, oldest = session.execute(select(func.count(), func.min(OutboxMessage.created_at)).where(waits)).one()
    parked = session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.parked)) or 0
    return Waiting(count, oldest, parked, session.scalar(select(func.count()).select_from(Fence)) or 0)


def worker_runs(database: Database, data: Path) -> bool:
    """Whether somebody holds the worker's lock."""
    if database.is_sqlite:
        return is_locked(data / WORKER_LOCK)
    asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND granted")
    with database.reading() as session:
        return bool(session.execute(asked, {"lock": ADVISORY_LOCK}).scalar_one())


def look_at_worker(parts: Parts, data: Path) -> Line:
    """Say whether it is at work."""
    if worker_runs(parts.database, data):
        return ok("worker", "The worker is running.")
    return warning("worker", "No worker is running: nothing new can be found, and no policy file is adopted.", START)


def look_at_messages(parts: Parts) -> Line:
    """Say whether the worker keeps up, and whether everything could be done."""
    part = "outbox"
    with parts.database.reading() as session:
        found = waiting_in(session)
    if found.parked:
        cure = "See why with “hub index parked”, mend it, then “hub index parked --retry”."
        return fault(part, f"{found.parked:,} changes could not be done and were set aside.", cure)
    if found.oldest is None:
        return ok(part, "Nothing waits.")
    waited = max(0.0, (parts.clock.now() - found.oldest).total_seconds())
    says = f"{found.count:,} messages wait, the oldest for {waited:,.0f} seconds."
    cure = f"{START} If it runs, its log says what keeps it."
    if waited > TOO_LATE:
        return fault(part, says, cure)
    return warning(part, says, cure) if waited > LATE else ok(part, says)


def look_at_index(parts: Parts) -> Line:
    """Say whether it answers, and agrees with the database: in numbers of each kind, and in a sample of documents."""
    part, rebuild = "index", "Build it anew while the hub runs: hub index rebuild."
    try:
        parts.engine.healthy()
        for _ in range(LOOKS):
            differing, waits = _compare(parts)
            if not differing:
                break
            time.sleep(PAUSE)
    except EngineError as error:
        return fault(part, f"{error}".rstrip(".") + ".", "Start it, or mend HUB_ELASTICSEARCH_URL; then look again.")
    if not differing:
        return ok(part, "The index and the database agree.")
    says = f"The index differs from the database: {'; '.join(differing[:3])}."
    return (
        warning(part, says, "Changes still wait for the worker. Look again.") if waits else fault(part, says, rebuild)
    )


def _compare(parts: Parts) -> tuple[list[str], int]:
    """What differs, in words, and how many messages wait."""
    with parts.database.reading() as session:
        waits = waiting_in(session).count
        parts.engine.reload_if_behind(session.scalar(select(HubState.indexed_sequence)) or 0)
        counted = dict(_all(parts, "newest", 1).facets.get("kind", ()))
        expected = _counts(session)
        differing = [
            f"{expected.get(kind, 0):,} of kind {kind} in the database, {counted.get(kind, 0):,} in the index"
            for kind in sorted(expected.keys() | counted.keys())
            if expected.get(kind, 0) != counted.get(kind, 0)
        ]
        hits = [hit for sort in _SORTS for hit in _all(parts, sort, SAMPLE, ("document",)).hits]
        return differing + _unlike(session, hits), waits


_SORTS: tuple[Sort, ...] = ("newest", "oldest")


def _all(parts: Parts, sort: Sort, size: int, kinds: tuple[str, ...] = ()) -> Answer:
    """What the index holds, whoever may see it: for counts and comparisons, of which nothing is told but whether."""
    filters: Mapping[str, tuple[str, ...]] = {"kind": kinds}
    return parts.engine.search(
        SearchRequest(visibility=TRUE, hidden=NOTHING_HIDDEN, filters=filters, sort=sort, size=size)
    )


def _counts(session: Session) -> dict[str, int]:
    kinds = ("space", "organisation")
    places = session.execute(select(Place.kind, func.count()).where(Place.kind.in_(kinds)).group_by(Place.kind))
    people = session.scalar(select(func.count()).select_from(Person).where(Person.status == "active")) or 0
    documents = session.scalar(select(func.count()).select_from(Document)) or 0
    return {kind: count for kind, count in places} | {"person": people, "document": documents}  # noqa: C416  # rows


def _unlike(session: Session, hits: Iterable[Hit]) -> list[str]:
    by_id = {hit.id.removeprefix("doc:"): hit for hit in hits}
    rows = {row.id: row for row in session.scalars(select(Document).where(Document.id.in_(by_id)))}
    return [f"doc:{own} is another state of it" for own, hit in by_id.items() if not _alike(rows.get(own), hit)]


def _alike(row: Document | None, hit: Hit) -> bool:
    if row is None:
        return False
    title = "".join(piece for piece, _ in hit.title)
    told = (title, hit.marking, hit.state, hit.date)
    return told == (cleaned(row.title)[:MAX_TITLE], row.marking, row.state, day_of(row.changed_at).isoformat())
