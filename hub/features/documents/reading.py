"""Reading the text out of stored files, in the worker: each file ends as text, or with the reason why there is none."""

from threading import Lock

import structlog
from sqlalchemy import delete, select, update

from hub.access.parts import Parts
from hub.ground.extraction import Extractor
from hub.ground.files import FileDamaged
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Revision
from hub.nouns.documents.service import UNKNOWN_TYPE
from hub.nouns.documents.texts import EXTRACT, ReadText, keep_text, read_of

log = structlog.get_logger(__name__)

ATTEMPTS = 3
MISSING = "the stored file is missing or damaged"
_lock = Lock()
_extractor: list[Extractor] = []


def reading_round(parts: Parts) -> int:
    """Read the next file that waits; returns 1, or 0 where none does. Raises Unavailable when the store is away."""
    with parts.database.reading() as session:
        message = session.scalar(
            select(OutboxMessage)
            .where(OutboxMessage.topic == EXTRACT, OutboxMessage.parked.is_(False))
            .order_by(OutboxMessage.attempts, OutboxMessage.id)
            .limit(1)
        )
        if message is None:
            return 0
        document_id, number = named(message)
        revision = session.get(Revision, (document_id, number))
    if revision is None:  # of a draft that was deleted meanwhile
        _end(parts, message)
        return 1
    try:
        with parts.files.local(revision.file_hash) as path:
            found = extractor().extract(path, revision.file_name)
    except (FileDamaged, OSError):
        log.exception("a stored file cannot be opened", file=revision.file_hash, attempt=message.attempts + 1)
        if message.attempts + 1 < ATTEMPTS:
            _try_again(parts, message)
            return 1
        found = None
    _end(parts, message, read_of(found) if found else ReadText(UNKNOWN_TYPE, readable=False, reason=MISSING))
    return 1


def named(message: OutboxMessage) -> tuple[str, int]:
    """The revision that a message speaks of: the id of its document, and its number."""
    document_id, _, number = message.about.removeprefix("revision:").partition("/")
    return document_id, int(number)


def extractor() -> Extractor:
    """This process's reader of files, with its child; the child ends with the process."""
    with _lock:
        if not _extractor:
            _extractor.append(Extractor())
        return _extractor[0]


def _try_again(parts: Parts, message: OutboxMessage) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message.id)
            .values(attempts=OutboxMessage.attempts + 1, error=MISSING)
        )


def _end(parts: Parts, message: OutboxMessage, read: ReadText | None = None) -> None:
    """Keep what was read and end the message, in one transaction."""
    with unit_of_work(parts.database, parts.clock) as uow:
        if read is not None:
            keep_text(uow, *named(message), read)
        uow.session.execute(delete(OutboxMessage).where(OutboxMessage.id == message.id))
