"""What the worker does with reports: those of places that nobody manages any more go to the administrators."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from hub.access.models import Person
from hub.access.parts import Parts
from hub.audience.who_may import who_may
from hub.features.conduct.reports.topics import owner_id
from hub.ground.forgetting import forget
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.talk.models import Post, PostReport, ThingReport
from hub.things.kinds import lying_at

MOST: Final = 500
KEPT: Final = timedelta(days=365)
"""So long a report is kept after it was answered."""


def watch_round(parts: Parts) -> int:
    """Pass on what has nobody left to decide it; returns how many reports these were."""
    with parts.database.reading() as session:
        its = (Post.node == PostReport.node) & (Post.number == PostReport.number)
        open_ones = (PostReport.outcome == "", PostReport.passed_on.is_(False), Post.withdrawn_at.is_(None))
        wanted = select(PostReport.id, PostReport.node, Post.author).join(Post, its).where(*open_ones)
        waiting = session.execute(wanted.order_by(PostReport.at).limit(MOST)).all()
        things: dict[str, Any] = lying_at(session, parts.kinds, {row.node for row in waiting})
        managers = who_may(parts, session, "manage", things.values(), most=2) if things else {}
        handles = {row.author.partition(":")[2] for row in waiting}
        authors = session.scalars(select(Person).where(Person.handle.in_(handles)))
        ids = {person.subject_id: person.id for person in authors}
        left = [
            row.id
            for row in waiting
            if (thing := things.get(row.node)) is not None
            and not set(managers.get(thing.id, ())) - {ids.get(row.author, "")}
        ]
    for report_id in left:
        with unit_of_work(parts.database, parts.clock) as uow:
            uow.session.get_one(PostReport, report_id, with_for_update=True).passed_on = True
    return len(left) + _watch_things(parts)


def _watch_things(parts: Parts) -> int:
    with parts.database.reading() as session:
        open_ones = (ThingReport.outcome == "", ThingReport.passed_on.is_(False))
        waiting = session.scalars(select(ThingReport).where(*open_ones).order_by(ThingReport.at).limit(MOST)).all()
        things: dict[str, Any] = lying_at(session, parts.kinds, {row.node for row in waiting})
        managers = who_may(parts, session, "manage", things.values(), most=2) if things else {}
        left = [
            row.id
            for row in waiting
            if (thing := things.get(row.node)) is not None
            and not set(managers.get(thing.id, ())) - {owner_id(session, thing)}
        ]
    for report_id in left:
        with unit_of_work(parts.database, parts.clock) as uow:
            uow.session.get_one(ThingReport, report_id, with_for_update=True).passed_on = True
    return len(left)


def forget_round(parts: Parts) -> int:
    """Forget reports that were answered long ago; returns how many."""
    before = parts.clock.now() - KEPT
    return sum(
        forget(parts.database, parts.clock, each, each.outcome_at < before) for each in (PostReport, ThingReport)
    )
