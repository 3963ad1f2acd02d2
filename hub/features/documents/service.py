"""A large file comes part by part: begun once, gone on with from where it is, ended once.

Each part is stored before the row that names it is written, so what the database says is here is here, whichever
process or machine took it. What is over is removed by the worker.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from hub.access.parts import Parts
from hub.features.documents.models import Upload, UploadPart
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.files import FileDamaged, FileStore
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork, alone, unit_of_work

log = structlog.get_logger(__name__)

PART: Final = 4_000_000
"""Bytes of a part, as the hub's own script sends them."""
SMALLEST: Final = 1_000_000
"""Bytes that each part has at least, but for the last: so a file has so many parts and no more."""
LARGEST: Final = 8_000_000
KEPT: Final = timedelta(days=1)
"""How long it is kept after its last part."""
MOST: Final = 20
"""Files that one person may have under way."""
MOST_TIMES: Final = 4
"""So many times the largest file there may be, as bytes of all of them together."""
MOST_TIDIED: Final = 20
FULL: Final = (
    "You have too many large files under way that are not finished. Finish them, or discard some of those that are "
    "listed on this page"
)
GONE: Final = "Choose the file again: not all of it is here any more"
ALTERED: Final = "The file did not arrive as it was sent: perhaps it was changed meanwhile. Choose it again"


class Altered(Invalid):
    """What came is not what was said to come, or is not there any more: it has to begin anew."""


class Elsewhere(Conflict):
    """A part begins where the file is not; `came` says where it is."""

    def __init__(self, came: int) -> None:
        super().__init__("The hub has come to another part of the file.")
        self.came = came


@dataclass(frozen=True)
class Announced:
    """What a browser says of a file that it is about to send."""

    name: str
    size: int
    key: str = ""
    digest: str = ""


@dataclass(frozen=True)
class StoredPart:
    """A part that is in the store."""

    start: int
    size: int
    parcel: str


def is_open(now: datetime) -> ColumnElement[bool]:
    """The condition on uploads that may go on."""
    return Upload.ended_at.is_(None) & (Upload.touched_at >= now - KEPT)


def open_of(session: Session, person_id: str, now: datetime) -> list[Upload]:
    """What somebody has under way, the newest first."""
    own = select(Upload).where(Upload.person_id == person_id, is_open(now))
    return list(session.scalars(own.order_by(Upload.created_at.desc(), Upload.id)))


def own_upload(session: Session, upload_id: str, person_id: str, now: datetime, *, lock: bool = False) -> Upload | None:
    """Somebody's upload that may go on; None for any other, whether it is there or not."""
    wanted = select(Upload).where(Upload.id == upload_id, Upload.person_id == person_id, is_open(now))
    return session.scalar(wanted.with_for_update() if lock else wanted)


def begin_upload(uow: UnitOfWork, person_id: str, place_id: str, said: Announced, *, limit: int) -> Upload:
    """A new upload, or the one that the same file has at this place already; raises Conflict for one too many."""
    alone(uow, f"uploads of {person_id}")
    others = open_of(uow.session, person_id, uow.now)
    for found in others:
        if (found.place_id, found.name, found.size, found.key, found.digest) == (
            place_id, said.name, said.size, said.key, said.digest
        ):  # fmt: skip
            return found
    if len(others) >= MOST or sum(each.size for each in others) + said.size > MOST_TIMES * limit:
        raise Conflict(FULL)
    made = Upload(
        id=new_id(),
        person_id=person_id,
        place_id=place_id,
        name=said.name,
        size=said.size,
        came=0,
        key=said.key,
        digest=said.digest,
        created_at=uow.now,
        touched_at=uow.now,
    )
    uow.session.add(made)
    uow.session.flush()
    return made


def append_part(uow: UnitOfWork, upload_id: str, person_id: str, part: StoredPart) -> Upload:
    """Note a part that is stored; raises Elsewhere where another came first, NotFound where it is over."""
    found = own_upload(uow.session, upload_id, person_id, uow.now, lock=True)
    if found is None:
        raise NotFound
    if part.start != found.came or part.start + part.size > found.size:
        raise Elsewhere(found.came)
    uow.session.add(UploadPart(upload_id=found.id, start=part.start, size=part.size, parcel=part.parcel))
    found.came, found.touched_at = found.came + part.size, uow.now
    uow.session.flush()
    return found


def end_upload(uow: UnitOfWork, upload_id: str, person_id: str) -> None:
    """It is added, or given up; raises Conflict where it is over already, so that nothing is added twice."""
    found = own_upload(uow.session, upload_id, person_id, uow.now, lock=True)
    if found is None:
        raise Conflict(GONE)
    found.ended_at = uow.now
    uow.session.flush()


def content_of(session: Session, files: FileStore, upload: Upload) -> Iterator[bytes]:
    """The whole, out of its parts; raises Altered at its end, and nothing of it is to be kept, if it is another one."""
    parts = session.execute(
        select(UploadPart.start, UploadPart.size, UploadPart.parcel)
        .where(UploadPart.upload_id == upload.id)
        .order_by(UploadPart.start)
    ).all()
    return _joined([StoredPart(*part) for part in parts], files, upload.size, upload.digest)


def _joined(parts: list[StoredPart], files: FileStore, size: int, wanted: str) -> Iterator[bytes]:
    digest, came = hashlib.sha256(), 0
    for part in parts:
        if part.start != came:
            raise Altered(ALTERED, "file")
        try:
            for chunk in files.read_apart(part.parcel):
                digest.update(chunk)
                came += len(chunk)
                yield chunk
        except FileDamaged:
            log.exception("a part of an upload cannot be read")
            raise Altered(GONE, "file") from None
    if came != size or (wanted and digest.hexdigest() != wanted):
        raise Altered(ALTERED, "file")


def tidy_uploads(parts: Parts) -> int:
    """Remove what is left of uploads that are over, or that nobody went on with for a day; returns how many."""
    with parts.database.reading() as session:
        over = or_(Upload.ended_at.is_not(None), Upload.touched_at < parts.clock.now() - KEPT)
        found = session.scalars(select(Upload.id).where(over).limit(MOST_TIDIED)).all()
    for upload_id in found:
        _remove(parts, upload_id)
    return len(found)


def _remove(parts: Parts, upload_id: str) -> None:
    """First no more may come, then its parts go, then the rows that name them: whoever dies leaves them to the next."""
    with unit_of_work(parts.database, parts.clock) as uow:
        found = uow.session.get(Upload, upload_id, with_for_update=True)
        if found is None or (found.ended_at is None and found.touched_at >= uow.now - KEPT):
            return
        found.ended_at = found.ended_at or uow.now
        parcels = uow.session.scalars(select(UploadPart.parcel).where(UploadPart.upload_id == upload_id)).all()
    for parcel in parcels:
        parts.files.remove(parcel)
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))
        uow.session.execute(delete(Upload).where(Upload.id == upload_id))
