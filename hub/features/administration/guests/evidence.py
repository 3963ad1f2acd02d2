"""Who had access to what, when, by whose word, and what they opened: the evidence about an organisation's guests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from hub.access.models import Grant, Person, Place
from hub.access.noting_guests import DOWNLOAD, READ
from hub.ground.unit_of_work import AuditEntry

WORDS: Final = {
    "grant:give": "Admitted",
    "grant:renew": "Renewed",
    "grant:again": "Admitted again",
    "grant:end": "Ended",
    READ: "Opened",
    DOWNLOAD: "Downloaded",
}
"""What happened, as it is told, by the act of the audit."""
MOST: Final = 20_000
"""Entries in one pack, the newest."""


@dataclass(frozen=True)
class Happened:
    """Something that was done for a guest, or that they opened."""

    number: int
    """Of its entry in the audit: they grow."""
    at: datetime
    act: str
    by: str
    """Handle of who did it."""
    guest: Person
    firm: Place
    node: str
    grant: Grant | None
    """The admission that it is about; None for what was opened."""


def happened(session: Session, organisation: Place, firm: str = "", most: int = MOST) -> list[Happened]:
    """All of it in an organisation, or what is about one firm's guests (by its short name), the newest first."""
    admitted = _of_admissions(session, organisation, firm, most)
    opened = _of_openings(session, organisation, firm, most)
    return sorted((*admitted, *opened), key=lambda each: each.number, reverse=True)[:most]


def _of_admissions(session: Session, organisation: Place, firm: str, most: int) -> list[Happened]:
    rows = session.execute(
        select(AuditEntry, Grant, Person, Place)
        .join(Grant, AuditEntry.object == "grants:" + Grant.id)
        .join(Person, Grant.principal == "guest:" + Person.handle)
        .join(Place, Place.id == Person.organisation_id)
        .where(Grant.organisation_id == organisation.id, AuditEntry.act.in_(WORDS), _firm(firm))
        .order_by(AuditEntry.id.desc())
        .limit(most)
    )
    return [Happened(e.id, e.at, e.act, e.actor, person, place, grant.node, grant) for e, grant, person, place in rows]


def _of_openings(session: Session, organisation: Place, firm: str, most: int) -> list[Happened]:
    rows = session.execute(
        select(AuditEntry, Person, Place)
        .join(Person, Person.handle == AuditEntry.actor)
        .join(Place, Place.id == Person.organisation_id)
        .where(AuditEntry.organisation_id == organisation.id, AuditEntry.act.in_((READ, DOWNLOAD)), _firm(firm))
        .order_by(AuditEntry.id.desc())
        .limit(most)
    )
    return [Happened(e.id, e.at, e.act, e.actor, person, place, e.object, None) for e, person, place in rows]


def _firm(firm: str) -> ColumnElement[bool]:
    return Place.path == firm if firm else true()
