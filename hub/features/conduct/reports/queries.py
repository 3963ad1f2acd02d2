"""Reads of reports. Whose they are to see to is judged as they are read, by what that person may do at that moment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select, union
from sqlalchemy.orm import Session

from acl.visibility import Never
from hub.access.columns import HOMES
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.features.conduct.models import ConductSettings
from hub.features.conduct.reports.settings import USUAL_DAYS
from hub.ground.clock import LONDON
from hub.nouns.talk.models import Post, PostReport, ThingReport, WithdrawalSeen
from hub.things.kind import Kind
from hub.things.thing import Lying

MOST: Final = 200
"""Reports that are looked at for one list."""
SHOWN: Final = timedelta(days=14)
"""So long a decision is told, unless it is put away before."""
Anything = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Reported:
    """A report, the post that it is of, and what that is about."""

    report: PostReport
    post: Post
    thing: Lying


@dataclass(frozen=True)
class Told:
    """What somebody is told of a post: of one that they reported, or of one of their own that was withdrawn."""

    post: Post
    report: PostReport | None
    """None of their own."""
    thing: Lying | None
    """None where they may not read it any more."""


def reports_for(viewer: Viewer) -> list[Reported]:
    """The open reports that are the viewer's to see to, the oldest first. One query."""
    mine = _mine(viewer)
    if mine is None:
        return []
    wanted = _joined(viewer, select(PostReport, Post, *_models(viewer))).where(mine, *_open())
    return _reported(viewer.session.execute(wanted.order_by(PostReport.at, PostReport.id).limit(MOST)))


def count_of(viewer: Viewer) -> ColumnElement[int] | None:
    """How many posts wait for the viewer, as a part of one SELECT; None for whoever may see to none."""
    mine = _mine(viewer)
    if mine is None:
        return None
    posts = (PostReport.node + "#" + func.cast(PostReport.number, Post.body.type)).distinct()
    return _joined(viewer, select(func.count(posts))).where(mine, *_open()).correlate(None).scalar_subquery()


def report_for(viewer: Viewer, report_id: str) -> Reported | None:
    """One of the viewer's to see to, answered or not; None for any other. One query."""
    mine = _mine(viewer)
    if mine is None:
        return None
    wanted = _joined(viewer, select(PostReport, Post, *_models(viewer))).where(mine, PostReport.id == report_id)
    return next(iter(_reported(viewer.session.execute(wanted))), None)


def reports_of(session: Session, post: Post, *, lock: bool = False) -> list[PostReport]:
    """All reports of a post, the oldest first."""
    wanted = select(PostReport).where(PostReport.node == post.node, PostReport.number == post.number)
    wanted = wanted.order_by(PostReport.at, PostReport.id)
    return list(session.scalars(wanted.with_for_update() if lock else wanted))


def own_report(session: Session, person_id: str, node: str, number: int) -> PostReport | None:
    """What somebody reported of a post."""
    mine = PostReport.node == node, PostReport.number == number, PostReport.reporter_id == person_id
    return session.scalar(select(PostReport).where(*mine))


def days_of(session: Session, organisations: Iterable[str]) -> dict[str, int]:
    """Within how many working days some organisations answer, by id. One query."""
    wanted = set(organisations)
    rows = session.execute(
        select(ConductSettings.organisation_id, ConductSettings.answer_within).where(
            ConductSettings.organisation_id.in_(wanted)
        )
    )
    return dict.fromkeys(wanted, USUAL_DAYS) | dict(iter(rows))


def told_to(viewer: Viewer) -> list[Told]:
    """What became lately of what the viewer reported, and which posts of theirs others withdrew. One query."""
    found = []
    for post, report, *things in viewer.session.execute(viewer.statement(_told)):
        thing: Any = next(filter(None, things), None)
        found.append(Told(post, report, thing if thing is not None and viewer.sees(thing) else None))
    return found


def told_count(viewer: Viewer) -> ColumnElement[int]:
    """How much that is, as a part of one SELECT."""
    return _of_told(viewer, select(func.count())).correlate(None).scalar_subquery()


def _told(viewer: Viewer) -> Anything:
    wanted = _of_told(viewer, select(Post, PostReport, *_models(viewer)))
    for kind in _talked(viewer):
        wanted = wanted.outerjoin(kind.model, kind.only & kind.columns.on(Post.node))
    return wanted.order_by(Post.node, Post.number)


def _of_told(viewer: Viewer, statement: Anything) -> Anything:
    """Of posts that the viewer reported, or wrote and others withdrew: what was decided within a fortnight."""
    since = datetime.combine(viewer.today - SHOWN, time(), LONDON)
    mine, word = PostReport.reporter_id == viewer.person.id, viewer.subject.id
    reported = select(PostReport.node, PostReport.number).where(mine, PostReport.put_away.is_(False))
    seen = (WithdrawalSeen.node == Post.node) & (WithdrawalSeen.number == Post.number)
    own = select(Post.node, Post.number).outerjoin(WithdrawalSeen, seen)
    own = own.where(Post.author == word, Post.withdrawn_by.not_in(("", word)))
    own = own.where(Post.withdrawn_at > since, WithdrawalSeen.at.is_(None))
    which = union(reported, own).subquery()
    statement = statement.select_from(which)
    statement = statement.join(Post, (Post.node == which.c.node) & (Post.number == which.c.number))
    theirs = (PostReport.node == Post.node) & (PostReport.number == Post.number) & mine
    over = or_(PostReport.id.is_(None), PostReport.outcome_at > since, Post.withdrawn_at > since)
    return statement.outerjoin(PostReport, theirs).where(over)


def _talked(viewer: Viewer) -> list[Kind]:
    return [kind for kind in viewer.kinds.lying if kind.talk is not None]


def _models(viewer: Viewer) -> tuple[type[Any], ...]:
    return tuple(kind.model for kind in _talked(viewer))


def _joined(viewer: Viewer, statement: Anything) -> Anything:
    its = (Post.node == PostReport.node) & (Post.number == PostReport.number)
    statement = statement.select_from(PostReport).join(Post, its)
    for kind in _talked(viewer):
        statement = statement.outerjoin(kind.model, kind.only & kind.columns.on(PostReport.node))
    return statement


def _open() -> tuple[ColumnElement[bool], ...]:
    return PostReport.outcome == "", Post.withdrawn_at.is_(None)


def _mine(viewer: Viewer) -> ColumnElement[bool] | None:
    """That a post is the viewer's to see to; None for whoever may see to none. For `_joined`."""
    own = Post.author == viewer.subject.id
    return theirs_to_see_to(viewer, PostReport, _talked(viewer), lambda _: own)


def theirs_to_see_to(
    viewer: Viewer, table: type[PostReport | ThingReport], kinds: Iterable[Kind], own: Callable[[Kind], Any]
) -> ColumnElement[bool] | None:
    """That the viewer manages what a report is about, or looks after whose that is and it was passed on to them.

    Nobody sees to what is their `own`. None for whoever may see to none.
    """
    manages = not isinstance(viewer.visible("manage"), Never)
    administers = not isinstance(viewer.visible("administer"), Never)
    if not manages and not administers:
        return None
    conditions = []
    for kind in kinds:
        there = and_(kind.columns.id.is_not(None), not_(own(kind)))
        if manages:
            theirs = or_(table.passed_on.is_(False), table.passed_by == "")
            conditions.append(and_(there, viewer.where(kind.columns, "manage"), theirs))
        if administers:
            places = select(Place.id).where(Place.kind == "organisation", viewer.where(HOMES, "administer"))
            whose = kind.model.organisation_id.in_(places.correlate(None))
            conditions.append(and_(there, viewer.where(kind.columns), whose, table.passed_on))
    return or_(*conditions)


def _reported(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Reported]:
    found = []
    for report, post, *things in rows:
        thing: Any = next(filter(None, things), None)
        found.append(Reported(report, post, thing))
    return found
