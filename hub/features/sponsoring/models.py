"""That a sponsor was reminded of an admission that ends soon."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment


class EndReminder(Base):
    """One letter for each admission, last day, and number of days before: after a renewal there are others."""

    __tablename__ = "end_reminders"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[date] = mapped_column(Date, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    """So many days before its last day, or fewer."""
    at: Mapped[datetime] = mapped_column(Moment)
