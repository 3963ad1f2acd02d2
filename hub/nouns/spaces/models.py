"""What spaces and folders keep of their own: their rows lie in `hub/access/models.py`."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment


class PutAway(Base):
    """What was archived or withdrawn together with a space or folder, and what it was before: that is restored."""

    __tablename__ = "put_away"

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Of what lay in it, or a place's id."""
    place_id: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    """The space or folder with which it went; it may have gone with one, and that with another."""
    state: Mapped[str] = mapped_column(String(20))
    """Its state before."""


class Pin(Base):
    """What a space shows on its overview: its cover text, and what its managers pinned there. Each reader is judged."""

    __tablename__ = "pins"

    place_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Of what lies in the space, or did so."""
    is_cover: Mapped[bool] = mapped_column(default=False)
    pinned_at: Mapped[datetime] = mapped_column(Moment)
