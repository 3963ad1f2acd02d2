"""What somebody opened lately, and their favourites: for themselves, and for nobody else, whoever they are.

Nothing is judged here: whoever lists a trail judges each thing anew, so that what one may not see any more is not
there, and is there again with the right to it.
"""

from datetime import timedelta
from functools import cache
from typing import Final, cast

import structlog
from flask import g
from sqlalchemy import CursorResult, Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub.access.guard import parts, person_id, viewer
from hub.access.parts import Parts
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import Visit
from hub.web.pages import Send

log = structlog.get_logger(__name__)

NOTED_EVERY: Final = timedelta(minutes=10)
"""A thing that is opened again sooner is not noted again."""
KEPT: Final = timedelta(days=90)
MOST_FAVOURITES: Final = 100
MOST_LISTED: Final = 40


def opened(thing: str) -> Send:
    """Note that the viewer opened a thing, which they were found to see; returns the button of their favourites.

    One query; a write only where it was not noted lately. A page is right without: what fails is logged.
    """
    visit = g.db.get(Visit, (person_id(), thing))
    if visit is None or parts().clock.now() - visit.opened_at > NOTED_EVERY:
        try:
            _note(thing, again=visit is not None)
        except SQLAlchemyError:
            log.warning("cannot note what somebody opened")
    starred = visit is not None and visit.starred_at is not None
    words, on = ("Remove from favourites", "no") if starred else ("Add to favourites", "yes")
    return Send(words, "/favourites", (("thing", thing), ("on", on)), "link")


def star(uow: UnitOfWork, thing: str, *, on: bool) -> None:
    """Make a thing one of the viewer's favourites, or no longer one; raises Invalid where they have too many."""
    mine = (Visit.person_id == person_id(), Visit.starred_at.is_not(None))
    if on and len(uow.session.scalars(select(Visit.thing).where(*mine)).all()) >= MOST_FAVOURITES:
        raise Invalid(f"You have {MOST_FAVOURITES} favourites. Take some out before you add more.")
    _visit(uow, thing).starred_at = uow.now if on else None


def trail_of(session: Session, person: str) -> list[Visit]:
    """What somebody opened last, and all their favourites, the last opened first. One query."""
    return list(session.scalars(_trail(), {"person": person}))


@cache
def _trail() -> Select[Visit]:
    own = Visit.person_id == bindparam("person")
    newest = select(Visit.thing).where(own).order_by(Visit.opened_at.desc()).limit(MOST_LISTED).correlate(None)
    wanted = select(Visit).where(own, or_(Visit.starred_at.is_not(None), Visit.thing.in_(newest)))
    return wanted.order_by(Visit.opened_at.desc(), Visit.thing)


def tidy(parts: Parts) -> int:
    """Forget what was opened long ago and is nobody's favourite; returns how much."""
    with unit_of_work(parts.database, parts.clock) as uow:
        old = (Visit.opened_at < uow.now - KEPT, Visit.starred_at.is_(None))
        return cast("CursorResult[tuple[()]]", uow.session.execute(delete(Visit).where(*old))).rowcount


def _note(thing: str, *, again: bool) -> None:
    """In one statement; of two windows that open a thing for the first time, one is enough."""
    mine = {"person_id": person_id(), "thing": thing}
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        here = (Visit.person_id == mine["person_id"], Visit.thing == thing)
        uow.session.execute(
            update(Visit).where(*here).values(opened_at=uow.now)
            if again
            else insert(Visit).values(**mine, opened_at=uow.now)
        )


def _visit(uow: UnitOfWork, thing: str) -> Visit:
    found = uow.session.get(Visit, (person_id(), thing))
    if found is None:
        found = Visit(person_id=person_id(), thing=thing, opened_at=uow.now)
        uow.session.add(found)
    return found
