"""Questions saved: an answer was opened from the ask box, and whoever opened it asked nothing that day.

While the day lasts, keyed marks tell one opening from another; then they are counted by space and deleted, so that what
is left are numbers.
"""

import hmac
from collections import Counter
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from hub.access.parts import Parts
from hub.features.people.models import AnswerOpened, QuestionsSaved
from hub.ground.clock import day_of
from hub.ground.keys import Keys
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.threads.asked import askers_on

KEPT: Final = timedelta(days=400)
"""So long the numbers of a day are kept: a year can be compared with the one before."""


def note_opened(uow: UnitOfWork, keys: Keys, who: str, node: str, space: str) -> None:
    """Note that whoever a word names opened an answer that lies in a space; once for each of both and day."""
    day = day_of(uow.now)
    insert = sqlite_insert if uow.session.get_bind().dialect.name == "sqlite" else postgresql_insert
    row = {"mark": _mark(keys, day, who, node), "day": day, "who": _mark(keys, day, who), "place_id": space}
    uow.session.execute(insert(AnswerOpened).values(row).on_conflict_do_nothing())


def count_round(parts: Parts) -> int:
    """Count the marks of days that are over, but for those of people who asked all the same; returns how many went."""
    with unit_of_work(parts.database, parts.clock) as uow:
        session, today = uow.session, day_of(uow.now)
        rows = session.execute(
            delete(AnswerOpened)
            .where(AnswerOpened.day < today)
            .returning(AnswerOpened.day, AnswerOpened.who, AnswerOpened.place_id)
        ).all()
        asked = {day: {_mark(parts.keys, day, who) for who in askers_on(session, day)} for day, _, _ in rows}
        counts = Counter((place, day) for day, who, place in rows if who not in asked[day])
        for (place, day), count in sorted(counts.items()):
            kept = session.get(QuestionsSaved, (place, day)) or QuestionsSaved(place_id=place, day=day, count=0)
            kept.count += count
            session.add(kept)
        session.execute(delete(QuestionsSaved).where(QuestionsSaved.day < today - KEPT))
        return len(rows)


def saved_since(session: Session, space: str, day: date) -> int:
    """How many questions the answers of a space saved from a day on."""
    wanted = select(func.coalesce(func.sum(QuestionsSaved.count), 0))
    return session.scalar(wanted.where(QuestionsSaved.place_id == space, QuestionsSaved.day >= day)) or 0


def _mark(keys: Keys, day: date, *what: str) -> str:
    said = "\0".join((day.isoformat(), *what))
    return hmac.new(keys.signing[0].encode(), f"answer opened {said}".encode(), "sha256").hexdigest()
