"""Reading the text out of stored files, in the worker: each file ends as text, or with the reason why there is none."""

from threading import Lock

import structlog
from sqlalchemy import delete, select, update

from hub.access.parts import Parts
from hub.documents.models import Revision
from hub.documents.service import EXTRACT, keep_text
from hub.extraction import Extracted, Extractor
from hub.files import FileDamaged
from hub.outbox import OutboxMessage
from hub.unit_of_work import unit_of_work

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
        file_hash = message.about.removeprefix("file:")
        name = session.scalar(select(Revision.file_name).where(Revision.file_hash == file_hash).limit(1))
    try:
        with parts.files.local(file_hash) as path:
            found = extractor().extract(path, name or "")
    except (FileDamaged, OSError):
        log.exception("a stored file cannot be opened", file=file_hash, attempt=message.attempts + 1)
        if message.attempts + 1 < ATTEMPTS:
            _try_again(parts, message)
            return 1
        found = None
    _keep(parts, file_hash, found)
    return 1


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


def _keep(parts: Parts, file_hash: str, found: Extracted | None) -> None:
    """Keep what was read and end every message about this file, in one transaction."""
    with unit_of_work(parts.database, parts.clock) as uow:
        keep_text(
            uow,
            file_hash,
            readable=found is not None and found.status == "readable",
            text=found.text if found else "",
            kind=found.kind if found else "other",
            reason=found.reason if found else MISSING,
            cut=bool(found and found.remark),
        )
        uow.session.execute(
            delete(OutboxMessage).where(OutboxMessage.topic == EXTRACT, OutboxMessage.about == f"file:{file_hash}")
        )
