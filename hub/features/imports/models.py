"""Folders that people bring in from their browser: each with its files, and what became of every one of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


class Bringing(Base):
    """An archive that somebody brings into a place, theirs alone to look at; each person has one under way."""

    __tablename__ = "imports"
    __table_args__ = (
        Index(
            "uq_imports_under_way",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Line(300))
    """Of the archive."""
    marking: Mapped[str] = mapped_column(String(20))
    parcel: Mapped[str] = mapped_column(String(64))
    """What the file store knows the archive by, until it is removed; empty from then on. No backup holds it."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it ended before its end, as a sentence."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its person stopped it: it has ended then, and may go on while its archive is there."""
    undo_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they asked for all of it to be taken back."""
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    made: Mapped[str | None] = mapped_column(Text)
    """The ids of the places that were made for it, one in a line, those above before those in them."""


class BroughtFile(Base):
    """A file of such an archive.

    Its state: `waiting`; `filed` as the document; `double` of the document, which is there already; `passed` over;
    `failed`, for the reason. Once it is taken back, what was filed is `undone`, or `kept` for the reason.
    """

    __tablename__ = "imported_files"

    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """In which order they are filed: texts last, so that their links lead to what is there."""
    entry: Mapped[int]
    """Which of the archive's entries it is."""
    path: Mapped[str] = mapped_column(Line(1000))
    key: Mapped[str] = mapped_column(String(64), index=True)
    """By what the same text is known that was brought in before."""
    state: Mapped[str] = mapped_column(String(20))
    document_id: Mapped[str] = mapped_column(String(40), index=True)
    """What it is filed as, known from the first; of a double, which document that is."""
    reason: Mapped[str] = mapped_column(Text, default="")
    hidden: Mapped[str] = mapped_column(Text, default="")
    """What of it no reader sees: "3 hidden sheets (Salaries, …)"."""
