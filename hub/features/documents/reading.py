"""Reading the text out of stored files, in the worker: each file ends as text, or with the reason why there is none.

Several are read side by side, each by a child of its own, so that one that takes long holds up no other. Whose turn it
is goes by organisations: one that sends ten thousand files at once does not keep the others waiting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from hub.access.parts import Parts
from hub.ground.db import Database
from hub.ground.extraction import Extractor
from hub.ground.files import FileDamaged
from hub.ground.ids import LENGTH
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document, Revision
from hub.nouns.documents.service import UNKNOWN_TYPE
from hub.nouns.documents.texts import EXTRACT, ReadText, keep_text, read_of

log = structlog.get_logger(__name__)

ATTEMPTS: Final = 3
MISSING: Final = "the stored file is missing or damaged"
LOOKED_AT: Final = 50
"""Of the files that wait longest, and of those that came last, when it is decided which is next."""
_REVISION: Final = "revision:"


@dataclass(frozen=True)
class _Waiting:
    """A message that speaks of a file: its number, the revision, how often it was tried, and whose it is."""

    message: int
    document_id: str
    number: int
    attempts: int
    organisation: str


class _Desk:
    """What is being read just now in this process, for whom, and by whom."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.busy: dict[int, str] = {}
        """The organisation, by number of the message."""
        self.served: dict[str, int] = {}
        """By organisation, when it had its last turn, in turns."""
        self.turns = 0

    def next_of(self, waiting: list[_Waiting]) -> _Waiting | None:
        """The one whose organisation has the fewest files in hand, and has waited longest for its turn."""
        free = [one for one in waiting if one.message not in self.busy]
        in_hand = list(self.busy.values())

        def place(one: _Waiting) -> tuple[int, int, int, int]:
            return (
                in_hand.count(one.organisation), self.served.get(one.organisation, 0), one.attempts, one.message
            )  # fmt: skip

        return min(free, key=place, default=None)


_desks: WeakKeyDictionary[Database, _Desk] = WeakKeyDictionary()
_idle: list[Extractor] = []
"""This process's readers of files that have none in hand, each with its child, which ends with the process."""


def reading_round(parts: Parts) -> int:
    """Read a file that waits and that nobody reads; returns 1, or 0 for none. Raises Unavailable without the store."""
    with _taken(parts) as waiting:
        if waiting is None:
            return 0
        _read(parts, waiting)
    return 1


@contextmanager
def _taken(parts: Parts) -> Iterator[_Waiting | None]:
    desk = _desks.setdefault(parts.database, _Desk())
    with desk.lock:  # chosen one after another, so that a file that was just read is not there any more
        with parts.database.reading() as session:
            found = desk.next_of(_waiting(session))
        if found is not None:
            desk.turns += 1
            desk.busy[found.message], desk.served[found.organisation] = found.organisation, desk.turns
        elif not desk.busy:
            _close_all_but_one()
    try:
        yield found
    finally:
        if found is not None:
            with desk.lock:
                del desk.busy[found.message]


def _waiting(session: Session) -> list[_Waiting]:
    """Those that wait longest, those that were tried least first, and those that came last."""
    of_document = func.substr(OutboxMessage.about, len(_REVISION) + 1, LENGTH)
    columns = OutboxMessage.id, OutboxMessage.about, OutboxMessage.attempts, Document.organisation_id
    asked = (
        select(*columns)
        .outerjoin(Document, Document.id == of_document)
        .where(OutboxMessage.topic == EXTRACT, OutboxMessage.parked.is_(False))
        .limit(LOOKED_AT)
    )
    rows = [*session.execute(asked.order_by(OutboxMessage.attempts, OutboxMessage.id))]
    if len(rows) == LOOKED_AT:
        rows += session.execute(asked.order_by(OutboxMessage.id.desc()))
    return [_waiting_of(row) for row in rows]


def _waiting_of(row: Row[int, str, int, str]) -> _Waiting:
    message, about, attempts, organisation = row
    document_id, _, number = about.removeprefix(_REVISION).partition("/")
    return _Waiting(message, document_id, int(number), attempts, organisation or "")


def _read(parts: Parts, waiting: _Waiting) -> None:
    with parts.database.reading() as session:
        revision = session.get(Revision, (waiting.document_id, waiting.number))
    if revision is None:  # of a draft that was deleted meanwhile
        _end(parts, waiting)
        return
    try:
        with parts.files.local(revision.file_hash) as path, _reader() as reader:
            found = reader.extract(path, revision.file_name)
    except (FileDamaged, OSError):
        log.exception("a stored file cannot be opened", file=revision.file_hash, attempt=waiting.attempts + 1)
        if waiting.attempts + 1 < ATTEMPTS:
            _try_again(parts, waiting)
            return
        found = None
    _end(parts, waiting, read_of(found) if found else ReadText(UNKNOWN_TYPE, readable=False, reason=MISSING))


@contextmanager
def _reader() -> Iterator[Extractor]:
    """A reader of files for this thread alone: one that is idle, else a new one."""
    try:
        reader = _idle.pop()
    except IndexError:
        reader = Extractor()
    try:
        yield reader
    finally:
        _idle.append(reader)


def _close_all_but_one() -> None:
    """End the children that nobody needs while nothing waits."""
    while len(_idle) > 1:
        _idle.pop().close()


def _try_again(parts: Parts, waiting: _Waiting) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == waiting.message)
            .values(attempts=OutboxMessage.attempts + 1, error=MISSING)
        )


def _end(parts: Parts, waiting: _Waiting, read: ReadText | None = None) -> None:
    """Keep what was read and end the message, in one transaction."""
    with unit_of_work(parts.database, parts.clock) as uow:
        if read is not None:
            keep_text(uow, waiting.document_id, waiting.number, read)
        uow.session.execute(delete(OutboxMessage).where(OutboxMessage.id == waiting.message))
