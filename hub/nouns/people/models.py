"""What people keep of their own: their rows lie in `hub/access/models.py`."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment

SHOWN_BY: Final = ("work_for", "knows_for", "reach_for", "away_for")
"""The columns of a profile that say whom a group of it is shown to."""


class Invitation(Base):
    """That somebody wants a colleague in a place, of whom they know a work e-mail address. It gives nothing by itself.

    Whoever signs in through the issuer of the organisation that has proved the address's domain, with just that address
    confirmed, may accept it: then whoever manages the place adds them as it adds anybody. The address is a note of whom
    it is meant for, and never a key.
    """

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    """In lower case, its domain as ASCII."""
    inviter_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    """What they are to be there; with the last day and the reason it fills the form by which they are added."""
    until: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    """When it ends by itself."""
    written_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the worker had seen to its letter."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Who signed in with that address; None while nobody has."""
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    """Told nobody: to whoever invited them it stays without an answer."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was called back, or a membership came of it."""


class Profile(Base):
    """What somebody says of themselves. Each group of it has a word for whom it is shown to (`profiles.SHOWN`)."""

    __tablename__ = "profiles"
    __table_args__ = (
        *(CheckConstraint(f"{name} IN ('page', 'council', 'self')", name=name) for name in SHOWN_BY),
        CheckConstraint("(away_from IS NULL) = (away_until IS NULL) AND away_from <= away_until", name="away"),
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    called: Mapped[str] = mapped_column(Line(120), default="")
    """How their name is said, or what to call them."""
    job: Mapped[str] = mapped_column(Line(200), default="")
    """Instead of the job title by which their organisation knows them."""
    team: Mapped[str] = mapped_column(Line(200), default="")
    place: Mapped[str] = mapped_column(Line(200), default="")
    """Where they work."""
    work_for: Mapped[str] = mapped_column(String(10), default="page")
    """Whom the job, the team, the services and the place are shown to."""
    languages: Mapped[str] = mapped_column(Line(200), default="")
    ask_about: Mapped[str] = mapped_column(Line(500), default="")
    learning: Mapped[str] = mapped_column(Line(500), default="")
    knows_for: Mapped[str] = mapped_column(String(10), default="page")
    """Whom the skills, the languages, what to ask about and what they want to learn are shown to."""
    working_days: Mapped[str] = mapped_column(Line(200), default="")
    contact: Mapped[str] = mapped_column(Line(200), default="")
    reach_for: Mapped[str] = mapped_column(String(10), default="page")
    """Whom working days, contact and the e-mail address are shown to."""
    away_from: Mapped[date | None] = mapped_column(Date)
    away_until: Mapped[date | None] = mapped_column(Date)
    """The last day of it."""
    stand_in_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    away_for: Mapped[str] = mapped_column(String(10), default="page")
    """Whom the absence and the stand-in are shown to."""
    confirmed_on: Mapped[date] = mapped_column(Date)
    """When they last looked through all of it."""


class Photograph(Base):
    """Somebody's photograph, as the hub wrote it anew: a square JPEG of a few ten thousand bytes."""

    __tablename__ = "photographs"
    __table_args__ = (CheckConstraint("shown_to IN ('page', 'council', 'self')", name="shown_to"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    picture: Mapped[str] = mapped_column(Text)
    """In base64: rows travel between databases and into backups as plain values."""
    shown_to: Mapped[str] = mapped_column(String(10))
    kept_at: Mapped[datetime] = mapped_column(Moment)


class ProfileSkill(Base):
    """A skill that somebody names, in their own words."""

    __tablename__ = "profile_skills"
    __table_args__ = (Index("ix_profile_skills_key", "key", "person_id"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("profiles.person_id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    """The words in small letters, by which the same skill of others is found."""
    name: Mapped[str] = mapped_column(Line(60))


class ProfileService(Base):
    """A service of the hub's list that somebody works for."""

    __tablename__ = "profile_services"

    person_id: Mapped[str] = mapped_column(ForeignKey("profiles.person_id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"), primary_key=True, index=True)


class Feed(Base):
    """A secret address at which a program reads as its person, without their session. Only its hash is here."""

    __tablename__ = "feeds"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    sort: Mapped[str] = mapped_column(String(10))
    """A key of `feeds.SORTS`."""
    about: Mapped[str] = mapped_column(Text, default="")
    """The id of a space or of a person, or a search as the address of its page asks it; empty of what names nothing."""
    name: Mapped[str] = mapped_column(Line(100))
    """What its person calls it."""
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    """When this address was made."""
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    """When something was read at it last, to within `feeds.SEEN_EVERY`."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its person revoked it, or was suspended, or left."""
