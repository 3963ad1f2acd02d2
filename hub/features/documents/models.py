"""Large files on their way into the hub: part by part, until the whole is there and is added like any other."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


class Upload(Base):
    """A file that somebody sends to a place in parts, theirs alone."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    place_id: Mapped[str] = mapped_column(String(40))
    """Where it is going; that may be gone before it comes."""
    name: Mapped[str] = mapped_column(Line(300))
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes that it has, as was said when it began."""
    came: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes that are here: the offset at which it goes on."""
    key: Mapped[str] = mapped_column(String(200), default="")
    """By what its browser knows the file again."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the whole, as its browser told; empty where it did not."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment, index=True)
    """When the last part came."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When it was added, or given up; the worker then removes what is left of it."""


class UploadPart(Base):
    """A part that is here."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    size: Mapped[int]
    parcel: Mapped[str] = mapped_column(String(64))
    """What the file store knows it by, apart from what others store. No backup holds it."""
