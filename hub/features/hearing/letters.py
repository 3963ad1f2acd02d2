"""Letters of news: one on working days at eight, where something is new; and at once, of what concerns one in person.

Here they are put on their way; what they tell is written and judged as they leave (`newsletter.py`). Only staff get
them, at an address of a domain that their organisation has proved, and none while they are away.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.parts import Parts
from hub.features.hearing.newsletter import AT_ONCE, DAILY, untold
from hub.features.hearing.wishes import wishes_for_writing
from hub.ground.clock import LONDON
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.models import WAITING, RefusedAddress, SentLetter
from hub.mail.service import Letter, post
from hub.mail.writing import UNWRITTEN
from hub.nouns.organisations.queries import at_proved_domain
from hub.nouns.people.absence import is_away
from hub.nouns.talk.models import NewsLetter, Notice
from hub.nouns.talk.service import ACCEPTED, TELL

MOST: Final = 200
"""People whom one round looks at."""
TOGETHER: Final = 20
"""Of these, how many are written to in one transaction."""
FIRST, LAST, SATURDAY = time(8), time(18), 5
GATHERED: Final = timedelta(minutes=5)
"""A letter at once waits so long for what else there is to tell."""
SUBJECTS: Final = {DAILY: "Something is new for you", AT_ONCE: "Something was said to you"}
WHYS: Final = {
    DAILY: "You get this on working days on which something is new for you. Under “News for you” you can end it.",
    AT_ONCE: "You get this when somebody answers you or names you. Under “News for you” you can end it.",
}


def letters_round(parts: Parts) -> int:
    """Put the daily letters of this morning on their way; returns how many people were looked at."""
    now = parts.clock.now().astimezone(LONDON)
    if now.weekday() >= SATURDAY or not FIRST <= now.time() < LAST:
        return 0
    begin = datetime.combine(now.date(), FIRST, LONDON)
    with parts.database.reading() as session:
        people = [] if _is_told_late(session, begin) else session.scalars(_to_look_at(parts, begin)).all()
    for first in range(0, len(people), TOGETHER):
        with unit_of_work(parts.database, parts.clock) as uow:
            for person_id in people[first : first + TOGETHER]:
                _write_to(parts, uow, uow.session.get_one(Person, person_id), begin)
    return len(people)


def write_at_once(uow: UnitOfWork, people: Collection[str]) -> None:
    """Put a letter on its way to those of some people, by id, who want one at once and have none that waits."""
    if not people:
        return
    wanted = (
        select(Person)
        .outerjoin(NewsLetter, NewsLetter.person_id == Person.id)
        .where(Person.id.in_(sorted(people)), *_gets_letters(), ~_has_letter(AT_ONCE, SentLetter.state == WAITING))
        .where(or_(NewsLetter.at_once_off.is_(None), NewsLetter.at_once_off.is_(False)))
    )
    for person in uow.session.scalars(wanted).all():
        _post(uow, person, AT_ONCE, uow.now + GATHERED)


def end_daily(uow: UnitOfWork, person_id: str) -> None:
    """Somebody gets no daily letter any more."""
    wishes_for_writing(uow.session, person_id).off = True


def end_at_once(uow: UnitOfWork, person_id: str) -> None:
    """Somebody gets no letters at once any more: what they would tell is in the daily one."""
    wishes_for_writing(uow.session, person_id).at_once_off = True


def _is_told_late(session: Session, begin: datetime) -> bool:
    """Whether posts of before this morning wait to be told of: what they are news of is in no notice yet."""
    late = (
        OutboxMessage.topic.in_((TELL, ACCEPTED)),
        OutboxMessage.parked.is_(False),
        OutboxMessage.created_at < begin,
    )
    return session.scalar(select(OutboxMessage.id).where(*late).limit(1)) is not None


def _to_look_at(parts: Parts, begin: datetime) -> Select[str]:
    """Whoever is there and has a notice of before this morning that no letter has told of."""
    newer = and_(
        or_(NewsLetter.looked_at.is_(None), NewsLetter.looked_at < Notice.at),
        or_(Notice.mailed_at.is_(None), Notice.mailed_at < Notice.at),
    )
    has_one = _has_letter(DAILY, or_(SentLetter.state == WAITING, SentLetter.created_at >= begin))
    return (
        select(Person.id)
        .join(Notice, Notice.person_id == Person.id)
        .outerjoin(NewsLetter, NewsLetter.person_id == Person.id)
        .where(*_gets_letters(), ~is_away(parts.today), ~has_one, newer, Notice.at < begin)
        .where(or_(NewsLetter.off.is_(None), NewsLetter.off.is_(False)))
        .distinct()
        .order_by(Person.id)
        .limit(MOST)
    )


def _gets_letters() -> tuple[ColumnElement[bool], ...]:
    refused = exists().where(RefusedAddress.address == func.lower(Person.email))
    return Person.kind == "staff", Person.status == "active", at_proved_domain(), ~refused


def _has_letter(kind: str, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(SentLetter.person_id == Person.id, SentLetter.kind == kind, which)


def _write_to(parts: Parts, uow: UnitOfWork, person: Person, begin: datetime) -> None:
    row = wishes_for_writing(uow.session, person.id)
    if any(each.notice.at < begin for each in untold(parts.viewer(uow.session, person), row)):
        _post(uow, person, DAILY, uow.now)
    else:
        row.looked_at = begin


def _post(uow: UnitOfWork, person: Person, kind: str, due: datetime) -> None:
    letter = Letter(
        to=person,
        subject=SUBJECTS[kind],
        lines=(UNWRITTEN,),
        link="/notices",
        why=WHYS[kind],
        kind=kind,
        due=due,
    )
    post(uow, letter)
