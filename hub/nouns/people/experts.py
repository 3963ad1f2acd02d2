"""Who says of themselves that they know about something."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Final

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.nouns.people.models import Profile, ProfileSkill
from hub.nouns.people.profiles import PAGE

MOST: Final = 200
"""People whom a question is for, at the most."""


def who_say_they_know(session: Session, words: Sequence[str], today: date) -> list[str]:
    """Those who say so of any of some words to whoever sees their page, and are not away, by id; the surest first."""
    if not words:
        return []
    skills = select(func.aggregate_strings(ProfileSkill.key, " ")).where(ProfileSkill.person_id == Profile.person_id)
    said = func.lower(Profile.ask_about) + " " + func.coalesce(skills.scalar_subquery(), "")
    hits = reduce(add, (case((said.contains(word, autoescape=True), 1), else_=0) for word in words))
    there = or_(Profile.away_from.is_(None), Profile.away_from > today, Profile.away_until < today)
    wanted = select(Person.id).join(Profile, Profile.person_id == Person.id)
    wanted = wanted.where(Person.status == "active", Profile.knows_for == PAGE, there, hits > 0)
    return list(session.scalars(wanted.order_by(hits.desc(), Person.id).limit(MOST)))
