"""The worker's part: the files of an archive become documents, some of each archive in turn, until all have an end."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.access.judged import judge_place
from hub.access.models import Place
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.audience.readers import may_edit, new_at
from hub.features.imports.archive import FAULTS, changed_at, opened
from hub.features.imports.bringing import DOUBLE, FAILED, FILED, WAITING, importer, is_text
from hub.features.imports.known import NOTE
from hub.features.imports.links import Targets, relinked
from hub.features.imports.markdown import Written
from hub.features.imports.models import Bringing, BroughtFile
from hub.features.imports.places import add_below, found_below, has_room
from hub.features.imports.service import date_it, hash_of, markdown_of, title_of
from hub.features.imports.walk import FoundFile
from hub.ground.errors import HubError, NotFound, NotPermitted, Unavailable
from hub.ground.extraction import Extracted, Extractor
from hub.ground.extraction.described import moment_said
from hub.ground.files import CHUNK, FileDamaged
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.documents.models import DOCUMENTS, Document, Revision
from hub.nouns.documents.service import LONGEST_BODY, NewDocument, StoredUpload, add_document
from hub.nouns.documents.texts import read_of
from hub.nouns.spaces.queries import place_for_writing

log = structlog.get_logger(__name__)

AT_ONCE: Final = 20
"""Files of one archive, before it is another's turn."""
GONE: Final = "The archive is not there any more, so the rest did not come in. Choose it again: what came in is known."
NOT_YOURS: Final = "You may not add drafts here any more, so the rest did not come in."
TAKEN_BACK: Final = "You take it back, so the rest did not come in."
NOT_IN_FOLDER: Final = "policy does not let you keep drafts in its folder"
DAMAGED: Final = "it is damaged in the archive"
HERE: Final = "the same is here already"
MAY_GO_ON: Final = timedelta(days=7)
"""How long the archive of an import that was stopped is kept, so that it may go on."""
Dates = tuple[datetime | None, datetime | None]
"""When a file was made, and when it was changed last, as far as that is known."""
_extractor: list[Extractor] = []


class _Ended(Exception):
    """The import goes no further; its text is the sentence that says why."""


@dataclass(frozen=True)
class _Work:
    """An import that has its turn, and what of it is next."""

    parts: Parts
    id: str
    place_id: str
    marking: str
    parcel: str
    files: tuple[BroughtFile, ...]
    targets: Targets
    last: bool
    """Whether nothing of it waits after these."""
    folders: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The places of the folders that were looked for already."""


def filing_round(parts: Parts) -> int:
    """File the next files of the archive of which the fewest are done; returns how many, 0 where none waits."""
    with parts.database.reading() as session:
        work = _next(parts, session)
    if work is None:
        return _tidy(parts)
    try:
        with parts.files.local(work.parcel) as path, opened(path) as archive:
            for file in work.files:
                if _is_stopped(work):
                    return 1
                _take(work, archive, file)
    except _Ended as end:
        _end(work, str(end))
    except (FileDamaged, *FAULTS):
        log.exception("an archive cannot be read", import_id=work.id)
        _end(work, GONE)
    if work.last:
        _end(work, "")
    return max(len(work.files), 1)


def _next(parts: Parts, session: Session) -> _Work | None:
    found = session.scalar(
        select(Bringing).where(Bringing.ended_at.is_(None)).order_by(Bringing.done, Bringing.created_at).limit(1)
    )
    if found is None:
        return None
    every = session.scalars(
        select(BroughtFile).where(BroughtFile.import_id == found.id).order_by(BroughtFile.number)
    ).all()
    waiting = [file for file in every if file.state == WAITING]
    kind = [file for file in waiting if is_text(file.path) == is_text(waiting[0].path)]  # texts know what came before
    files = tuple(kind[:AT_ONCE])
    targets = Targets({file.path: file.document_id for file in every if file.state in (WAITING, FILED, DOUBLE)})
    return _Work(
        parts, found.id, found.place_id, found.marking, found.parcel, files, targets, last=len(files) == len(waiting)
    )


def _is_stopped(work: _Work) -> bool:
    """Whether its person has stopped it since this round began, perhaps to let it go on from another round."""
    with work.parts.database.reading() as session:
        found = session.get(Bringing, work.id)
        return found is None or found.ended_at is not None


def _take(work: _Work, archive: zipfile.ZipFile, file: BroughtFile) -> None:
    """Bring one file to its end; raises Unavailable where a part of the hub is away, and _Ended."""
    info = archive.infolist()[file.entry]
    try:
        with TemporaryDirectory(prefix="hub-import-") as folder:
            path = Path(folder) / ("file.md" if is_text(file.path) else "file")
            try:
                _unpack(archive, info, path)
            except (*FAULTS, zlib.error):
                _note(work, file, FAILED, DAMAGED)
                return
            _file(work, file, FoundFile(path, file.path), changed_at(info))
    except Unavailable:
        raise
    except HubError as error:
        said = str(error).rstrip(".")
        _note(work, file, FAILED, f"{said[:1].lower()}{said[1:]}")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    """Write an entry to a file of ours; the library reads no more of it than its table of contents says."""
    with archive.open(info) as content, path.open("wb") as out:
        left = info.file_size
        while chunk := content.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile
            out.write(chunk)
    if left:
        raise zipfile.BadZipFile


def _file(work: _Work, file: BroughtFile, found: FoundFile, changed: datetime | None) -> None:
    written = _linked(work, found)
    if written is not None:
        new = NewDocument(written.title, work.marking, "draft", "", body=written.body)
        _put(work, file, found, new, (changed, changed), written=written)
        return
    file_hash = hash_of(found.path)
    parts, name = work.parts, PurePosixPath(file.path).name
    if _is_double(work, file, _folder(work, found.folders), name, file_hash):
        return
    with found.path.open("rb") as stream:
        stored = parts.files.put(iter(lambda: stream.read(CHUNK), b""), limit=parts.upload_limit)
    text = _reader().extract(found.path, name)
    upload = StoredUpload(stored.hash, name, stored.size, text.kind, read_of(text))
    new = NewDocument(title_of(found, ""), work.marking, "draft", "", file=upload)
    reason = text.reason if text.status != "readable" else ""
    dates = (changed, changed) if changed is not None else _dates_of(text, parts.clock.now())
    _put(work, file, found, new, dates, reason=reason, hidden=text.hidden)


def _dates_of(text: Extracted, now: datetime) -> Dates:
    """When a file was made and changed, as it says itself: what is left where the archive does not tell."""
    created, changed = moment_said(text.created, now), moment_said(text.changed, now)
    return created or changed, changed or created


def _linked(work: _Work, found: FoundFile) -> Written | None:
    written = markdown_of(found)
    if written is None:
        return None
    body = relinked(written.body, lambda address: work.targets.address(found.source, address))
    return replace(written, body=body) if len(body) <= LONGEST_BODY else written


def _is_double(work: _Work, file: BroughtFile, place_id: str, name: str, file_hash: str) -> bool:
    """Whether the same bytes are there under the same name, in a document that the person sees; that is noted then."""
    with work.parts.database.reading() as session:
        viewer = _viewer(work, session)
        same = session.scalar(
            select(Document.id)
            .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
            .where(Revision.file_hash == file_hash, Revision.file_name == name, Document.place_id == place_id)
            .where(viewer.where(DOCUMENTS))
            .order_by(Document.created_at, Document.id)
            .limit(1)
        )
    if same is not None:
        _note(work, file, DOUBLE, HERE, document_id=same)
    return same is not None


def _put(
    work: _Work,
    file: BroughtFile,
    found: FoundFile,
    new: NewDocument,
    dates: Dates,
    *,
    written: Written | None = None,
    reason: str = "",
    hidden: str = "",
) -> None:
    """Add the document and note it, in one transaction: where that is done already, nothing happens."""
    place_id = _folder(work, found.folders)
    with _turn(work, file) as (uow, row, viewer):
        place = _open_to(work, viewer, place_id)
        new = replace(new, owner=viewer.subject.id, id=file.document_id, note=NOTE + file.path)
        document = add_document(uow, place, new)
        created, changed = (min(day or uow.now, uow.now) for day in dates)
        document.created_at, document.changed_at = created, max(created, changed)
        if written is not None:
            date_it(uow, document, written)
        row.state, row.reason, row.hidden = FILED, reason, hidden.replace("\0", "")


def _open_to(work: _Work, viewer: Viewer, place_id: str) -> Place:
    """The place, if the person may keep drafts there; raises NotPermitted, and _Ended where that is all of it."""
    if may_edit(viewer, new_at(viewer, place_id, work.marking, "draft")):
        with suppress(NotFound):
            return place_for_writing(viewer.session, place_id)
    if place_id == work.place_id:
        raise _Ended(NOT_YOURS)
    raise NotPermitted(NOT_IN_FOLDER)


def _note(work: _Work, file: BroughtFile, state: str, reason: str, *, document_id: str = "") -> None:
    with _turn(work, file) as (_, row, _viewer):
        row.state, row.reason = state, reason
        row.document_id = document_id or row.document_id


@contextmanager
def _turn(work: _Work, file: BroughtFile) -> Iterator[tuple[UnitOfWork, BroughtFile, Viewer]]:
    """The transaction in which a file gets its end, as the person."""
    with unit_of_work(work.parts.database, work.parts.clock) as plain:
        viewer = _viewer(work, plain.session)
        uow = replace(plain, actor=viewer.person.handle)
        row = uow.session.get_one(BroughtFile, (work.id, file.number), with_for_update=True)
        yield uow, row, viewer
        bringing = uow.session.get_one(Bringing, work.id, with_for_update=True, populate_existing=True)
        if bringing.undo_at is not None:  # nothing comes in behind the back of whoever takes it back
            raise _Ended(TAKEN_BACK)
        bringing.done += 1


def _viewer(work: _Work, session: Session) -> Viewer:
    """The person as they are now; raises _Ended where they may not be here any more."""
    found = importer(work.parts, session, work.id)
    if found is None:
        raise _Ended(NOT_YOURS)
    return found


def _folder(work: _Work, names: tuple[str, ...]) -> str:
    """The folder for a file: found, or made where the person may make folders; else the nearest that there is."""
    if not names:
        return work.place_id
    if names not in work.folders:
        above = _folder(work, names[:-1])
        work.folders[names] = _below(work, above, names[-1]) or above
    return work.folders[names]


def _below(work: _Work, above: str, name: str) -> str:
    """The id of one folder in a place; empty where there is none and the person may make none."""
    with unit_of_work(work.parts.database, work.parts.clock) as plain:
        viewer, place = _viewer(work, plain.session), plain.session.get(Place, above)
        if place is None or not viewer.sees(place):
            raise _Ended(NOT_YOURS)
        found = found_below(plain.session, place, name, viewer.sees)
        if found is None and has_room(place) and may_make_folders(viewer, place):
            found = add_below(replace(plain, actor=viewer.person.handle), place, name, viewer.sees)
            bringing = plain.session.get_one(Bringing, work.id, with_for_update=True)
            if bringing.undo_at is not None:
                raise _Ended(TAKEN_BACK)
            bringing.made = f"{bringing.made or ''}{found.id}\n"
        return found.id if found else ""


def may_make_folders(viewer: Viewer, place: Place) -> bool:
    """Whether the person may make a folder in a place that they see, marked as that is."""
    there = judge_place(
        place.id, "folder", owner="", marking=place.marking, state="published", snapshot=viewer.snapshot
    )
    decisions = viewer.decide("manage", place), viewer.judge("manage", there) if there else None
    return all(decision is not None and decision.allowed for decision in decisions)


def _end(work: _Work, reason: str) -> None:
    with unit_of_work(work.parts.database, work.parts.clock) as uow:
        row = uow.session.get(Bringing, work.id, with_for_update=True)
        if row is not None and row.ended_at is None:
            row.reason, row.ended_at = reason, uow.now


def _tidy(parts: Parts) -> int:
    """Remove the archive of an import that has ended, and does not go on; returns 1, or 0 where none is left."""
    old = parts.clock.now() - MAY_GO_ON
    over = or_(Bringing.stopped_at.is_(None), Bringing.stopped_at < old, Bringing.undo_at.is_not(None))
    with parts.database.reading() as session:
        row = session.scalar(
            select(Bringing).where(Bringing.ended_at.is_not(None), Bringing.parcel != "", over).limit(1)
        )
        if row is None:
            return 0
        own, parcel = row.id, row.parcel
    parts.files.remove(parcel)
    with unit_of_work(parts.database, parts.clock) as uow:
        row = uow.session.get_one(Bringing, own, with_for_update=True)
        row.parcel, row.stopped_at = "", None
    return 1


def _reader() -> Extractor:
    """This process's reader of files for imports, with its child, which ends with the process."""
    if not _extractor:
        _extractor.append(Extractor())
    return _extractor[0]
