"""What earlier imports into a space brought, by path, and which documents the next files are going to be."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from hub.access.models import PlaceClosure
from hub.features.imports.walk import FoundFile
from hub.ground.ids import id_of
from hub.ground.keys import Keys
from hub.nouns.documents.models import Document, Revision

NOTE = "Imported from "
"""How the note of an imported revision begins."""
_AT_ONCE = 500  # ids of one query


@dataclass(frozen=True)
class Known:
    """A document that an import brought, and by what its last content is known."""

    document_id: str
    key: str


def inside(space_id: str) -> ColumnElement[bool]:
    """That a document lies in a space or in a folder of it."""
    below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == space_id)
    return Document.place_id.in_(below)


def imported_before(session: Session, space_id: str) -> dict[str, Known]:
    """What the last import brought from each path: origin -> document and content. One query, read in pages."""
    wanted = (Document.source, Revision.document_id, Revision.file_hash, Revision.title, Revision.body)
    rows = session.execute(
        select(*wanted)
        .join(Revision, Revision.document_id == Document.id)
        .where(Document.source.is_not(None), Revision.note.startswith(NOTE), inside(space_id))
        .order_by(Revision.document_id, Revision.number)
        .execution_options(yield_per=100)
    )
    return {
        source: Known(own, file_hash or key_of(title, body)) for source, own, file_hash, title, body in rows if source
    }


def last_imported(session: Session, document: Document) -> Revision | None:
    """The revision of a document that an import brought last; None where none did."""
    wanted = (Revision.document_id == document.id, Revision.note.startswith(NOTE))
    return session.scalar(select(Revision).where(*wanted).order_by(Revision.number.desc()).limit(1))


def key_of(title: str, body: str) -> str:
    """What a Markdown document is known by. The title is part of it: a new title is a new revision."""
    return "md:" + hashlib.sha256(f"{title}\0{body}".encode("utf-8", "replace")).hexdigest()


def ids_for(
    session: Session, keys: Keys, space_id: str, files: Iterable[FoundFile], known: Mapping[str, Known]
) -> dict[str, str]:
    """The id of the document that each file is, or is going to be: origin -> id.

    The same whenever an import is stopped and run again. An id that a document elsewhere has is passed over: it was
    moved out of the space.
    """
    found = {file.origin: known[file.origin].document_id for file in files if file.origin in known}
    wanted, turn = [file.origin for file in files if not file.passed_over and file.origin not in known], 1
    while wanted:
        made = {origin: id_of(keys.signing[0], "import", space_id, origin, str(turn)) for origin in wanted}
        taken = _taken(session, list(made.values()))
        found |= {origin: own for origin, own in made.items() if own not in taken}
        wanted, turn = [origin for origin, own in made.items() if own in taken], turn + 1
    return found


def _taken(session: Session, ids: list[str]) -> set[str]:
    pages = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return {own for page in pages for own in session.scalars(select(Document.id).where(Document.id.in_(page)))}
