"""Forms that were answered, each of which makes something once; and what is typed into forms before they are sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment


class AnsweredSheet(Base):
    """A form that was sent and did what it says, written in the transaction of the act."""

    __tablename__ = "answered_sheets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of person, address, sheet and all that was sent."""
    location: Mapped[str] = mapped_column(Text)
    """Where the answer led to."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class TypedDraft(Base):
    """What somebody is typing into a form, and has not sent: theirs alone. One for each person and form."""

    __tablename__ = "typed_drafts"
    __table_args__ = (UniqueConstraint("person_id", "address"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(200))
    """Where the form is sent to."""
    opens: Mapped[str] = mapped_column(String(200))
    """Where the form is opened."""
    document_id: Mapped[str] = mapped_column(String(40), default="")
    place_id: Mapped[str] = mapped_column(String(40), default="")
    """The thing that the form is about, by which the draft is judged; both empty for a form about nothing."""
    action: Mapped[str] = mapped_column(String(20))
    """What one has to be allowed to do to it."""
    fields: Mapped[str] = mapped_column(Text)
    """A JSON object of texts."""
    saved_at: Mapped[datetime] = mapped_column(Moment, index=True)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was discarded; it can be taken back for a while."""
