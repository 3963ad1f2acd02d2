"""What a document is to the hub."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, select

from hub.nouns.documents.bodies import bodies_of, sizes_of
from hub.nouns.documents.models import DOCUMENTS, Document, Revision
from hub.nouns.documents.queries import authors_of, files_of, last_saved, markdown_of, writers_of
from hub.nouns.documents.service import move_document, set_marking_and_state
from hub.things.kind import Kind
from hub.things.thing import Face

PAGES = "/documents/"


def _newest_revision(column: Any) -> ColumnElement[Any]:
    newest = (Revision.document_id == Document.id, Revision.number == Document.number)
    return select(column).where(*newest).correlate(Document).scalar_subquery()


def _face(document: Document) -> Face:
    return Face(
        title=document.title,
        href=PAGES + document.id,
        lies_at=document.place_id,
        changed=document.changed_at,
        owner=document.owner,
        type=document.type,
    )


DOCUMENT = Kind(
    prefix="doc",
    word="document",
    many="documents",
    model=Document,
    columns=DOCUMENTS,
    face=_face,
    bodies=bodies_of,
    sizes=sizes_of,
    pages=PAGES,
    talk="/comments",
    titled=Document.title,
    changed=Document.changed_at,
    typed=Document.type,
    files=files_of,
    text=markdown_of,
    saved_by=_newest_revision(Revision.author),
    saved_at=_newest_revision(Revision.created_at),
    added=Document.number == 1,
    number=lambda document: int(document.number),
    last_saved=last_saved,
    writers=writers_of,
    authors=authors_of,
    mark=partial(set_marking_and_state, alone=False),
    move=move_document,
)
