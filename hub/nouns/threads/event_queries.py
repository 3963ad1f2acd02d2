"""Reads of events. Lists are of those that the viewer may see, and each comes with when and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from hub.access.models import Person, PlaceClosure
from hub.access.viewer import Viewer
from hub.nouns.talk.models import Vote
from hub.nouns.threads.events import ANSWERS, COME
from hub.nouns.threads.models import THREADS, Event, Thread

MOST_NAMED: Final = 200
"""Those who said that they come, of whom so many are looked at to be named."""


@dataclass(frozen=True)
class Dated:
    """A conversation and when it takes place."""

    thread: Thread
    event: Event


def event_of(session: Session, thread_id: str) -> Event | None:
    """When and where a conversation takes place; None of one that does not."""
    return session.get(Event, thread_id)


def answers_to(session: Session, thread_id: str, person_id: str) -> tuple[Event, dict[str, int], str] | None:
    """When and where a conversation takes place, how many say what, and what somebody says themselves. One query."""
    node = f"thread:{thread_id}"
    counts = [select(func.count()).where(Vote.node == node, Vote.word == word).scalar_subquery() for word in ANSWERS]
    mine = select(Vote.word).where(Vote.node == node, Vote.person_id == person_id).scalar_subquery()
    row = session.execute(select(Event, mine, *counts).where(Event.thread_id == thread_id)).one_or_none()
    return (row[0], dict(zip(ANSWERS, row[2:], strict=True)), row[1] or "") if row else None


def coming(viewer: Viewer, now: datetime, page: int, size: int, place_id: str = "") -> list[Dated]:
    """What is not over yet, the first one first, in the whole hub or at a place and below it; one more than a page."""
    return _page(viewer, "coming", place_id, now, page, size)


def past(viewer: Viewer, now: datetime, page: int, size: int, place_id: str = "") -> list[Dated]:
    """What is over, the last one first, likewise."""
    return _page(viewer, "past", place_id, now, page, size)


def answered_by(viewer: Viewer, since: datetime, most: int) -> list[Dated]:
    """What somebody said yes or maybe to and may see, that ends after a moment, the first one first."""
    rows = viewer.session.execute(
        viewer.statement(_answered), {"person": viewer.person.id, "since": since, "most": most}
    )
    return [Dated(*row) for row in rows]


def who_come(session: Session, node: str) -> list[str]:
    """The ids of those who said that they come, or may."""
    wanted = select(Vote.person_id).where(Vote.node == node, Vote.word.in_(COME))
    return list(session.scalars(wanted.order_by(Vote.person_id)))


def named_comers(viewer: Viewer, node: str) -> list[tuple[Person, str]]:
    """Those of whoever answered whom the viewer may see, with what they said, by name. One query."""
    wanted = select(Person, Vote.word).join(Vote, Vote.person_id == Person.id).where(Vote.node == node)
    rows = viewer.session.execute(wanted.order_by(Person.name, Person.id).limit(MOST_NAMED)).all()
    seen = {person.id for person in viewer.kept([person for person, _ in rows])}
    return [(person, word) for person, word in rows if person.id in seen]


def counts_of(session: Session, nodes: Sequence[str]) -> dict[str, int]:
    """How many said yes to each, by node. One query."""
    wanted = select(Vote.node, func.count()).where(Vote.node.in_(nodes), Vote.word == COME[0])
    return dict(iter(session.execute(wanted.group_by(Vote.node))))


def _page(viewer: Viewer, which: str, place_id: str, now: datetime, page: int, size: int) -> list[Dated]:
    values = {"now": now, "skip": (page - 1) * size, "most": size + 1, **({"place": place_id} if place_id else {})}
    rows = viewer.session.execute(viewer.statement(_listed, which, bool(place_id)), values)
    return [Dated(*row) for row in rows]


def _seen(viewer: Viewer) -> Select[Thread, Event]:
    return select(Thread, Event).join(Event, Event.thread_id == Thread.id).where(viewer.where(THREADS))


def _listed(viewer: Viewer, which: str, placed: bool) -> Select[Thread, Event]:
    wanted = _seen(viewer)
    if placed:
        below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == bindparam("place"))
        wanted = wanted.where(Thread.place_id.in_(below))
    if which == "past":
        wanted = wanted.where(Event.ends_at <= bindparam("now")).order_by(Event.starts_at.desc(), Thread.id)
    else:
        wanted = wanted.where(Event.ends_at > bindparam("now")).order_by(Event.starts_at, Thread.id)
    return wanted.offset(bindparam("skip")).limit(bindparam("most"))


def _answered(viewer: Viewer) -> Select[Thread, Event]:
    mine = (Vote.node == "thread:" + Thread.id) & (Vote.person_id == bindparam("person")) & Vote.word.in_(COME)
    wanted = _seen(viewer).join(Vote, mine).where(Event.ends_at > bindparam("since"))
    return wanted.order_by(Event.starts_at, Thread.id).limit(bindparam("most"))
