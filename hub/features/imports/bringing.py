"""Bringing an archive in: written down in one transaction with all its files, then filed by the worker one by one.

Nothing of it is done in a request but looking at its table of contents. Each file is filed in a transaction of its own,
together with what became of it, so that a worker that dies goes on where it was. It acts as the person who brought it,
with the rights that they have at that moment.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import PurePosixPath
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.features.imports.archive import Entry
from hub.features.imports.known import inside
from hub.features.imports.models import Bringing, BroughtFile
from hub.features.imports.service import MARKDOWN_ENDINGS
from hub.ground.errors import Conflict
from hub.ground.files import CHUNK, FileStore
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import DOCUMENTS, Document
from hub.things.columns import among

WAITING, FILED, DOUBLE, PASSED, FAILED = "waiting", "filed", "double", "passed", "failed"
UNDONE, KEPT = "undone", "kept"


def keep_parcel(files: FileStore, file: BinaryIO, *, limit: int) -> str:
    """Keep an archive until it is brought in; returns what the store knows it by. Raises as `FileStore.put_apart`."""
    return files.put_apart(iter(lambda: file.read(CHUNK), b""), limit=limit).hash


def under_way(session: Session, person_id: str) -> Bringing | None:
    """What somebody is bringing in now."""
    return session.scalar(select(Bringing).where(Bringing.person_id == person_id, Bringing.ended_at.is_(None)))


def importer(parts: Parts, session: Session, import_id: str) -> Viewer | None:
    """Whoever brings it in, as they are now; None where they may not be here any more."""
    found = session.execute(
        select(Person, Place.blocked_at)
        .join(Bringing, Bringing.person_id == Person.id)
        .join(Place, Place.id == Person.organisation_id)
        .where(Bringing.id == import_id, Person.status == "active")
    ).one_or_none()
    return None if found is None or found[1] is not None else parts.viewer(session, found[0])


def begin(
    uow: UnitOfWork,
    viewer: Viewer,
    place: Place,
    *,
    name: str,
    marking: str,
    parcel: str,
    entries: Sequence[Entry],
    made: bool = False,
) -> Bringing:
    """Write down what is to be brought in; IntegrityError where the person has another one under way.

    `made` says that the place was made for it.
    """
    found = Bringing(
        id=new_id(),
        person_id=viewer.person.id,
        place_id=place.id,
        name=name,
        marking=marking,
        parcel=parcel,
        total=len(entries),
        created_at=uow.now,
        made=f"{place.id}\n" if made else None,
    )
    uow.session.add(found)
    uow.session.flush()
    texts = [entry for entry in entries if is_text(entry.path)]
    known = _known_texts(uow.session, viewer, place, texts)
    order = [*(entry for entry in entries if not is_text(entry.path)), *texts]
    rows = list(_rows(found.id, order, known))
    uow.session.add_all(rows)
    found.done = sum(row.state != WAITING for row in rows)
    uow.record("import:begin", place.id, place.organisation_id, f"{len(entries)} files")
    return found


def stop(uow: UnitOfWork, found: Bringing) -> None:
    """Let it come no further than the file at hand; nothing happens where it has ended already."""
    if found.ended_at is None:
        found.ended_at = found.stopped_at = uow.now
        uow.record("import:stop", found.place_id)


def go_on(uow: UnitOfWork, found: Bringing) -> None:
    """Let what was stopped go on; IntegrityError where the person has another one under way.

    Raises Conflict where it was not stopped, or is too long ago.
    """
    if not may_go_on(found):
        raise Conflict("This cannot go on any more. Bring in the folder again: what came in is known.")
    found.ended_at = found.stopped_at = None
    uow.session.flush()
    uow.record("import:go-on", found.place_id)


def may_go_on(found: Bringing) -> bool:
    """Whether it was stopped and its archive is still there."""
    return bool(found.stopped_at and found.parcel) and found.undo_at is None


def is_text(path: str) -> bool:
    """Whether a file becomes a text that can be edited here, if it can."""
    return PurePosixPath(path).suffix.lower() in MARKDOWN_ENDINGS


def _rows(import_id: str, order: Iterable[Entry], known: dict[str, str]) -> Iterator[BroughtFile]:
    for number, entry in enumerate(order):
        key = _key(entry) if is_text(entry.path) else ""
        double = known.get(key, "")
        why = entry.passed_over or entry.refused
        state = PASSED if entry.passed_over else FAILED if why else DOUBLE if double else WAITING
        yield BroughtFile(
            import_id=import_id,
            number=number,
            entry=entry.index,
            path=entry.path,
            key=key,
            state=state,
            document_id=double or new_id(),
            reason=why,
        )


def _key(entry: Entry) -> str:
    """By what a text is known again, whose links are written anew as it comes in: its path, length and check sum."""
    return sha256(f"{entry.path}\0{entry.size}\0{entry.crc}".encode()).hexdigest()


def _known_texts(session: Session, viewer: Viewer, place: Place, texts: Iterable[Entry]) -> dict[str, str]:
    """Those texts that were brought into the place before, of what the person sees of it: key -> document."""
    rows = session.execute(
        select(BroughtFile.key, Document.id)
        .join(Document, Document.id == BroughtFile.document_id)
        .where(among(BroughtFile.key, map(_key, texts)), BroughtFile.state == FILED)
        .where(inside(place.id), viewer.where(DOCUMENTS))
    )
    return {row.key: row.id for row in rows}
