"""Reads of requests. What is asked for is judged when it is read: by whoever manages it at that moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from acl.visibility import Never
from hub.access.columns import FOLDERS, HOMES
from hub.access.membership import sees_inside
from hub.access.models import FormerPath, Grant, Person, Place
from hub.access.viewer import Viewer
from hub.features.asking.models import DECLINED, GRANTED, AccessRequest
from hub.things.kinds import Kinds, lying_at
from hub.things.thing import Lying
from hub.web.pages import Who

KEPT_OPEN = timedelta(days=30)
MOST_OWN = 100
MOST_UNMANAGED = 50
MOST_ANSWERED = 50
SPOKEN = (GRANTED, DECLINED)
Thing = Lying | Place
Anything = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Asked:
    """A request with whoever made it, their organisation, and what it is for (None where that is gone)."""

    request: AccessRequest
    asker: Person
    organisation: Place
    thing: Thing | None

    @property
    def by(self) -> str:
        """Whoever asks, with their organisation."""
        return str(Who(self.asker.name, self.organisation.name))


@dataclass(frozen=True)
class News:
    """What somebody is told on their home page of what they asked for."""

    to_answer: int
    """How many people wait for an answer of theirs."""
    waiting: int
    """To how many of their requests they have had no answer in words, whether or not something is there."""
    told: list[tuple[AccessRequest, Thing | None]]
    """Those answered in words, whose notices they have not put away, one for a thing, which is named if they see it."""


def things_sought(session: Session, kinds: Kinds, sought: str) -> list[Thing]:
    """What is there and what moved away from there, whoever may see it: in one query, whatever there is."""
    kind = kinds.lying_as(sought)
    if kind is not None:
        found_thing = session.get(kind.model, sought.partition(":")[2])
        return [found_thing] if found_thing else []
    once = select(FormerPath.place_id).where(FormerPath.path == sought)
    found = select(Place).where(or_(Place.path == sought, Place.id.in_(once)), Place.kind.in_(("space", "folder")))
    return list(session.scalars(found.order_by((Place.path == sought).desc()).limit(2)))


def thing_sought(session: Session, kinds: Kinds, sought: str) -> Thing | None:
    """The thing, space or folder that is there, or that moved away; whoever may see it. One query either way."""
    return next(iter(things_sought(session, kinds, sought)), None)


def things_at(session: Session, kinds: Kinds, nodes: Iterable[str]) -> dict[str, Thing]:
    """Those of these things that are there, by node: a query for places, and one for each other kind."""
    wanted = set(nodes)
    found: dict[str, Thing] = lying_at(session, kinds, wanted)
    places = [node for node in wanted if ":" not in node]
    if places:
        found |= {place.id: place for place in session.scalars(select(Place).where(Place.id.in_(places)))}
    return found


def sees_already(viewer: Viewer, thing: Thing | None) -> bool:
    """Whether there is no need to ask; of a space that shows only its home page, there is."""
    viewer.visible()
    if thing is None or not viewer.sees(thing):
        return False
    if not isinstance(thing, Place) or thing.kind == "folder":
        return True
    return sees_inside(viewer, thing)


def is_open(now: datetime) -> ColumnElement[bool]:
    """That a request waits for an answer."""
    return _is_open_since(now - KEPT_OPEN)


def _is_open_since(kept: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(AccessRequest.answer == "", AccessRequest.node != "", AccessRequest.created_at > kept)


def open_ask(session: Session, asker_id: str, sought: str, now: datetime) -> AccessRequest | None:
    """What somebody asked for already and, as far as they have been told, still waits for."""
    mine = select(AccessRequest).where(AccessRequest.asker_id == asker_id, AccessRequest.sought == sought)
    mine = mine.where(*_waits(now - KEPT_OPEN))
    return session.scalars(mine.order_by(AccessRequest.created_at.desc()).limit(1)).first()


def _waits(kept: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """That a request waits, as far as whoever asked has been told: whatever is there, and after a silent no too."""
    return AccessRequest.answer.not_in(SPOKEN), AccessRequest.created_at > kept


def asked_since(session: Session, asker_id: str, moments: Iterable[datetime]) -> list[int]:
    """How often somebody asked since each of these moments."""
    counts = [func.count().filter(AccessRequest.created_at > moment) for moment in moments]
    return list(session.execute(select(*counts).where(AccessRequest.asker_id == asker_id)).one())


def own_requests(viewer: Viewer) -> list[tuple[AccessRequest, Thing | None]]:
    """What the viewer asked for, the newest first; with the thing, if it was granted and they may see it."""
    mine = _with_things(viewer.kinds, select(AccessRequest, *_tables(viewer.kinds)))
    mine = mine.where(AccessRequest.asker_id == viewer.person.id)
    newest = mine.order_by(AccessRequest.created_at.desc(), AccessRequest.id).limit(MOST_OWN)
    rows = viewer.session.execute(newest)
    return [(request, _seen(viewer, request, _first(things))) for request, *things in rows]


def news_for(viewer: Viewer, since: datetime, now: datetime) -> News:
    """Who waits for the viewer, what they wait for themselves, and what they were told since a moment: one query."""
    moments = {"since": since, "kept": now - KEPT_OPEN}
    rows = viewer.session.execute(viewer.statement(_news), moments).all()
    found: dict[str, tuple[AccessRequest, Thing | None]] = {}
    for _, _, request, *things in rows:
        if request is not None:
            found.setdefault(request.node, (request, _seen(viewer, request, _first(things))))
    to_answer, waiting = rows[0][:2] if rows else (0, 0)
    return News(to_answer, waiting, list(found.values()))


def _news(viewer: Viewer) -> Anything:
    """Asked with the moments `since` which answers are told, and since which requests are `kept` open."""
    own = AccessRequest.asker_id == viewer.person.id
    kept: BindParameter[datetime] = bindparam("kept")
    waits = select(func.count()).select_from(AccessRequest).where(own, *_waits(kept)).correlate(None)
    told = AccessRequest.answered_at > bindparam("since"), AccessRequest.put_away.is_(False)
    managed = _managed_count(viewer, kept)
    counts = (literal(0) if managed is None else managed, waits.scalar_subquery())
    news: Anything = select(*counts, AccessRequest, *_tables(viewer.kinds)).select_from(Person)
    news = news.outerjoin(AccessRequest, and_(own, AccessRequest.answer.in_(SPOKEN), *told))
    news = _joining_things(viewer.kinds, news).where(Person.id == viewer.person.id)
    return news.order_by(AccessRequest.answered_at.desc(), AccessRequest.created_at)


def _seen(viewer: Viewer, request: AccessRequest, thing: Thing | None) -> Thing | None:
    return thing if thing is not None and request.answer == GRANTED and viewer.sees(thing) else None


def managed_count(viewer: Viewer, now: datetime) -> ColumnElement[int] | None:
    """How many people wait for an answer of the viewer's; None for whoever manages nothing."""
    return _managed_count(viewer, now - KEPT_OPEN)


def _managed_count(viewer: Viewer, kept: datetime | BindParameter[datetime]) -> ColumnElement[int] | None:
    conditions = [c for c in (_managed(viewer), _left_over(viewer)) if c is not None]
    if not conditions:
        return None
    count = _with_things(viewer.kinds, select(func.count(AccessRequest.asker_id.distinct())))
    count = count.join(Person, Person.id == AccessRequest.asker_id)
    count = count.where(_is_open_since(kept), or_(*conditions), Person.status == "active")
    return count.correlate(None).scalar_subquery()


def managed_requests(viewer: Viewer, now: datetime, page: int, size: int) -> tuple[list[Asked], int]:
    """The open requests for what the viewer may manage, the oldest first, one for a person and thing; and how many."""
    managed = _managed(viewer)
    if managed is None:
        return [], 0
    wanted = _listed(viewer.kinds, now).where(managed)
    total = viewer.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = viewer.session.execute(wanted.offset((page - 1) * size).limit(size))
    return [_asked(row) for row in rows], total


def left_over_requests(viewer: Viewer, now: datetime) -> list[Asked]:
    """Open requests for what nobody managed when the worker looked, in organisations that the viewer administers."""
    left_over = _left_over(viewer)
    if left_over is None:
        return []
    return _rows(viewer.session, _listed(viewer.kinds, now).where(left_over).limit(MOST_UNMANAGED))


def open_request(session: Session, kinds: Kinds, request_id: str, now: datetime) -> Asked | None:
    """One open request, to be judged by the caller."""
    return next(iter(_rows(session, _joined(kinds).where(is_open(now), AccessRequest.id == request_id))), None)


def answered_request(session: Session, kinds: Kinds, request_id: str) -> Asked | None:
    """One request that was answered, to be judged by the caller."""
    answered = _joined(kinds).where(AccessRequest.answer != "", AccessRequest.node != "")
    return next(iter(_rows(session, answered.where(AccessRequest.id == request_id))), None)


def answered_requests(viewer: Viewer, since: datetime) -> list[Asked]:
    """What was answered lately of what the viewer manages, the newest first, one for a person and thing."""
    managed = _managed(viewer)
    if managed is None:
        return []
    lately = _joined(viewer.kinds).where(AccessRequest.answer != "", AccessRequest.answered_at > since, managed)
    newest = lately.order_by(AccessRequest.answered_at.desc(), AccessRequest.id).limit(MOST_ANSWERED)
    found: dict[tuple[str, str], Asked] = {}
    for asked in _rows(viewer.session, newest):
        found.setdefault((asked.asker.id, asked.request.node), asked)
    return list(found.values())


def grants_before(session: Session, principal: str, node: str) -> list[Grant]:
    """What somebody was given on a thing, and was not taken back."""
    before = select(Grant).where(Grant.principal == principal, Grant.node == node, Grant.ended_at.is_(None))
    return list(session.scalars(before.order_by(Grant.created_at, Grant.id)))


def same_open(session: Session, request: AccessRequest, now: datetime) -> Sequence[AccessRequest]:
    """Everything by which the same person asks for the same thing, locked until the unit of work ends."""
    same = (AccessRequest.asker_id == request.asker_id, AccessRequest.node == request.node)
    wanted = select(AccessRequest).where(is_open(now), *same).order_by(AccessRequest.created_at, AccessRequest.id)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()


def administered(viewer: Viewer) -> Select[str]:
    """The ids of the organisations that the viewer administers."""
    own = select(Place.id).where(Place.kind == "organisation", viewer.where(HOMES, "administer"))
    return own.correlate(None)  # the statement around it may have places of its own


def _managed(viewer: Viewer) -> ColumnElement[bool] | None:
    """That the viewer manages what is asked for; None for whoever manages nothing. For `_with_things`."""
    if isinstance(viewer.visible("manage"), Never):
        return None
    managed = or_(
        *(and_(kind.columns.id.is_not(None), viewer.where(kind.columns, "manage")) for kind in viewer.kinds.lying),
        and_(Place.kind == "space", viewer.where(HOMES, "manage")),
        and_(Place.kind == "folder", viewer.where(FOLDERS, "manage")),
    )
    return and_(AccessRequest.asker_id != viewer.person.id, managed)


def _left_over(viewer: Viewer) -> ColumnElement[bool] | None:
    if isinstance(viewer.visible("administer"), Never):
        return None
    others = AccessRequest.asker_id != viewer.person.id
    return and_(AccessRequest.unmanaged, others, AccessRequest.organisation_id.in_(administered(viewer)))


def _tables(kinds: Kinds) -> tuple[type[Any], ...]:
    """Those in which lies what is asked for: of each kind that lies in places, and of places."""
    return (*(kind.model for kind in kinds.lying), Place)


def _first(things: Iterable[Thing | None]) -> Thing | None:
    """The one that is there."""
    return next((thing for thing in things if thing is not None), None)


def _with_things(kinds: Kinds, statement: Anything) -> Anything:
    """Joined to the thing or place that each request is for, by their keys."""
    return _joining_things(kinds, statement.select_from(AccessRequest))


def _joining_things(kinds: Kinds, statement: Anything) -> Anything:
    for kind in kinds.lying:
        statement = statement.outerjoin(kind.model, and_(kind.only, kind.columns.on(AccessRequest.node)))
    return statement.outerjoin(Place, Place.id == AccessRequest.node)


def _joined(kinds: Kinds) -> Anything:
    organisation = aliased(Place)
    found = _with_things(kinds, select(AccessRequest, Person, organisation, *_tables(kinds)))
    found = found.join(Person, Person.id == AccessRequest.asker_id)
    found = found.join(organisation, organisation.id == Person.organisation_id)
    return found.where(Person.status == "active")


def _listed(kinds: Kinds, now: datetime) -> Anything:
    """Open requests, the first of each person for each thing."""
    earlier = aliased(AccessRequest)
    again = (
        select(earlier.id)
        .where(earlier.asker_id == AccessRequest.asker_id, earlier.node == AccessRequest.node, earlier.answer == "")
        .where(earlier.created_at > now - KEPT_OPEN)
        .where(
            or_(
                earlier.created_at < AccessRequest.created_at,
                and_(earlier.created_at == AccessRequest.created_at, earlier.id < AccessRequest.id),
            )
        )
    )
    order = (AccessRequest.created_at, AccessRequest.id)
    return _joined(kinds).where(is_open(now), ~again.exists()).order_by(*order)


def _rows(session: Session, statement: Anything) -> list[Asked]:
    return [_asked(row) for row in session.execute(statement)]


def _asked(row: Row[*tuple[Any, ...]]) -> Asked:
    request, asker, organisation, *things = row
    return Asked(request, asker, organisation, _first(things))
