"""Of what somebody is to hear. No row holds a title or a text."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment


class Notice(Base):
    """That somebody is to hear of a post; one for each person and thing, which grows while they have not looked.

    It is new until they open the thing after that moment (`Visit`), so nothing counts what is unread.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_newest", "person_id", "at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int]
    """Of the post: the first one that they have not looked at."""
    because: Mapped[str] = mapped_column(String(10))
    """A key of `hub/features/hearing/words.py`."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    """When the newest such post was written."""
    put_away_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they said that they have seen it, without opening it."""
