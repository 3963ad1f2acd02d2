"""Reads of the admissions for which somebody answers as their sponsor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hub.access.models import Grant, Person, Place
from hub.access.viewer import Viewer
from hub.features.signin.local.models import LocalAccount
from hub.things.kinds import lying_at

SHOWN_AFTER = timedelta(days=14)
"""So long after its end an admission can still be renewed."""
SOON = timedelta(days=14)
MOST = 200


@dataclass(frozen=True)
class Sponsored:
    """An admission, its guest, the firm that they work for, and when they signed in here last, if they do."""

    grant: Grant
    guest: Person
    firm: Place
    seen_at: datetime | None


def sponsored_by(session: Session, sponsor: Person, today: date) -> list[Sponsored]:
    """The admissions for which somebody answers, what ends first first; of guests who are kept out none."""
    rows = session.execute(_sponsored(sponsor, today).order_by(Grant.until, Grant.id).limit(MOST))
    return [Sponsored(*row) for row in rows]


def one_sponsored(
    session: Session, sponsor: Person, today: date, grant_id: str, *, lock: bool = False
) -> Sponsored | None:
    """One of them, that nobody else changes meanwhile if it is to `lock`; None for what is none of theirs."""
    wanted = _sponsored(sponsor, today).where(Grant.id == grant_id)
    row = session.execute(wanted.with_for_update(of=Grant) if lock else wanted).one_or_none()
    return Sponsored(*row) if row else None


def ending_soon(sponsor: Person, today: date) -> ColumnElement[int]:
    """How many of them end soon, and have not ended, as a part of one SELECT."""
    wanted = _sponsored(sponsor, today).where(Grant.until >= today, Grant.until <= today + SOON)
    return select(func.count()).select_from(wanted.with_only_columns(Grant.id).subquery()).scalar_subquery()


def names_of(viewer: Viewer, nodes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and address of each thing that was given, of those that the viewer may see."""
    wanted = set(nodes)
    inside = lying_at(viewer.session, viewer.kinds, wanted)
    places = viewer.session.scalars(select(Place).where(Place.id.in_(wanted - inside.keys()))).all()
    faces = {thing.node: viewer.kinds.face(thing) for thing in viewer.kept([*places, *inside.values()])}
    return {node: (face.title, face.href) for node, face in faces.items()}


def _sponsored(sponsor: Person, today: date) -> Select[Grant, Person, Place, datetime]:
    return (
        select(Grant, Person, Place, LocalAccount.last_seen_at)
        .join(Person, Grant.principal == "guest:" + Person.handle)
        .join(Place, Place.id == Person.organisation_id)
        .outerjoin(LocalAccount, LocalAccount.person_id == Person.id)
        .where(
            Grant.given_by == sponsor.handle,
            Grant.source == "guest",
            Grant.organisation_id == sponsor.organisation_id,
            Grant.ended_at.is_(None),
            Grant.until >= today - SHOWN_AFTER,
            Person.status == "active",
            Place.blocked_at.is_(None),
        )
    )
