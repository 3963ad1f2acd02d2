"""What the hub keeps for one person: forms answered, what is typed into others, what was opened, favourites."""

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


class AnsweredSheet(Base):
    """A form that was sent and did what it says, written in the transaction of the act."""

    __tablename__ = "answered_sheets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of person, address, sheet and all that was sent."""
    location: Mapped[str] = mapped_column(Text)
    """Where the answer led to."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class TypedDraft(Base):
    """What somebody is typing into a form, and has not sent: theirs alone. One for each person and form."""

    __tablename__ = "typed_drafts"
    __table_args__ = (UniqueConstraint("person_id", "address"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(200))
    """Where the form is sent to."""
    opens: Mapped[str] = mapped_column(String(200))
    """Where the form is opened."""
    node: Mapped[str] = mapped_column(String(60), default="")
    """Of the thing that the form is about, by which the draft is judged: `doc:ID`, a place's id; empty for none."""
    action: Mapped[str] = mapped_column(String(20))
    """What one has to be allowed to do to it."""
    name: Mapped[str] = mapped_column(Line(80), default="")
    """What they call the thing that they make, cut short; empty where the form has no such field."""
    fields: Mapped[str] = mapped_column(Text)
    """A JSON object of texts."""
    saved_at: Mapped[datetime] = mapped_column(Moment, index=True)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was discarded; it can be taken back for a while."""


class HeldForm(Base):
    """A form that somebody sent and was asked to sign in again for: held until they have, for minutes."""

    __tablename__ = "held_forms"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    sealed: Mapped[str] = mapped_column(Text)
    """Encrypted: where it is sent, its token, and all that was in it but secrets and files."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class Proposal(Base):
    """Something that one person has proposed and another has to agree to. What it says never changes."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_open", "decided_at", "scope"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    """A key of `hub.keeping.proposals.KINDS`."""
    scope: Mapped[str] = mapped_column(ForeignKey("places.id"))
    """Whose administrators may agree: the organisation's, or the platform's."""
    about: Mapped[str] = mapped_column(String(160))
    """Whom or what it concerns: a `who` word, or a node."""
    summary: Mapped[str] = mapped_column(Line(400))
    """What is done, in a sentence: “Let Ann Lee administer Leeds City Council”."""
    reason: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[str] = mapped_column(Text)
    """A JSON object of texts: with what it is done."""
    by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """When those who may agree were written to."""
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(String(10), default="")
    """`approved`, `refused` or `withdrawn`; empty while it waits."""
    note: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused."""


TALK: Final = "talk:"
"""Begins the name under which is noted that somebody read what is said about a thing."""


class Visit(Base):
    """That somebody opened a thing, and whether it is a favourite of theirs: told to nobody else."""

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_person_id_opened_at", "person_id", "opened_at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    thing: Mapped[str] = mapped_column(String(60), primary_key=True)
    """`doc:ID`, `space:ID`: the prefix of its kind, and its own id."""
    opened_at: Mapped[datetime] = mapped_column(Moment)
    """When they opened it last, to within some minutes."""
    starred_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they made it a favourite; None where it is none."""
