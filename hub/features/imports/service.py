"""One file at a time into a space: known by its path and content, stored, read, and filed in one transaction.

An import that was stopped goes on where it was, since what is filed already is known again. Which document a file
becomes is known before the first is filed, so that the links between them lead there from the start.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePath
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.access.models import Place
from hub.access.parts import Parts
from hub.features.imports.known import NOTE, ids_for, imported_before, inside, key_of, last_imported
from hub.features.imports.links import Targets, relinked
from hub.features.imports.markdown import Written, read_markdown
from hub.features.imports.places import folder_for
from hub.features.imports.walk import FoundFile
from hub.ground.errors import HubError
from hub.ground.extraction import Extracted, Extractor
from hub.ground.files import CHUNK
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.documents.models import Document, Revision
from hub.nouns.documents.service import (
    LONGEST_BODY,
    LONGEST_TITLE,
    NewDocument,
    StoredUpload,
    add_document,
    revise_document,
    set_marking_and_state,
)
from hub.nouns.documents.texts import read_of
from hub.web.markdown.weight import fits

State = Literal["searchable", "unreadable", "known", "kept", "passed", "failed"]
MARKDOWN_ENDINGS = {".md", ".markdown"}


@dataclass(frozen=True)
class Outcome:
    """The final state of one file.

    `searchable`: filed, its words can be found. `unreadable`: filed, and `reason` says why its words cannot be found.
    `known`: it was imported before as it is now. `kept`: people changed the document since, so it was left alone.
    `passed`: a system file, a hidden file or a link. `failed`: not filed, for `reason`; trying again may help.
    """

    source: str
    state: State
    document_id: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Wanted:
    """Where the files of one import go, and as what."""

    space_id: str
    marking: str
    state: str
    owner: str
    """`who` word."""


class Import:
    """An import of `files` under way."""

    def __init__(
        self, parts: Parts, wanted: Wanted, extractor: Extractor, actor: str, files: Sequence[FoundFile]
    ) -> None:
        self._parts, self._wanted, self._extractor, self._actor = parts, wanted, extractor, actor
        with parts.database.reading() as session:
            self._known = imported_before(session, wanted.space_id)
            self._ids = ids_for(session, parts.keys, wanted.space_id, files, self._known)
        self._targets = Targets({found.source: self._ids[found.origin] for found in files if not found.passed_over})

    def take(self, found: FoundFile) -> Outcome:
        """Bring one file to its final state. Nothing is raised but what no other file could escape either."""
        if found.passed_over:
            return Outcome(found.source, "passed", reason=found.passed_over)
        try:
            try:
                return self._take(found)
            except IntegrityError:  # another import filed it at the same moment: now it is known
                return self._take(found)
        except OSError as error:
            return Outcome(found.source, "failed", reason=f"it cannot be opened: {error.strerror or 'damaged'}")
        except HubError as error:
            return Outcome(found.source, "failed", reason=str(error))

    def _take(self, found: FoundFile) -> Outcome:
        written = self._linked(found)
        known = self._known.get(found.origin)
        if known and known.key == (key_of(written.title, written.body) if written else hash_of(found.path)):
            return Outcome(found.source, "known", known.document_id)
        if written:
            return self._put(found, self._new(found, written.title, body=written.body), written=written)
        return self._file(found)

    def _linked(self, found: FoundFile) -> Written | None:
        """The file as a Markdown document whose links lead to the others of this import; None when it is none."""
        written = markdown_of(found)
        if written is None:
            return None
        body = relinked(written.body, lambda address: self._targets.address(found.source, address))
        return replace(written, body=body) if len(body) <= LONGEST_BODY else written

    def _file(self, found: FoundFile) -> Outcome:
        with found.path.open("rb") as stream:
            stored = self._parts.files.put(iter(lambda: stream.read(CHUNK), b""), limit=self._parts.upload_limit)
        name = PurePath(found.source).name
        with self._parts.files.local(stored.hash) as path:
            text = self._extractor.extract(path, name)
        upload = StoredUpload(stored.hash, name, stored.size, text.kind, read_of(text))
        return self._put(found, self._new(found, title_of(found, ""), file=upload), text=text)

    def _new(self, found: FoundFile, title: str, body: str = "", file: StoredUpload | None = None) -> NewDocument:
        return NewDocument(
            title=title,
            marking=self._wanted.marking,
            state=self._wanted.state,
            owner=self._wanted.owner,
            body=body,
            file=file,
            note=NOTE + found.source,
            source=found.origin,
            id=self._ids[found.origin],
        )

    def _put(
        self,
        found: FoundFile,
        new: NewDocument,
        written: Written | None = None,
        text: Extracted | None = None,
    ) -> Outcome:
        """File it: a new document, or a revision of the one that came from the same place in the folder."""
        with unit_of_work(self._parts.database, self._parts.clock, self._actor) as uow:
            # Looked up anew: another import may run into the same space.
            document = uow.session.scalar(
                select(Document).where(Document.source == new.source, inside(self._wanted.space_id)).limit(1)
            )
            if document is not None:
                last = last_imported(uow.session, document)
                if last and _same(last, new):
                    return Outcome(found.source, "known", document.id)
                if last is None or last.number != document.number:
                    return Outcome(found.source, "kept", document.id, "people changed it in the hub since")
                revise_document(uow, document, document.number, new)
                if (document.marking, document.state) != (new.marking, new.state):
                    set_marking_and_state(uow, document, new.marking, new.state)
            else:
                space = uow.session.get_one(Place, self._wanted.space_id)
                document = add_document(uow, folder_for(uow, space, found.folders), new)
            if written is not None:
                date_it(uow, document, written)
            document_id = document.id
        if text is not None and text.status != "readable":
            return Outcome(found.source, "unreadable", document_id, text.reason)
        return Outcome(found.source, "searchable", document_id, text.remark if text else "")


def _same(last: Revision, new: NewDocument) -> bool:
    """Whether the last import brought the same content already."""
    if new.file is not None:
        return last.file_hash == new.file.hash
    return (last.title, last.body) == (new.title.strip(), new.body)


def markdown_of(found: FoundFile) -> Written | None:
    """The file as a Markdown document; None when it is none, or has no words, or is too much for one."""
    if found.path.suffix.lower() not in MARKDOWN_ENDINGS or found.path.stat().st_size > LONGEST_BODY:
        return None
    data = found.path.read_bytes()
    written = read_markdown(data)
    taken = written.body.strip() and b"\0" not in data and fits(written.body)
    return replace(written, title=title_of(found, written.title)) if taken else None


def title_of(found: FoundFile, own: str) -> str:
    """What the document is called: what the file calls itself, else its name."""
    name = PurePath(found.source)
    return next(filter(None, (own.strip(), name.stem.strip(), name.name)))[:LONGEST_TITLE].strip()


def date_it(uow: UnitOfWork, document: Document, written: Written) -> None:
    """Give a document the days that its own front matter names, unless they are still to come."""
    if written.created is not None and document.number == 1:
        document.created_at = min(_noon(written.created), uow.now)
    if written.changed is not None:
        document.changed_at = min(_noon(written.changed), uow.now)


def _noon(day: date) -> datetime:
    """A moment that lies within the day in London, summer and winter."""
    return datetime.combine(day, time(12), UTC)


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hex, as the file store knows it by."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
