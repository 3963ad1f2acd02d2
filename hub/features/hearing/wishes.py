"""Which letters somebody wants, and when: as they said, or what is usual."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.nouns.talk.models import NewsLetter

FIRST, LAST, WORKING_DAYS = 8, 18, "01234"
"""What is usual: from eight to six, Monday to Friday."""


def usual(person_id: str) -> NewsLetter:
    """What holds for somebody who never said anything."""
    return NewsLetter(
        person_id=person_id, off=False, at_once_off=False, from_hour=FIRST, until_hour=LAST, days=WORKING_DAYS
    )


def wishes_of(session: Session, person_id: str) -> NewsLetter:
    """What somebody said, or what is usual. One query."""
    return session.get(NewsLetter, person_id) or usual(person_id)


def wishes_for_writing(session: Session, person_id: str) -> NewsLetter:
    """The same, to be changed."""
    row = session.get(NewsLetter, person_id)
    if row is not None:
        return row
    row = usual(person_id)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # they said something at this very moment
        return session.get_one(NewsLetter, person_id, populate_existing=True)
    return row
