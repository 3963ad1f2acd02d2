"""The words of public texts, and in how many of these each stands."""

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base


class PublicText(Base):
    """The stems of one thing that every member of staff may read, as it was counted."""

    __tablename__ = "public_texts"

    entry: Mapped[str] = mapped_column(String(240), primary_key=True)
    """Id of its entry in the index."""
    words: Mapped[str] = mapped_column(Text)
    """With spaces between them."""


class PublicWords(Base):
    """One row: in how many public texts each stem stands. It is the sum of `public_texts`, and nothing else."""

    __tablename__ = "public_words"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=0)
    """Grows with every change."""
    texts: Mapped[int] = mapped_column(default=0)
    counts: Mapped[str] = mapped_column(Text, default="")
    """A stem and its number on each line."""
    seen_as: Mapped[str] = mapped_column(String(80), default="")
    """Under which policy, and by which way of counting."""
