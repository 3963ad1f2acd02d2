"""Who is away, as people say in their profiles: for what the hub does by it. Others are told by `profiles.py`."""

from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.nouns.people.models import Profile


def is_away(today: date) -> ColumnElement[bool]:
    """That somebody is away on a day: a condition on people."""
    return exists().where(Profile.person_id == Person.id, Profile.away_from <= today, Profile.away_until >= today)


def away_until(session: Session, person_id: str, today: date) -> date | None:
    """The last day of the absence in which somebody is on a day; None where they are there. One query."""
    away = (Profile.person_id == person_id, Profile.away_from <= today, Profile.away_until >= today)
    return session.scalar(select(Profile.away_until).where(*away))
