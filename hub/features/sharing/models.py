"""What those who look after policy files are asked about their lines."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment


class LineWish(Base):
    """That somebody wants to delete a place, or take elsewhere what lies in one, that lines of a policy file name.

    It waits while such a line is there and so is the thing (`wishes.py`); one row for each file, thing and person.
    """

    __tablename__ = "line_wishes"
    __table_args__ = (UniqueConstraint("file", "node", "asker_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    file: Mapped[str] = mapped_column(String(200))
    node: Mapped[str] = mapped_column(String(40), index=True)
    """The id of the place or the node of the thing, which may be gone."""
    asker_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    refused_at: Mapped[datetime | None] = mapped_column(Moment)
