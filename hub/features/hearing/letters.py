"""A letter on working days at eight, where something is new: one for each person, and none where nothing is.

It says in how many conversations, and carries neither titles nor names: mail leaves the hub. What is counted is judged
once more, as it is when the letter is written. Only staff get it, at an address of a domain that their organisation has
proved.
"""

from datetime import datetime, time
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.parts import Parts
from hub.features.hearing.queries import heard
from hub.ground.clock import LONDON
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.service import Letter, post
from hub.nouns.organisations.queries import at_proved_domain
from hub.nouns.talk.models import NewsLetter, Notice
from hub.things.words import counted

AT_ONCE: Final = 200
"""People whom one round looks at."""
FIRST, LAST, SATURDAY = time(8), time(18), 5
SUBJECT: Final = "Something is new for you"
WHY: Final = "You get this on working days on which something is new for you. Under “News for you” you can end it."


def letters_round(parts: Parts) -> int:
    """Write the letters of this morning; returns how many people were looked at."""
    now = parts.clock.now().astimezone(LONDON)
    if now.weekday() >= SATURDAY or not FIRST <= now.time() < LAST:
        return 0
    begin = datetime.combine(now.date(), FIRST, LONDON)
    with parts.database.reading() as session:
        people = session.scalars(_to_look_at(begin)).all()
    for person_id in people:
        with unit_of_work(parts.database, parts.clock) as uow:
            _write_to(parts, uow, uow.session.get_one(Person, person_id), begin)
    return len(people)


def wants_letters(session: Session, person_id: str) -> bool:
    """Whether somebody gets such letters, where there is anything to tell. One query."""
    row = session.get(NewsLetter, person_id)
    return row is None or not row.off


def set_letters(uow: UnitOfWork, person_id: str, *, on: bool) -> None:
    """Let somebody have such letters, or none."""
    _row(uow, person_id).off = not on


def _to_look_at(begin: datetime) -> Select[str]:
    """Whoever has a notice of before this morning that is newer than their last letter."""
    newer = or_(NewsLetter.looked_at.is_(None), NewsLetter.looked_at < Notice.at)
    return (
        select(Person.id)
        .join(Notice, Notice.person_id == Person.id)
        .outerjoin(NewsLetter, NewsLetter.person_id == Person.id)
        .where(Person.kind == "staff", Person.status == "active", at_proved_domain(), newer, Notice.at < begin)
        .where(or_(NewsLetter.off.is_(None), NewsLetter.off.is_(False)))
        .distinct()
        .order_by(Person.id)
        .limit(AT_ONCE)
    )


def _write_to(parts: Parts, uow: UnitOfWork, person: Person, begin: datetime) -> None:
    row = _row(uow, person.id)
    before, row.looked_at = row.looked_at, begin
    found = [each for each in heard(parts.viewer(uow.session, person), {}) if each.new]
    newest = [each for each in found if (before is None or each.notice.at > before) and each.notice.at < begin]
    if newest:
        said = counted(len(newest), "conversation", "conversations")
        post(
            uow,
            Letter(
                to=person, subject=SUBJECT, lines=(f"Something is new for you in {said}.",), link="/notices", why=WHY
            ),
        )


def _row(uow: UnitOfWork, person_id: str) -> NewsLetter:
    row = uow.session.get(NewsLetter, person_id)
    if row is None:
        row = NewsLetter(person_id=person_id, off=False, looked_at=None)
        uow.session.add(row)
    return row
