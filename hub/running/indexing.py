"""Keeping the index up to date: the outbox as the source of `search/indexer.py`, and the index built anew.

Work comes as messages (`hub/ground/outbox.py`). One worker does them (`hub/running/worker.py` holds its lock), and the
version of what it writes is taken together with the state that it reads: a message's own id would not do, since on
PostgreSQL ids are given out in another order than transactions commit.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from weakref import WeakKeyDictionary, WeakSet

import structlog
from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.store import Snapshot
from hub.access.entries import entries_of
from hub.access.models import Fence, HubState, Place
from hub.access.parts import Parts
from hub.ground.db import Database
from hub.ground.outbox import INDEX, IS_SUBTREE, OutboxMessage
from hub.ground.unit_of_work import unit_of_work
from hub.running.below import START, At, cut, page_below
from hub.running.rarity import bring_up_to_date, note
from hub.things.kinds import Kinds
from search.engine import EngineDown, IndexUnfit, ItemError
from search.entry import Deletion, Entry
from search.indexer import Failure, Pending, step
from search.reindex import reindex

log = structlog.get_logger(__name__)

REBUILD = "rebuild"
"""Outbox topic: build the index anew (`index:all`)."""
AT_ONCE = 500
"""Things that one page of a subtree or of a rebuild has."""
ERROR_KEPT = 500
LOOK_EVERY = 5.0
"""Seconds between two looks at whether the index is still there."""

_WAITING = (
    select(OutboxMessage.id, OutboxMessage.about, OutboxMessage.attempts)
    .where(OutboxMessage.topic == INDEX, OutboxMessage.parked.is_(False))
    .order_by(OutboxMessage.id)
)
_SMALL = _WAITING.where(OutboxMessage.about.not_like("subtree:%"))
_LARGE = _WAITING.where(IS_SUBTREE)
"""One after the other: `ix_outbox_subtrees` has the next one, however many small messages wait before it."""

_begun: WeakSet[Database] = WeakSet()
"""Databases whose index this process has seen to be there."""
_looked: WeakKeyDictionary[Database, float] = WeakKeyDictionary()
"""When this process last looked at whether a database's index is still there."""
_cursors: WeakKeyDictionary[Database, dict[int, At | None]] = WeakKeyDictionary()
"""How far this process has come with the messages that speak of a whole subtree; lost with it, and begun again."""


def index_round(parts: Parts) -> int:
    """Do the next messages, or the rebuild that is asked for; returns how many. Raises the engine's EngineError."""
    if parts.database not in _begun:
        if not _begin(parts):
            return restore_lost(parts)
        _begun.add(parts.database)
    source = OutboxSource(parts)
    if (_is_due(parts.database) or source.has_work()) and is_lost(parts):
        log.error("THE SEARCH INDEX IS EMPTY, though it was filled: it is built anew")
        return restore_lost(parts)
    found = step(source, parts.engine)
    counted = bring_up_to_date(parts, made)
    return found.done + found.failed + found.parked + counted + rebuild_round(parts)


def _begin(parts: Parts) -> bool:
    """See that there is an index: also in a hub in which nothing has happened yet. False: it must be built anew."""
    try:
        parts.engine.write(())
        parts.engine.healthy()
    except IndexUnfit as error:  # after an upgrade, for one
        log.warning("THE SEARCH INDEX CANNOT BE USED: it is built anew", reason=str(error))
        return False
    return True


def is_lost(parts: Parts) -> bool:
    """Whether the index holds nothing though it once did: somebody deleted it."""
    with parts.database.reading() as session:
        once = session.scalar(select(HubState.indexed_sequence)) or 0
        things = once and session.scalar(select(Place.id).where(Place.id != ROOT).limit(1))
    return bool(things) and parts.engine.count() == 0


def restore_lost(parts: Parts) -> int:
    """Build a lost index anew, and nothing else meanwhile; returns how many messages asked for that, and one more.

    What waits in the outbox waits on: written into the empty index it would be all that a search finds. Until the new
    index is in force, searches are answered with a notice; then the outbox brings what has changed since.
    """
    with parts.database.reading() as session:
        asked = session.scalars(select(OutboxMessage.id).where(OutboxMessage.topic == REBUILD)).all()
    _rebuilt(parts, asked, rebuild(parts))
    return len(asked) + 1


def _is_due(database: Database) -> bool:
    """Whether it is time to look after the index itself."""
    now = time.monotonic()
    if now - _looked.get(database, -LOOK_EVERY) < LOOK_EVERY:
        return False
    _looked[database] = now
    return True


def rebuild_round(parts: Parts) -> int:
    """Build the index anew if a message asks for it; searches are answered from the old one meanwhile."""
    with parts.database.reading() as session:
        asked = session.scalars(select(OutboxMessage.id).where(OutboxMessage.topic == REBUILD)).all()
    if not asked:
        return 0
    log.info("index rebuild started")
    _rebuilt(parts, asked, rebuild(parts))
    return len(asked)


def _rebuilt(parts: Parts, asked: Sequence[int], count: int) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.execute(delete(Fence).where(Fence.message_id.in_(asked)))  # a restored hub's: it hides all
        uow.session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(asked)))
        _raise_sequence(uow.session)
    log.info("index rebuild finished", entries=count)


def rebuild(parts: Parts, shown: Callable[[int], None] = lambda _: None) -> int:
    """Build the index anew and put it in force; returns its count.

    The outbox is worked on in between, unless no index is in force that it could be written to.
    """
    serves = _serves(parts)
    source = OutboxSource(parts)
    unfit: list[str] = []

    def between(count: int, errors: Sequence[ItemError]) -> None:
        again = [*unfit, *(error.id for error in errors)]
        unfit.clear()
        if again:  # as messages of their own they are tried again, and parked with an alarm
            with unit_of_work(parts.database, parts.clock) as uow:
                for entry_id in again:
                    uow.enqueue(entry_id)
        if serves:
            step(source, parts.engine)
        shown(count)

    return reindex(parts.engine, everything(parts, unfit), batch=AT_ONCE, between=between)


def _serves(parts: Parts) -> bool:
    """Whether an index is in force: not one that is lost, broken or of another layout."""
    try:
        return not is_lost(parts)
    except EngineDown as error:
        log.warning("the index in force cannot be used while another is built", reason=str(error))
        return False


def everything(parts: Parts, unfit: list[str]) -> Iterator[Entry]:
    """Every entry that the index should hold, read in pages, each of one state of the database.

    The ids of what cannot be made into an entry are added to `unfit`.
    """
    at: At | None = START
    while at is not None:
        number = before(parts.database)
        with parts.database.reading() as session:
            page = page_below(session, parts.kinds, ROOT, at, AT_ONCE)
            snapshot = parts.snapshots.latest(session)
            version = number or drawn(session, parts.database)
            found = _fit(parts.kinds, session, snapshot, page.ids, version, unfit)
        at = page.after
        yield from found


def _fit(
    kinds: Kinds, session: Session, snapshot: Snapshot, ids: Sequence[str], version: int, unfit: list[str]
) -> list[Entry]:
    try:
        found = made(kinds, session, snapshot, ids, version)
    except ValueError:  # an entry that refuses itself: found by making each alone
        if len(ids) == 1:
            unfit.extend(ids)
            return []
        return [entry for one in ids for entry in _fit(kinds, session, snapshot, (one,), version, unfit)]
    return [change for change in found.values() if isinstance(change, Entry)]


def made(
    kinds: Kinds, session: Session, snapshot: Snapshot, ids: Sequence[str], version: int
) -> dict[str, Entry | Deletion]:
    """Entries and deletions of the named things, by id. A few queries for each kind, however many there are."""
    found = (entries_of(kind, session, snapshot, own, version) for kind, own in kinds.by_kind(ids))
    return {change.id: change for changes in found for change in changes}


def drawn(session: Session, database: Database) -> int:
    """The version of what the session reads: above all that was written from an earlier state.

    SQLite: the last message id that the session's state knows. PostgreSQL: a number drawn after the state was fixed.
    """
    if database.is_sqlite:
        last = session.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")).scalar()
        return int(last or 1)
    session.execute(select(HubState.id))  # fixes the state, should nothing have been read yet
    return _next_number(database)


def before(database: Database) -> int:
    """The version of what a rebuild is about to read; 0 where `drawn` finds one that fits.

    On PostgreSQL it is drawn before the state is fixed, so that whatever the worker reads from a later state wins.
    """
    return 0 if database.is_sqlite else _next_number(database)


def _next_number(database: Database) -> int:
    with database.engine.connect() as connection:
        sequence = "pg_get_serial_sequence('outbox', 'id')"
        return int(connection.execute(text(f"SELECT nextval({sequence})")).scalar_one())


def _raise_sequence(session: Session) -> None:
    session.execute(update(HubState).values(indexed_sequence=HubState.indexed_sequence + 1))


def next_subtree(session: Session) -> Row[int, str, int] | None:
    """The message that waits the longest of those that speak of a whole subtree: id, about, attempts."""
    return session.execute(_LARGE.limit(1)).one_or_none()


class OutboxSource:
    """The `Source` of search/indexer.py over the hub's outbox."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._cursors = _cursors.setdefault(parts.database, {})
        self._next: dict[int, At | None] = {}
        self._made: dict[str, Entry | Deletion] = {}
        """What the rows that are worked on speak of, as it was read for the index."""

    def pending(self, limit: int) -> Sequence[Pending]:
        """The oldest messages that wait, of subtrees the next page: one subtree at a time, so that none starves."""
        self._next.clear()
        self._made.clear()
        with self._parts.database.reading() as session:
            small = session.execute(_SMALL.limit(limit)).all()
            large = next_subtree(session)
            rows = [Pending(row, self._entities(about), attempts) for row, about, attempts in small]
            fitting = cut(session, self._parts.kinds, [e for row in rows for e in row.entities])
            rows = [row for row in rows if set(row.entities) <= fitting]
            if large is not None:
                rows.append(self._page(session, *large))
        return rows

    def has_work(self) -> bool:
        """Whether anything waits to be written."""
        with self._parts.database.reading() as session:
            waiting = select(OutboxMessage.id).where(OutboxMessage.topic == INDEX, OutboxMessage.parked.is_(False))
            return session.scalar(waiting.limit(1)) is not None

    def entries(self, ids: Sequence[str]) -> dict[str, Entry | Deletion]:
        """Each thing as it is now."""
        with self._parts.database.reading() as session:
            snapshot = self._parts.snapshots.latest(session)
            found = made(self._parts.kinds, session, snapshot, ids, drawn(session, self._parts.database))
        self._made |= found
        return found

    def done(self, rows: Sequence[int]) -> None:
        """Delete the messages, clear their fences, and tell readers of the commit, in one transaction."""
        ended = [row for row in rows if self._next.get(row) is None]
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            uow.session.execute(delete(Fence).where(Fence.message_id.in_(ended)))
            uow.session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(ended)))
            note(uow.session, self._made, self._parts.snapshots.latest(uow.session), self._parts.today)
            _raise_sequence(uow.session)
        for row in rows:
            if row in ended:
                self._cursors.pop(row, None)
            else:
                self._cursors[row] = self._next[row]

    def failed(self, failures: Sequence[Failure]) -> None:
        """Count the failure; the message is tried again in the next round."""
        self._note(failures, parked=False)

    def parked(self, failures: Sequence[Failure]) -> None:
        """Set the messages aside, loudly. `hub index parked` lists them."""
        self._note(failures, parked=True)
        for failure in failures:
            log.error("cannot be indexed", message=failure.row, reason=failure.reason[:ERROR_KEPT])

    def _note(self, failures: Sequence[Failure], *, parked: bool) -> None:
        with unit_of_work(self._parts.database, self._parts.clock) as uow:
            for failure in failures:
                uow.session.execute(
                    update(OutboxMessage)
                    .where(OutboxMessage.id == failure.row)
                    .values(attempts=OutboxMessage.attempts + 1, parked=parked, error=failure.reason[:ERROR_KEPT])
                )

    def _page(self, session: Session, row: int, about: str, attempts: int) -> Pending:
        at = self._cursors.get(row) or START
        page = page_below(session, self._parts.kinds, about.removeprefix("subtree:"), at, AT_ONCE)
        self._next[row] = page.after
        return Pending(row, page.ids, attempts)

    def _entities(self, about: str) -> tuple[str, ...]:
        """The entry that a message speaks of; none for a folder, which is found by what lies in it."""
        return (about,) if self._parts.kinds.is_indexed(about) else ()
