"""Documents, their revisions, and the text read out of stored files."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from acl.store import Snapshot
from acl.visibility import Object
from hub.access.checks import closed_words
from hub.access.judged import judge_at
from hub.ground.db import Base, Line, Moment
from hub.things.columns import Columns

MARKDOWN = "markdown"


class Document(Base):
    """A thing written or uploaded, in one place; what it says is in its revisions."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_listed", "place_id", "ms", "changed_at", "owner"),
        Index("ix_documents_by_title", "place_id", text("lower(title)"), "id"),
        Index("ix_documents_placed", "place_id", "id"),
        Index("ix_documents_changed", "changed_at"),
        Index("ix_documents_changed_in", "place_id", "changed_at"),
        Index("ix_documents_owned", "owner", "state"),
        UniqueConstraint("place_id", "source", name="uq_documents_source"),
        *closed_words(),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    title: Mapped[str] = mapped_column(Line(300))
    type: Mapped[str] = mapped_column(String(20))
    """What kind of thing it is: markdown, pdf, word, spreadsheet …"""
    marking: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    ms: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(160))
    """The `who` word of its owner (`person:leeds/sam-okafor`)."""
    number: Mapped[int] = mapped_column(default=1)
    """Number of the current revision."""
    source: Mapped[str | None] = mapped_column(String(1000))
    """Where an import took it from: path in the imported folder. With the place, the key of a repeated import."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was first published; None of a draft that never was, which its owner may delete."""

    @property
    def node(self) -> str:
        """The document's own node."""
        return f"doc:{self.id}"

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The document as policy sees it; None while the snapshot does not know its place."""
        return judge_at(
            self.place_id,
            self.node,
            owner=self.owner,
            marking=self.marking,
            state=self.state,
            snapshot=snapshot,
        )


DOCUMENTS = Columns(
    id=Document.id,
    place=Document.place_id,
    ms=Document.ms,
    organisation=Document.organisation_id,
    owner=Document.owner,
    node_prefix="doc:",
)
"""Where the table keeps what decides."""


class Revision(Base):
    """An immutable state of a document: Markdown, or a stored file."""

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_file", "file_hash"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Line(300))
    body: Mapped[str] = mapped_column(Text, default="")
    """Markdown; empty for a file."""
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the stored file; empty for Markdown."""
    file_name: Mapped[str] = mapped_column(Line(300), default="")
    file_size: Mapped[int] = mapped_column(default=0)
    author: Mapped[str] = mapped_column(String(160))
    note: Mapped[str] = mapped_column(Line(500), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


class FileText(Base):
    """What was read out of a revision's file: each revision's own, so that nobody learns what others have stored."""

    __tablename__ = "file_texts"
    __table_args__ = (ForeignKeyConstraint(["document_id", "number"], ["revisions.document_id", "revisions.number"]),)

    document_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), default="")
    """What type of document it makes; empty where it was read before the hub kept that."""
    readable: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why there is no text, as a clause: "the file is protected by a password"."""
    text: Mapped[str] = mapped_column(Text, default="")
    cut: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[str] = mapped_column(Text, default="")
    """What of the file no reader sees, in words; its text has nothing of it."""
    author: Mapped[str | None] = mapped_column(Line(200))
    """Who wrote it, as the file says itself: never who somebody is. None where it was read before the hub kept that."""
    read_at: Mapped[datetime] = mapped_column(Moment)
