"""What somebody's own organisation asks them to read: on top of their home page, and in the number in the bar."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from hub.access.viewer import Viewer
from hub.nouns.talk.models import MustRead, ReadReceipt
from hub.things.kind import Kind
from hub.web.filters import day
from hub.web.pages import Notice

MOST: Final = 50


def waits(viewer: Viewer) -> ColumnElement[int] | None:
    """How much the viewer is asked to read and has not; None for guests, whom nobody asks."""
    if viewer.person.kind != "staff":
        return None
    counts = [
        _with(select(func.count()), kind)
        .where(*_open(viewer), viewer.where(kind.columns), kind.model.state == "published")
        .correlate(None)
        .scalar_subquery()
        for kind in _talked(viewer)
    ]
    return sum(counts[1:], start=counts[0])


def notices(viewer: Viewer) -> Iterator[Notice]:
    """Each thing that the viewer is asked to read, what is due first. One query."""
    if viewer.person.kind != "staff":
        return
    for asked, *things in viewer.session.execute(viewer.statement(_asked)):
        thing: Any = next(filter(None, things), None)
        if thing is None or not viewer.sees(thing) or thing.state != "published":
            continue
        face = viewer.kinds.face(thing)
        by = f" by {day(asked.by_date).striptags()}" if asked.by_date else ""
        kind = viewer.kinds.of(thing)
        href = f"{face.href}{kind.talk or ''}" if kind is not None else face.href
        yield Notice(f"Read “{face.title}”{by}, and say that you have", href, people=1)


def _talked(viewer: Viewer) -> list[Kind]:
    return [kind for kind in viewer.kinds.lying if kind.talk is not None]


def _open(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Requests that go to the viewer and that they have not answered."""
    said = exists().where(ReadReceipt.node == MustRead.node, ReadReceipt.person_id == viewer.person.id)
    own = MustRead.organisation_id == viewer.person.organisation_id
    return own, MustRead.asked_by != viewer.subject.id, ~said


def _with(wanted: Select[Any], kind: Kind) -> Select[Any]:
    return wanted.select_from(MustRead).join(kind.model, and_(kind.only, kind.columns.on(MustRead.node)))


def _asked(viewer: Viewer) -> Select[Any]:
    kinds = _talked(viewer)
    wanted = select(MustRead, *(kind.model for kind in kinds))
    for kind in kinds:
        wanted = wanted.outerjoin(kind.model, and_(kind.only, kind.columns.on(MustRead.node)))
    there = or_(*(kind.columns.id.is_not(None) for kind in kinds))
    order = (MustRead.by_date.is_(None), MustRead.by_date, MustRead.at.desc(), MustRead.node)
    return wanted.where(*_open(viewer), there).order_by(*order).limit(MOST)
