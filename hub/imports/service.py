"""One file at a time into a space: known by its content, stored, read, and filed in one transaction.

An import that was stopped goes on where it was, since what is filed already is recognised by its content.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePath
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from hub.access.models import Place, PlaceClosure
from hub.access.parts import Parts
from hub.documents.models import Document, Revision
from hub.documents.service import (
    LONGEST_BODY,
    LONGEST_TITLE,
    NewDocument,
    StoredUpload,
    add_document,
    revise_document,
    set_marking_and_state,
)
from hub.documents.texts import read_of
from hub.errors import HubError
from hub.extraction import Extracted, Extractor
from hub.files import CHUNK
from hub.imports.markdown import Written, read_markdown
from hub.imports.places import folder_for
from hub.imports.walk import FoundFile
from hub.unit_of_work import UnitOfWork, unit_of_work

State = Literal["searchable", "unreadable", "known", "kept", "passed", "failed"]
NOTE = "Imported from "
"""How the note of an imported revision begins."""
_MARKDOWN_ENDINGS = {".md", ".markdown"}


@dataclass(frozen=True)
class Outcome:
    """The final state of one file.

    `searchable`: filed, its words can be found. `unreadable`: filed, and `reason` says why its words cannot be found.
    `known`: its content is in the space already. `kept`: people changed the document since, so it was left alone.
    `passed`: a hidden file or a link. `failed`: not filed, for `reason`; trying again may help.
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
    """An import under way. It remembers what the space holds: imports into one space belong one after another."""

    def __init__(self, parts: Parts, wanted: Wanted, extractor: Extractor, actor: str) -> None:
        self._parts, self._wanted, self._extractor, self._actor = parts, wanted, extractor, actor
        self._known: dict[str, str] = {}
        self._load()

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
        written = _markdown(found)
        key = _key(written) if written else _hash(found.path)
        if key in self._known:
            return Outcome(found.source, "known", self._known[key])
        return self._file_markdown(found, key, written) if written else self._file(found, key)

    def _file_markdown(self, found: FoundFile, key: str, written: Written) -> Outcome:
        return self._put(found, key, self._new(found, written.title, body=written.body), written=written)

    def _file(self, found: FoundFile, key: str) -> Outcome:
        with found.path.open("rb") as stream:
            stored = self._parts.files.put(iter(lambda: stream.read(CHUNK), b""), limit=self._parts.upload_limit)
        name = PurePath(found.source).name
        with self._parts.files.local(stored.hash) as path:
            text = self._extractor.extract(path, name)
        upload = StoredUpload(stored.hash, name, stored.size, text.kind, read_of(text))
        return self._put(found, key, self._new(found, _title(found, ""), file=upload), text=text)

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
        )

    def _put(
        self,
        found: FoundFile,
        key: str,
        new: NewDocument,
        written: Written | None = None,
        text: Extracted | None = None,
    ) -> Outcome:
        """File it: a new document, or a revision of the one that came from the same place in the folder."""
        with unit_of_work(self._parts.database, self._parts.clock, self._actor) as uow:
            # Looked up anew: another import may run into the same space.
            document = uow.session.scalar(select(Document).where(Document.source == new.source, self._inside()))
            if twin := self._twin(uow, new, document):
                return Outcome(found.source, "known", twin)
            if document is not None:
                if not _imported(uow, document):
                    return Outcome(found.source, "kept", document.id, "people changed it in the hub since")
                revise_document(uow, document, document.number, new)
                if (document.marking, document.state) != (new.marking, new.state):
                    set_marking_and_state(uow, document, new.marking, new.state)
            else:
                space = uow.session.get_one(Place, self._wanted.space_id)
                document = add_document(uow, folder_for(uow, space, found.folders), new)
            if written is not None:
                _date(uow, document, written)
            document_id = document.id
        self._known[key] = document_id
        if text is not None and text.status != "readable":
            return Outcome(found.source, "unreadable", document_id, text.reason)
        return Outcome(found.source, "searchable", document_id, text.remark if text else "")

    def _twin(self, uow: UnitOfWork, new: NewDocument, document: Document | None) -> str | None:
        """The document that came to hold this content since the import began."""
        same = select(Revision.document_id).join(Document, Document.id == Revision.document_id).where(self._inside())
        if new.file is not None:
            return uow.session.scalar(same.where(Revision.file_hash == new.file.hash).limit(1))
        if document is None:
            return None
        own = same.where(Revision.document_id == document.id, Revision.title == new.title, Revision.body == new.body)
        return uow.session.scalar(own.limit(1))

    def _inside(self) -> ColumnElement[bool]:
        below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == self._wanted.space_id)
        return Document.place_id.in_(below)

    def _load(self) -> None:
        """What the space and its folders hold: every content that they ever had."""
        with self._parts.database.reading() as session:
            revisions = (
                select(Revision.document_id, Revision.file_hash, Revision.title, Revision.body)
                .join(Document, Document.id == Revision.document_id)
                .where(self._inside())
                .execution_options(yield_per=100)
            )
            for document_id, file_hash, title, body in session.execute(revisions):
                key = file_hash or _key(Written(title, body))
                self._known[key] = document_id


def _markdown(found: FoundFile) -> Written | None:
    """The file as a Markdown document; None when it is none, or has no words, or too many for one."""
    if found.path.suffix.lower() not in _MARKDOWN_ENDINGS or found.path.stat().st_size > LONGEST_BODY:
        return None
    data = found.path.read_bytes()
    written = read_markdown(data)
    return replace(written, title=_title(found, written.title)) if written.body.strip() and b"\0" not in data else None


def _title(found: FoundFile, own: str) -> str:
    """What the document is called: what the file calls itself, else its name."""
    name = PurePath(found.source)
    return next(filter(None, (own.strip(), name.stem.strip(), name.name)))[:LONGEST_TITLE].strip()


def _imported(uow: UnitOfWork, document: Document) -> bool:
    """Whether the current revision is an import's own, so that a newer file may follow it."""
    return uow.session.get_one(Revision, (document.id, document.number)).note.startswith(NOTE)


def _date(uow: UnitOfWork, document: Document, written: Written) -> None:
    """Give a document the days that its own front matter names, unless they are still to come."""
    if written.created is not None and document.number == 1:
        document.created_at = min(_noon(written.created), uow.now)
    if written.changed is not None:
        document.changed_at = min(_noon(written.changed), uow.now)


def _noon(day: date) -> datetime:
    """A moment that lies within the day in London, summer and winter."""
    return datetime.combine(day, time(12), UTC)


def _key(written: Written) -> str:
    """What a Markdown document is known by. The title is part of it: a new title is a new revision."""
    return "md:" + hashlib.sha256(f"{written.title}\0{written.body}".encode("utf-8", "replace")).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
