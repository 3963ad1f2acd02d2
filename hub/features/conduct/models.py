"""The terms of organisations and who accepted them, and how soon reports are answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


class TermsVersion(Base):
    """A text of an organisation's terms that was published. It never changes; the one with the highest number holds."""

    __tablename__ = "terms_versions"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    """Markdown."""
    note: Mapped[str] = mapped_column(Line(300), default="")
    """What changed, in a sentence."""
    asks: Mapped[bool] = mapped_column(default=False)
    """Whether whoever accepted an earlier one is asked again. Of the first one always."""
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[str] = mapped_column(String(160))
    """Handle."""


class TermsAccepted(Base):
    """That somebody accepted a version of an organisation's terms, and when."""

    __tablename__ = "terms_accepted"
    __table_args__ = (Index("ix_terms_accepted_organisation", "organisation_id", "number"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)


class ConductSettings(Base):
    """What an organisation says about reports; without a row, what is usual."""

    __tablename__ = "conduct_settings"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    answer_within: Mapped[int]
    """Working days within which a report is to be answered."""
