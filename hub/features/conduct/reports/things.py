"""Reports of things that people comment on: whose they are to see to, and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from hub.access.viewer import Viewer
from hub.features.conduct.reports.queries import MOST, SHOWN, theirs_to_see_to
from hub.features.conduct.reports.words import DONE
from hub.ground.clock import LONDON
from hub.nouns.talk.models import ThingReport
from hub.things.kind import Kind
from hub.things.thing import Lying


@dataclass(frozen=True)
class ReportedThing:
    """A report, and the thing that it is of; None where the viewer may not read that any more."""

    report: ThingReport
    thing: Lying | None


def things_for(viewer: Viewer) -> list[tuple[ThingReport, Lying]]:
    """The open reports of things that are the viewer's to see to, the oldest first. One query."""
    mine = _mine(viewer)
    if mine is None:
        return []
    wanted = _joined(viewer, select(ThingReport, *_models(viewer))).where(mine, ThingReport.outcome == "")
    return _read(viewer.session.execute(wanted.order_by(ThingReport.at, ThingReport.id).limit(MOST)))


def count_of_things(viewer: Viewer) -> ColumnElement[int] | None:
    """How many things wait for the viewer, as a part of one SELECT; None for whoever may see to none."""
    mine = _mine(viewer)
    if mine is None:
        return None
    wanted = _joined(viewer, select(func.count(ThingReport.node.distinct())))
    return wanted.where(mine, ThingReport.outcome == "").correlate(None).scalar_subquery()


def thing_report_for(viewer: Viewer, report_id: str) -> tuple[ThingReport, Lying] | None:
    """One of the viewer's to see to, answered or not; None for any other. One query."""
    mine = _mine(viewer)
    if mine is None:
        return None
    wanted = _joined(viewer, select(ThingReport, *_models(viewer))).where(mine, ThingReport.id == report_id)
    return next(iter(_read(viewer.session.execute(wanted))), None)


def reports_of_thing(session: Session, node: str, *, lock: bool = False) -> list[ThingReport]:
    """All reports of a thing, the oldest first."""
    wanted = select(ThingReport).where(ThingReport.node == node).order_by(ThingReport.at, ThingReport.id)
    return list(session.scalars(wanted.with_for_update() if lock else wanted))


def own_thing_report(session: Session, person_id: str, node: str) -> ThingReport | None:
    """What somebody reported of a thing."""
    mine = ThingReport.node == node, ThingReport.reporter_id == person_id
    return session.scalar(select(ThingReport).where(*mine))


def things_told(viewer: Viewer) -> list[ReportedThing]:
    """What became lately of things that the viewer reported, and what was done about their own. One query.

    Of their own, one for each thing.
    """
    found: dict[str, ReportedThing] = {}
    for report, *things in viewer.session.execute(viewer.statement(_told)):
        thing: Any = next(filter(None, things), None)
        seen = thing if thing is not None and viewer.sees(thing) else None
        if seen is not None or report.reporter_id == viewer.person.id:
            found.setdefault(report.node, ReportedThing(report, seen))
    return list(found.values())


def things_told_count(viewer: Viewer) -> ColumnElement[int]:
    """How much that is, as a part of one SELECT."""
    told = _joined(viewer, select(func.count(ThingReport.node.distinct()))).where(_lately(viewer))
    return told.correlate(None).scalar_subquery()


def revision_of(viewer: Viewer, thing: Lying) -> int:
    """Which revision a thing is at; 1 of what keeps none."""
    kind = viewer.kinds.of(thing)
    return kind.number(thing) if kind is not None and kind.number is not None else 1


def _told(viewer: Viewer) -> Select[Any]:
    wanted = _joined(viewer, select(ThingReport, *_models(viewer))).where(_lately(viewer))
    return wanted.order_by(ThingReport.outcome_at, ThingReport.id)


def _lately(viewer: Viewer) -> ColumnElement[bool]:
    since = datetime.combine(viewer.today - SHOWN, time(), LONDON)
    mine = and_(ThingReport.reporter_id == viewer.person.id, ThingReport.put_away.is_(False))
    own = or_(*(_is_own(viewer, kind) & viewer.where(kind.columns) for kind in commented(viewer)))
    done = and_(ThingReport.outcome == DONE, ThingReport.owner_seen.is_(False), own)
    return and_(ThingReport.outcome_at > since, or_(mine, done))


def commented(viewer: Viewer) -> list[Kind]:
    """The kinds of things on which people comment, which are more than their talk."""
    return [kind for kind in viewer.kinds.lying if kind.talk]


def _mine(viewer: Viewer) -> ColumnElement[bool] | None:
    return theirs_to_see_to(viewer, ThingReport, commented(viewer), lambda kind: _is_own(viewer, kind))


def _is_own(viewer: Viewer, kind: Kind) -> ColumnElement[bool]:
    own: ColumnElement[bool] = kind.columns.owner == viewer.subject.id
    return own


def _models(viewer: Viewer) -> tuple[type[Any], ...]:
    return tuple(kind.model for kind in commented(viewer))


def _joined(viewer: Viewer, statement: Select[Any]) -> Select[Any]:
    statement = statement.select_from(ThingReport)
    for kind in commented(viewer):
        statement = statement.outerjoin(kind.model, kind.only & kind.columns.on(ThingReport.node))
    return statement


def _read(rows: Iterable[Row[Any]]) -> list[tuple[ThingReport, Lying]]:
    found = []
    for row in rows:
        thing: Any = next(filter(None, row[1:]), None)
        if thing is not None:
            found.append((row[0], thing))
    return found
