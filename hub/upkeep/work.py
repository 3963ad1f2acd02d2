"""What the hub does in the background: the worker, the messages that wait for it, and the index that it fills."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from acl.store import Snapshot
from acl.visibility import TRUE
from hub.access.entries import UNTITLED
from hub.access.models import Fence, HubState
from hub.access.parts import Parts
from hub.ground.clock import day_of
from hub.ground.db import Database
from hub.ground.locks import WORKER_LOCK, is_locked
from hub.ground.outbox import OutboxMessage
from hub.running.turn import ADVISORY_LOCK, last_turn
from hub.things.kind import Kind
from hub.things.kinds import rows_of
from hub.things.thing import Thing
from hub.upkeep.said import Line, fault, ok, warning
from search.engine import Answer, EngineError, Hit
from search.entry import MAX_TITLE, cleaned
from search.request import NOTHING_HIDDEN, SearchRequest, Sort

LATE, TOO_LATE = 60.0, 600.0
"""Seconds that the oldest message may wait."""
SAMPLE = 25
"""Things that are compared from each end of the index."""
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
    asked = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with database.reading() as session:
        return bool(session.execute(asked, {"lock": ADVISORY_LOCK}).scalar_one())


def look_at_worker(parts: Parts, data: Path) -> Line:
    """Say whether it is at work."""
    if worker_runs(parts.database, data):
        with parts.database.reading() as session:
            machine = last_turn(session).machine
        return ok("worker", f"The worker is running{f', on {machine}' if machine else ''}.")
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
    """Say whether it answers, and agrees with the database: in numbers of each kind, and in a sample."""
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
        expected = {kind.word: kind.count(session) for kind in parts.kinds.indexed}
        differing = [
            f"{expected.get(kind, 0):,} of kind {kind} in the database, {counted.get(kind, 0):,} in the index"
            for kind in sorted(expected.keys() | counted.keys())
            if expected.get(kind, 0) != counted.get(kind, 0)
        ]
        hits = [hit for sort in _SORTS for hit in _all(parts, sort, SAMPLE).hits]
        return differing + _unlike(parts, session, hits), waits


_SORTS: tuple[Sort, ...] = ("newest", "oldest")


def _all(parts: Parts, sort: Sort, size: int) -> Answer:
    """What the index holds, whoever may see it: for counts and comparisons, of which nothing is told but whether."""
    return parts.engine.search(SearchRequest(visibility=TRUE, hidden=NOTHING_HIDDEN, sort=sort, size=size))


def _unlike(parts: Parts, session: Session, hits: Iterable[Hit]) -> list[str]:
    """What the index holds of things that are gone, or are another way now."""
    by_id = {hit.id: hit for hit in hits}
    rows = rows_of(session, parts.kinds.by_kind(by_id))
    snapshot = parts.snapshots.latest(session)
    told = {key: _told(parts.kinds[key.partition(":")[0]], row, snapshot) for key, row in rows.items()}
    return [f"{key} is another state of it" for key, hit in by_id.items() if told.get(key) != _said(hit)]


def _told(kind: Kind, row: Thing, snapshot: Snapshot) -> tuple[str, str, str, str] | None:
    face, judged = kind.face(row), row.judged(snapshot)
    if judged is None:
        return None
    title = cleaned(face.title)[:MAX_TITLE] or UNTITLED
    return title, judged.marking, judged.state, day_of(face.changed).isoformat()


def _said(hit: Hit) -> tuple[str, str, str, str]:
    return "".join(piece for piece, _ in hit.title), hit.marking, hit.state, hit.date
