"""Reads of terms: whose hold for somebody, what they accepted, and what they have yet to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from hub.access.models import Grant, Person, Place
from hub.access.viewer import Viewer
from hub.features.conduct.models import TermsAccepted, TermsVersion


@dataclass(frozen=True)
class OwnTerms:
    """The terms of an organisation that hold for somebody."""

    organisation: Place
    version: TermsVersion | None
    """The one that holds; None where the organisation has published none."""
    accepted: int
    """The newest that they accepted; 0 for none."""
    accepted_at: datetime | None
    owed: bool
    """Whether they have to accept it before they go on."""


def own_terms(viewer: Viewer) -> list[OwnTerms]:
    """The terms that hold for somebody, by the name of the organisation: their own; of a guest, of all whose they are.

    One query.
    """
    accepted, published, asked = aliased(TermsAccepted), aliased(TermsVersion), aliased(TermsVersion)
    theirs = accepted.organisation_id == Place.id, accepted.person_id == viewer.person.id
    newest = select(func.max(published.number)).where(published.organisation_id == Place.id).scalar_subquery()
    last = select(func.max(accepted.number)).where(*theirs).scalar_subquery()
    asks = select(func.max(asked.number)).where(asked.organisation_id == Place.id, asked.asks).scalar_subquery()
    rows = viewer.session.execute(
        select(Place, TermsVersion, TermsAccepted, asks)
        .select_from(Place)
        .outerjoin(TermsVersion, and_(TermsVersion.organisation_id == Place.id, TermsVersion.number == newest))
        .outerjoin(
            TermsAccepted,
            and_(
                TermsAccepted.organisation_id == Place.id,
                TermsAccepted.person_id == viewer.person.id,
                TermsAccepted.number == last,
            ),
        )
        .where(Place.id.in_(_whose(viewer)))
        .order_by(Place.name, Place.id)
    )
    return [
        OwnTerms(
            place,
            version,
            row.number if row else 0,
            row.at if row else None,
            asking is not None and (row is None or row.number < asking),
        )
        for place, version, row, asking in rows
    ]


def owes(viewer: Viewer) -> bool:
    """Whether somebody has yet to accept terms that hold for them. One query."""
    later = exists().where(
        TermsAccepted.person_id == viewer.person.id,
        TermsAccepted.organisation_id == TermsVersion.organisation_id,
        TermsAccepted.number >= TermsVersion.number,
    )
    wanted = select(TermsVersion.number).where(TermsVersion.asks, TermsVersion.organisation_id.in_(_whose(viewer)))
    return viewer.session.scalar(wanted.where(~later).limit(1)) is not None


def _whose(viewer: Viewer) -> Select[str]:
    """The ids of the organisations whose terms hold for somebody."""
    if viewer.person.kind != "guest":
        return select(Place.id).where(Place.id == viewer.person.organisation_id)
    lasts = or_(Grant.until.is_(None), Grant.until >= viewer.today)
    return select(Grant.organisation_id).where(Grant.principal == viewer.subject.id, Grant.ended_at.is_(None), lasts)


def holds_for(viewer: Viewer, organisation_id: str) -> bool:
    """Whether the terms of an organisation hold for somebody. One query."""
    whose = _whose(viewer).subquery()
    return viewer.session.scalar(select(whose).where(whose.c[0] == organisation_id).limit(1)) is not None


def versions_of(session: Session, organisations: Iterable[str]) -> dict[str, list[TermsVersion]]:
    """All that some organisations published, without the texts, by organisation, the newest first. One query."""
    wanted = (
        select(TermsVersion).options(defer(TermsVersion.body)).where(TermsVersion.organisation_id.in_(organisations))
    )
    found: dict[str, list[TermsVersion]] = {}
    for version in session.scalars(wanted.order_by(TermsVersion.number.desc())):
        found.setdefault(version.organisation_id, []).append(version)
    return found


def version_of(session: Session, organisation_id: str, number: int) -> TermsVersion | None:
    """One of them."""
    return session.get(TermsVersion, (organisation_id, number))


def last_number(session: Session, organisation_id: str) -> int:
    """The number of the newest; 0 where there is none."""
    mine = TermsVersion.organisation_id == organisation_id
    return session.scalar(select(func.max(TermsVersion.number)).where(mine)) or 0


def accepted_by(viewer: Viewer, organisation_id: str) -> tuple[int, int]:
    """How many people accepted what they were asked to, of how many for whom the terms hold. One query."""
    asks = select(func.max(TermsVersion.number)).where(
        TermsVersion.organisation_id == organisation_id, TermsVersion.asks
    )
    admitted = select(Grant.principal).where(
        Grant.organisation_id == organisation_id,
        Grant.ended_at.is_(None),
        or_(Grant.until.is_(None), Grant.until >= viewer.today),
    )
    theirs = or_(
        and_(Person.kind == "staff", Person.organisation_id == organisation_id),
        and_(Person.kind == "guest", ("guest:" + Person.handle).in_(admitted)),
    )
    accepted = exists().where(
        TermsAccepted.person_id == Person.id,
        TermsAccepted.organisation_id == organisation_id,
        TermsAccepted.number >= asks.scalar_subquery(),
    )
    counts = select(func.count().filter(accepted), func.count()).select_from(Person)
    row = viewer.session.execute(counts.where(Person.status == "active", theirs)).one()
    return row[0], row[1]
