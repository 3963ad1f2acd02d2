"""How everything stood that decides who may see what, from one moment to another: one table for all nouns."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment

_OPEN = text("to_at IS NULL")


class Past(Base):
    """How a node stood, from a moment on and up to another, or until now. `hub/things/history.py` alone writes it.

    Ids and words alone, and no title; it refers to nothing, for it outlives what it is about.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_node_from_at", "node", "from_at"),
        Index("ix_history_kind_from_at", "kind", "from_at"),
        Index("ix_history_place_id", "place_id"),
        Index("uq_history_open", "node", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    node: Mapped[str] = mapped_column(String(100))
    """What was judged (`doc:ID`, a place's id, `home:ID`), `grants:ID`, or `member:GROUP:PERSON`."""
    kind: Mapped[str] = mapped_column(String(20))
    """Of a place, what it was: `space`, `gone` …; of anything else, the prefix of its node."""
    place_id: Mapped[str] = mapped_column(String(60))
    """Where it lay; of a place, the one above; of a grant, the node that was given; of a member, the group."""
    organisation_id: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(160))
    """A `who` word: its owner; of a grant, who held it. Of a member, the person's id."""
    ms: Mapped[str] = mapped_column(String(40))
    """Marking and state; empty of a place whose page is another node, or is gone."""
    audience: Mapped[str] = mapped_column(String(20))
    """Of a space; else empty."""
    voices: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    """Of a space of which somebody has said who may write in it; else empty."""
    path: Mapped[str] = mapped_column(String(900))
    """Of a place, its address, by which lines of policy named it; else empty."""
    blocked: Mapped[bool]
    """Of an organisation: whether all its people were kept out."""
    from_at: Mapped[datetime] = mapped_column(Moment)
    to_at: Mapped[datetime | None] = mapped_column(Moment)
    """None while it stands so. As `from_at` where it stood so for no time that the clock could tell."""
    found: Mapped[bool]
    """That it stood so already when history came to it: since when, nobody knows."""
