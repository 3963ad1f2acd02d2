"""What spaces and folders keep of their own: their rows lie in `hub/access/models.py`."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


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


class Service(Base):
    """What councils do, by one list for the whole hub: spaces say which of these they are about."""

    __tablename__ = "services"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    """The word that addresses have: `housing`. It stays when the name changes."""
    name: Mapped[str] = mapped_column(Line(80), unique=True)
    into_id: Mapped[str | None] = mapped_column(ForeignKey("services.id"), index=True)
    """The service of which it is a part now, which is itself none of another's; None while it stands for itself."""
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when no further space may choose it."""


class SpaceService(Base):
    """That a space is about a service, as somebody chose it: a service that is merged is still the one they chose."""

    __tablename__ = "space_services"

    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"), primary_key=True, index=True)


class OfferedSort(Base):
    """Whether a space takes new conversations of a sort, where its managers have said so."""

    __tablename__ = "offered_sorts"

    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    sort: Mapped[str] = mapped_column(String(20), primary_key=True)
    offered: Mapped[bool]


class QuestionSpace(Base):
    """The space in which councils ask one another about a service: each joins and leaves by itself."""

    __tablename__ = "question_spaces"

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"), primary_key=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), unique=True)
