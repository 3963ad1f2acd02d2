"""How questions fare: who asked on a day, and how soon somebody else answered."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.clock import end_of
from hub.nouns.talk import queries as talk
from hub.nouns.threads.models import Thread
from hub.nouns.threads.queries import MOST_COUNTED, which
from hub.nouns.threads.sorts import QUESTION


def askers_on(session: Session, day: date) -> set[str]:
    """The `who` words of everybody who asked a question on a day, wherever."""
    begin, end = end_of(day - timedelta(days=1)), end_of(day)
    asked = (Thread.sort == QUESTION.key, Thread.created_at >= begin, Thread.created_at < end)
    return set(session.scalars(select(Thread.opened_by).where(*asked)))


def first_answers(viewer: Viewer, place: Place, since: datetime) -> tuple[int, list[float]]:
    """How many questions the viewer may see at a place and below it that were asked since then.

    And for each that has one, how many seconds after it the first answer of somebody else came. One query.
    """
    first = talk.first_of_others("thread:" + Thread.id, Thread.opened_by)
    wanted = select(Thread.created_at, first).where(*which(viewer, "questions"), Thread.created_at >= since)
    rows = viewer.session.execute(wanted.limit(MOST_COUNTED), {"place": place.id}).all()
    return len(rows), [(answer - asked).total_seconds() for asked, answer in rows if answer is not None]
