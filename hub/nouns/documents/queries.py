"""Reads of documents, to be judged by the caller."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Grant
from hub.nouns.documents.models import Document, FileText, Revision
from hub.things.thing import Saved


def document_by_id(session: Session, document_id: str) -> Document | None:
    """A document, to be judged by the caller."""
    return session.get(Document, document_id)


def document_for_writing(session: Session, document_id: str) -> Document | None:
    """A document, locked until the unit of work ends, so that two who write do so one after the other. To be judged."""
    return session.get(Document, document_id, with_for_update=True)


def grants_on_document(session: Session, document: Document) -> list[Grant]:
    """What was given on the document itself and has not ended."""
    wanted = Grant.node == f"doc:{document.id}", Grant.ended_at.is_(None)
    return list(session.scalars(select(Grant).where(*wanted).order_by(Grant.id)))


def revision_of(session: Session, document: Document, number: int) -> Revision | None:
    """One revision of a document that has been judged."""
    return session.get(Revision, (document.id, number))


def revisions_of(session: Session, document: Document, most: int = 200, skip: int = 0) -> list[Revision]:
    """Revisions of a document that has been judged, newest first, without their bodies."""
    from sqlalchemy.orm import defer

    return list(
        session.scalars(
            select(Revision)
            .where(Revision.document_id == document.id)
            .options(defer(Revision.body, raiseload=True))
            .order_by(Revision.number.desc())
            .offset(skip)
            .limit(most)
        )
    )


def last_saved(session: Session, document: Document) -> Saved:
    """Who saved the current revision, and when."""
    revision = session.get_one(Revision, (document.id, document.number))
    return Saved(revision.author, revision.created_at)


def writers_of(session: Session, document: Document) -> set[str]:
    """The `who` words of all who saved a revision."""
    return set(session.scalars(select(Revision.author).where(Revision.document_id == document.id).distinct()))


def text_of(session: Session, revision: Revision) -> FileText | None:
    """What was read out of a revision's file; None while nobody has read it yet."""
    return session.get(FileText, (revision.document_id, revision.number)) if revision.file_hash else None
