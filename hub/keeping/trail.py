"""What somebody opened lately, and their favourites: for themselves, and for nobody else, whoever they are.

Nothing is judged here: whoever lists a trail judges each thing anew, so that what one may not see any more is not
there, and is there again with the right to it.
"""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import structlog
from flask import Flask, current_app, g, has_app_context
from sqlalchemy import Select, bindparam, not_, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError

from hub.access.guard import parts, person_id
from hub.access.parts import Parts
from hub.ground.db import row_of
from hub.ground.errors import Invalid
from hub.ground.forgetting import forget
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import TALK, Visit
from hub.web.pages import Send

log = structlog.get_logger(__name__)

KEY: Final = "hub-trail"
PAUSE: Final = 1.0
"""Seconds between two writes of what people opened."""
NOTED_EVERY: Final = timedelta(minutes=10)
"""A thing that is opened again sooner is not noted again."""
KEPT: Final = timedelta(days=90)
MOST_FAVOURITES: Final = 100
MOST_LISTED: Final = 40


def opened(thing: str) -> Send:
    """Note that the viewer opened a thing, which they were found to see; returns the button of their favourites.

    One query. What was not noted lately is noted beside the request (`Noting`).
    """
    return _noted(thing, row_of(g.db, Visit, person_id(), thing))


def _noted(thing: str, visit: Visit | None) -> Send:
    now = parts().clock.now()
    if visit is None or now - visit.opened_at > NOTED_EVERY:
        _noting().add(person_id(), thing, now)
    starred = visit is not None and visit.starred_at is not None
    words, on = ("Remove from favourites", "no") if starred else ("Add to favourites", "yes")
    return Send(words, "/favourites", (("thing", thing), ("on", on)), "link")


def read(node: str, since: datetime | None, *, opens: bool) -> Send | None:
    """Note that the viewer read what is said about a thing, in which something was said last at a moment, if ever.

    Where the talk is the thing's own page it `opens` that too: returns the button of their favourites. One query.
    """
    wanted = select(Visit).where(Visit.person_id == person_id(), Visit.thing.in_([node, TALK + node]))
    visits = {visit.thing: visit for visit in g.db.scalars(wanted)}
    before = visits.get(TALK + node)
    if since is not None and (before is None or before.opened_at <= since):
        _noting().add(person_id(), TALK + node, parts().clock.now())
        g.looked = True
    return _noted(node, visits.get(node)) if opens else None


def read_lately(person: str) -> dict[str, datetime]:
    """What was opened by somebody, and read so (`TALK` and the node), and is not written yet, and when."""
    return _noting().lately(person)


def star(uow: UnitOfWork, thing: str, *, on: bool) -> None:
    """Make a thing one of the viewer's favourites, or no longer one; raises Invalid where they have too many."""
    mine = (Visit.person_id == person_id(), Visit.starred_at.is_not(None))
    if on and len(uow.session.scalars(select(Visit.thing).where(*mine)).all()) >= MOST_FAVOURITES:
        raise Invalid(f"You have {MOST_FAVOURITES} favourites. Take some out before you add more.")
    _visit(uow, thing).starred_at = uow.now if on else None


def trail_beside(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Asks for the one row that something else asks for, and with it for what a `person` opened last and favours.

    Rows of that row's values and a Visit, or None where there is none: for `trail_in`.
    """
    own = (Visit.person_id == bindparam("person")) & not_(Visit.thing.startswith(TALK))
    newest = select(Visit.thing).where(own).order_by(Visit.opened_at.desc()).limit(MOST_LISTED).correlate(None)
    listed = own & or_(Visit.starred_at.is_not(None), Visit.thing.in_(newest))
    one = asked.subquery()
    return select(one, Visit).select_from(one).outerjoin(Visit, listed)


def trail_in(person: str, visits: Iterable[Visit | None]) -> list[Visit]:
    """What somebody opened last, and all their favourites, the last opened first, with what is not written yet."""
    kept = {visit.thing: visit for visit in visits if visit is not None}
    lately = _noting().lately(person) if has_app_context() else {}
    for thing, at in lately.items():
        if thing.startswith(TALK):
            continue
        if thing not in kept or kept[thing].opened_at < at:
            starred = kept[thing].starred_at if thing in kept else None
            kept[thing] = Visit(person_id=person, thing=thing, opened_at=at, starred_at=starred)
    return sorted(kept.values(), key=lambda visit: (-visit.opened_at.timestamp(), visit.thing))


def tidy(parts: Parts) -> int:
    """Forget what was opened long ago and is nobody's favourite; returns how much."""
    old = Visit.opened_at < parts.clock.now() - KEPT
    return forget(parts.database, parts.clock, Visit, old, Visit.starred_at.is_(None))


class Noting:
    """What people opened, noted many at a time: a page waits for no write of its own.

    A thread of its own writes the first at once, and those after it at most once in `PAUSE`. What waits is shown to
    whoever opened it by this process; a process that is killed takes the last second's with it.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.later: Callable[[float, Callable[[], None]], None] = in_a_thread
        """Does something after so many seconds; whoever counts statements writes when they choose."""
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], datetime] = {}
        self._just_written: dict[tuple[str, str], datetime] = {}
        self._is_due = False
        self._written = -PAUSE

    def add(self, person: str, thing: str, at: datetime) -> None:
        """Note that somebody opened a thing, soon."""
        with self._lock:
            self._waiting[person, thing] = at
            if not self._is_due:
                self._is_due = True
                self.later(max(0.0, self._written + PAUSE - time.monotonic()), self.write)

    def lately(self, person: str) -> dict[str, datetime]:
        """What somebody opened that is not written yet, or was not when their request began; with the moments."""
        with self._lock:
            both = (*self._just_written.items(), *self._waiting.items())
        return {thing: at for (who, thing), at in both if who == person}

    def write(self) -> None:
        """Write all that waits, in one statement. What fails is logged: nobody's page is wrong without it."""
        with self._lock:
            self._is_due, self._written, waiting = False, time.monotonic(), self._waiting
            self._waiting, self._just_written = {}, waiting
        if not waiting:
            return
        # in one order, so that two processes never wait for each other's rows
        rows = [{"person_id": who, "thing": thing, "opened_at": at} for (who, thing), at in sorted(waiting.items())]
        try:
            with unit_of_work(self._parts.database, self._parts.clock) as uow:
                uow.session.execute(_upsert(self._parts.database.is_sqlite), rows)
        except SQLAlchemyError:
            log.warning("cannot note what people opened", count=len(rows))


def in_a_thread(seconds: float, act: Callable[[], None]) -> None:
    """Do something later; a process that ends does not wait for it."""
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def init_trail(app: Flask, parts: Parts) -> None:
    """Let the pages of an application note what is opened."""
    app.extensions[KEY] = Noting(parts)


def _noting() -> Noting:
    found: Noting = current_app.extensions[KEY]
    return found


@cache
def _upsert(is_sqlite: bool) -> Any:  # of both databases
    new = (sqlite_insert if is_sqlite else postgresql_insert)(Visit)
    return new.on_conflict_do_update(
        index_elements=[Visit.person_id, Visit.thing], set_={"opened_at": new.excluded.opened_at}
    )


def _visit(uow: UnitOfWork, thing: str) -> Visit:
    found = uow.session.get(Visit, (person_id(), thing))
    if found is None:
        found = Visit(person_id=person_id(), thing=thing, opened_at=uow.now)
        uow.session.add(found)
    return found
