"""Letters. A letter's row is its own outbox message: it is written in the transaction of the act that it tells of."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment

WAITING, SENT, FOLDER, FAILED, WITHHELD = "waiting", "sent", "folder", "failed", "withheld"
"""Sent: a mail server took it. Folder: written as a file, since none is set. Withheld: on purpose not sent."""


CODE = "code"
"""Stands for the link of a letter whose secret is a code to be typed."""

HAS_LINK = text("secret <> ''")
"""That a letter holds a one-use link: the words of an index, which a question must repeat."""


class SentLetter(Base):
    """One letter to one person, and what became of it. Holds no title, and no text of any document or post."""

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_waiting", "state", "due_at"),
        Index("ix_letters_next", "state", "attempts", "created_at"),
        Index("ix_letters_left", "sent_at"),
        Index("ix_letters_links", "secret_until", sqlite_where=HAS_LINK, postgresql_where=HAS_LINK),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Part of its Message-ID, which is therefore the same however often it is sent."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    """None where it goes to an address of which nobody knows whose it is: an invitation."""
    address: Mapped[str] = mapped_column(String(254))
    """As it was when the letter was written."""
    subject: Mapped[str] = mapped_column(Line(200))
    lines: Mapped[str] = mapped_column(Text)
    """Paragraphs, one a line."""
    link: Mapped[str] = mapped_column(Text, default="")
    """Path in the hub, or empty; `CODE` where the secret is no path."""
    why: Mapped[str] = mapped_column(Text, default="")
    """Why the person gets this."""
    kind: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    """Of letters that people can end: a key of `hub/mail/writing.py`. What one says is written as it leaves."""
    secret: Mapped[str] = mapped_column(Text, default="")
    """Encrypted: the path of a one-use link, which stands in the letter instead of `link`, or a code. Empty once it was
    sent."""
    secret_until: Mapped[datetime | None] = mapped_column(Moment)
    """When that stops working; kept when the secret is erased."""
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    """Not tried before."""
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was sent, or written into the folder."""
    error: Mapped[str] = mapped_column(Text, default="")
    """What kept it last, in a sentence."""


class RefusedAddress(Base):
    """An address that a mail server has refused for good: no letter goes there until somebody says that it works."""

    __tablename__ = "refused_addresses"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    """In lower case."""
    at: Mapped[datetime] = mapped_column(Moment)
    said: Mapped[str] = mapped_column(Text)
    """What the server answered, in a sentence."""
