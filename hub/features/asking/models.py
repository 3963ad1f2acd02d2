"""Requests for access, as they were pasted, and what became of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment

GRANTED, DECLINED, UNSAID = "granted", "declined", "unsaid"
"""Unsaid: declined without a word to whoever asked. To them it stays without an answer."""


class AccessRequest(Base):
    """That somebody asked for what is at an address. Whether something is there is found out by the worker, later.

    Whoever asked is shown nothing of this row but what they typed, and an answer that somebody gave in words.
    """

    __tablename__ = "access_requests"
    __table_args__ = (
        Index("ix_access_requests_asker", "asker_id", "created_at"),
        Index("ix_access_requests_node", "node", "answer", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    asker_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(500))
    """As it was typed."""
    sought: Mapped[str] = mapped_column(String(500))
    """What the address means: `doc:ID` or the path of a place. Whether or not there is such a thing."""
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    looked_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When the worker found out what is there; None while it has yet to."""
    node: Mapped[str] = mapped_column(String(60), default="")
    """`doc:ID` or a place's id; empty where there is nothing, or nothing that they may ask for."""
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"), index=True)
    """The organisation that owns the thing."""
    unmanaged: Mapped[bool] = mapped_column(default=False)
    """Whether nobody managed the thing when the worker looked last: it then goes to the administrators."""
    answer: Mapped[str] = mapped_column(String(10), default="")
    """Empty, granted, declined or unsaid."""
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str] = mapped_column(String(160), default="")
    """Handle."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What a manager wrote when they declined."""
    put_away: Mapped[bool] = mapped_column(default=False)
    """Whether whoever asked has put the notice of the answer away."""
