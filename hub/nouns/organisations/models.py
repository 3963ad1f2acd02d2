"""What an organisation is besides a place."""

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment
from hub.ground.ids import new_id

SECTOR: Final = "sector"
"""The kind of the one that has no staff: in it lie the spaces that belong to all."""


class Organisation(Base):
    """A legal body that takes part. Its name, slug and policy attributes are those of its place."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """council, partner or supplier; or sector, of the one without staff that holds what belongs to all."""
    description: Mapped[str] = mapped_column(Line(200), default="")
    """In words: "Metropolitan district council"."""
    code: Mapped[str] = mapped_column(String(20), default="")
    """ONS code, such as E08000035."""
    contact: Mapped[str] = mapped_column(Line(254), default="")
    """How its people reach its administrators."""
    next_issuer: Mapped[str] = mapped_column(String(40), default=new_id)
    """The id that its next issuer will have: the hub's redirect address there is known before there is an issuer."""
    leaves: Mapped[str] = mapped_column(String(10), default="titles", server_default=text("'titles'"))
    """How much of what is its own may leave the hub by mail: a key of `hub/nouns/organisations/leaving.py`."""
    set_up_at: Mapped[datetime | None] = mapped_column(Moment)
    """When an administrator put the finished checklist away."""


class OrganisationDomain(Base):
    """A mail domain of an organisation."""

    __tablename__ = "organisation_domains"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    """In lower case, as ASCII."""
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    verified: Mapped[bool] = mapped_column(default=False)
    """Whether the organisation's issuer may assert addresses there: it is proved, or those who run the hub typed it."""
    proved_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its record was found in the domain name system; None where it was only typed."""


class DomainClaim(Base):
    """A mail domain that an organisation says is its own, and has yet to prove. It gives nothing."""

    __tablename__ = "domain_claims"
    __table_args__ = (UniqueConstraint("organisation_id", "domain"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    domain: Mapped[str] = mapped_column(String(253))
    token: Mapped[str] = mapped_column(String(80))
    """What the record has to say: it is public, and proves nothing but that whoever made it was told."""
    made_at: Mapped[datetime] = mapped_column(Moment)
