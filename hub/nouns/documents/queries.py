"""Reads of documents, to be judged by the caller."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, literal, select
from sqlalchemy.orm import Session, defer

from hub.access.models import Grant
from hub.ground.db import row_of
from hub.nouns.documents.models import Document, FileText, Revision
from hub.nouns.talk.models import Talk
from hub.things.columns import among
from hub.things.thing import AsFile, Saved


def document_by_id(session: Session, document_id: str) -> Document | None:
    """A document, to be judged by the caller."""
    return row_of(session, Document, document_id)


def document_for_writing(session: Session, document_id: str) -> Document | None:
    """A document, locked until the unit of work ends, so that two who write do so one after the other. To be judged."""
    return session.get(Document, document_id, with_for_update=True)


def grants_on_document(session: Session, document: Document) -> list[Grant]:
    """What was given on the document itself and has not ended."""
    wanted = Grant.node == f"doc:{document.id}", Grant.ended_at.is_(None)
    return list(session.scalars(select(Grant).where(*wanted).order_by(Grant.id)))


def revision_of(session: Session, document: Document, number: int) -> Revision | None:
    """One revision of a document that has been judged."""
    return row_of(session, Revision, document.id, number)


def revisions_of(session: Session, document: Document, most: int = 200, skip: int = 0) -> list[Revision]:
    """Revisions of a document that has been judged, newest first, without their bodies."""
    return list(session.scalars(_revisions(), {"document": document.id, "most": most, "skip": skip}))


@cache
def _revisions() -> Select[Revision]:
    own = select(Revision).where(Revision.document_id == bindparam("document"))
    unread = own.options(defer(Revision.body, raiseload=True)).order_by(Revision.number.desc())
    return unread.offset(bindparam("skip")).limit(bindparam("most"))


def left_alone() -> ColumnElement[bool]:
    """The condition on documents that nobody was given by name, and on which nobody has commented."""
    node = literal("doc:").concat(Document.id)
    return ~exists().where(Grant.node == node, Grant.ended_at.is_(None)) & ~exists().where(Talk.node == node)


def last_saved(session: Session, document: Document) -> Saved:
    """Who saved the current revision, and when."""
    revision = session.get_one(Revision, (document.id, document.number))
    return Saved(revision.author, revision.created_at)


def writers_of(session: Session, document: Document) -> set[str]:
    """The `who` words of all who saved a revision."""
    return set(session.scalars(select(Revision.author).where(Revision.document_id == document.id).distinct()))


def authors_of(session: Session, ids: Sequence[str]) -> list[tuple[str, str, datetime]]:
    """Who saved a revision of some documents, and when they last did: id, `who` word, moment. One query."""
    last = select(Revision.document_id, Revision.author, func.max(Revision.created_at))
    rows = session.execute(last.where(among(Revision.document_id, ids)).group_by(Revision.document_id, Revision.author))
    return sorted((own, author, at) for own, author, at in rows)


def text_of(session: Session, revision: Revision) -> FileText | None:
    """What was read out of a revision's file; None while nobody has read it yet."""
    return row_of(session, FileText, revision.document_id, revision.number) if revision.file_hash else None


def files_of(session: Session, ids: Sequence[str]) -> dict[str, AsFile]:
    """The current revision of each of some documents, as a file: id -> file. One query."""
    current = (Revision.document_id == Document.id) & (Revision.number == Document.number)
    size = func.length(Revision.body) + Revision.file_size
    wanted = select(Document.id, size, Revision.file_name, Revision.file_hash).join(Revision, current)
    rows = session.execute(wanted.where(among(Document.id, ids)))
    return {own: AsFile(size, name, file_hash) for own, size, name, file_hash in rows}


def markdown_of(session: Session, document: Document) -> str:
    """What the current revision says, where it is no file."""
    revision = session.get(Revision, (document.id, document.number))
    return revision.body if revision is not None else ""
