"""Work that leaves after the commit: a row in the writer's transaction, done by the worker."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment

INDEX = "index"
"""Topic: bring the search entry of the named thing up to date."""


IS_SUBTREE = text("substr(about, 1, 8) = 'subtree:'")
"""That a message speaks of all that lies at a place: the words of an index, which a question must repeat."""


class OutboxMessage(Base):
    """One piece of work. Its id grows, and serves as the version of what is written to the index."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "topic", "parked", "id"),
        Index("ix_outbox_subtrees", "topic", "parked", "id", sqlite_where=IS_SUBTREE, postgresql_where=IS_SUBTREE),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(100))
    """The thing: `doc:ID`, `space:ID`, `organisation:ID`, `person:ID`, `subtree:PLACE`, `revision:DOCUMENT/NUMBER`."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    parked: Mapped[bool] = mapped_column(default=False)
    """Given up after several attempts; `hub index` lists these."""
    error: Mapped[str] = mapped_column(Text, default="")
