"""What is read out of stored files. Each revision has its own: equal files of others are nobody's shortcut."""

from dataclasses import dataclass

from hub.ground.extraction import Extracted
from hub.ground.extraction.described import LONGEST
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import FileText
from hub.nouns.documents.queries import document_for_writing

EXTRACT = "extract"
"""Outbox topic: read the text out of a revision's file (`revision:DOCUMENT/NUMBER`)."""


@dataclass(frozen=True)
class ReadText:
    """What reading a file came to: its text, or the `reason` why there is none, and its `kind` of document."""

    kind: str
    readable: bool
    text: str = ""
    reason: str = ""
    cut: bool = False
    hidden: str = ""
    """What of the file is hidden, in words: "3 hidden sheets (Salaries, …)"; empty for nothing."""
    author: str = ""
    """Who wrote it, as the file says itself."""


def read_of(found: Extracted) -> ReadText:
    """What reading came to, as it is kept."""
    readable, cut = found.status == "readable", bool(found.remark)
    return ReadText(found.kind, readable, found.text, found.reason, cut, found.hidden, found.author[:LONGEST])


def keep_text(uow: UnitOfWork, document_id: str, number: int, read: ReadText) -> None:
    """Keep what was read out of a revision's file; a document that shows it learns its type and is indexed anew.

    Nothing is kept of a draft that was deleted meanwhile.
    """
    document = document_for_writing(uow.session, document_id)
    if document is None:
        return
    write_text(uow, document_id, number, read)
    if document.number == number:
        document.type = read.kind
        uow.enqueue(f"doc:{document_id}")


def write_text(uow: UnitOfWork, document_id: str, number: int, read: ReadText) -> None:
    """Write what was read out of a revision's file, in place of what may have been read before."""
    kept = uow.session.get(FileText, (document_id, number))
    if kept is None:
        kept = FileText(document_id=document_id, number=number)
        uow.session.add(kept)
    # PostgreSQL keeps no NUL in a text
    kept.kind, kept.readable, kept.text = read.kind, read.readable, read.text.replace("\x00", "")
    kept.reason, kept.cut, kept.read_at = read.reason, read.cut, uow.now
    kept.hidden, kept.author = read.hidden.replace("\x00", ""), read.author
    uow.session.flush()
