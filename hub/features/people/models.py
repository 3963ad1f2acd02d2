"""What is counted of answers that were opened instead of asking: a number for each space and day, and no names."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base


class AnswerOpened(Base):
    """That somebody opened an answer from the ask box on a day: until that is over, then it is counted and deleted."""

    __tablename__ = "answers_opened"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The same for one person, answer and day, and made with the hub's key: no name, and no other day's mark."""
    day: Mapped[date] = mapped_column(Date, index=True)
    who: Mapped[str] = mapped_column(String(64))
    """The same for one person and day, likewise."""
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), index=True)
    """The space in which the answer lies."""


class QuestionsSaved(Base):
    """How many questions the answers of a space saved on a day."""

    __tablename__ = "questions_saved"

    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int]
