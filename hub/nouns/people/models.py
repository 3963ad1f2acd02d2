"""What people keep of their own: their rows lie in `hub/access/models.py`."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Moment


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
