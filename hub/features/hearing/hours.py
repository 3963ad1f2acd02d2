"""When letters may come: in the hours that somebody chose, in London, and not while they are away."""

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from hub.ground.clock import LONDON, day_of
from hub.nouns.people.absence import away_until
from hub.nouns.talk.models import NewsLetter

A_WEEK: Final = 7


def next_time(row: NewsLetter, now: datetime) -> datetime:
    """The next moment at which a letter may come: now, within the hours that somebody chose."""
    at = now.astimezone(LONDON)
    for days in range(A_WEEK + 1):
        day = at.date() + timedelta(days=days)
        if str(day.weekday()) in row.days:
            begin = datetime.combine(day, time(row.from_hour), LONDON)
            over = days == 0 and at.hour >= row.until_hour
            if not over:
                return max(at, begin).astimezone(now.tzinfo)
    raise ValueError(f"{row.person_id} gets letters on no day")


def back_at(session: Session, row: NewsLetter, now: datetime) -> datetime | None:
    """When a letter may come to somebody who is away now: on the first day after that; None where they are there."""
    last = away_until(session, row.person_id, day_of(now))
    if last is None:
        return None
    return next_time(row, datetime.combine(last + timedelta(days=1), time(), LONDON).astimezone(now.tzinfo))
