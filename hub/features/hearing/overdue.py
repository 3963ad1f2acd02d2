"""Questions without an answer: after a working day their managers hear of it, after two those who know about it.

Whoever hears of one may read it; that somebody was asked tells the asker no more than a number of people whom they see.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from acl.vocabulary import GUEST, PERSON
from hub.access.entries import nearest_space
from hub.access.models import Grant
from hub.access.parts import Parts
from hub.features.hearing.hearers import Said, ids_of, may_read
from hub.features.hearing.telling import write
from hub.ground.clock import working_days_before
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.experts import who_say_they_know
from hub.nouns.talk.models import Post
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sorts import OPEN, QUESTION

AT_ONCE: Final = 20
"""Questions that one round looks at."""
MOST_WHO_KNOW: Final = 5
TOO_OLD: Final = timedelta(days=14)
"""A question that is older is not brought up again."""
SHORTEST: Final = 4
"""Letters of a word that says what a question is about."""


def overdue_round(parts: Parts) -> int:
    """Let others hear of questions that wait too long; returns how many these were."""
    with parts.database.reading() as session:
        waiting = session.scalars(_waiting(parts.clock.now())).all()
    for thread_id in waiting:
        _bring_up(parts, thread_id)
    return len(waiting)


def _bring_up(parts: Parts, thread_id: str) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        thread = uow.session.get(Thread, thread_id, with_for_update=True)
        post = uow.session.get(Post, (f"thread:{thread_id}", 1))
        if thread is None or post is None:
            return
        said, first = Said(post, thread, thread.opened_by), thread.nudged == 0
        people = _managers(parts, uow.session, thread) if first else _who_know(uow.session, thread, parts.today)
        found = may_read(parts, uow.session, said, dict.fromkeys(people, "waiting" if first else "expert"))
        some = found if first else dict(list(found.items())[:MOST_WHO_KNOW])
        write(parts, uow, said, some, uow.now)
        thread.nudged += 1


def _waiting(now: datetime) -> Select[str]:
    one, two = working_days_before(now, 1), working_days_before(now, 2)
    answered = exists().where(Post.node == "thread:" + Thread.id, Post.author != Thread.opened_by)
    due = or_((Thread.nudged == 0) & (Thread.created_at <= one), (Thread.nudged == 1) & (Thread.created_at <= two))
    still = (Thread.sort == QUESTION.key, Thread.stage == OPEN, Thread.closed_at.is_(None), ~answered)
    wanted = select(Thread.id).where(*still, due, Thread.created_at > now - TOO_OLD)
    return wanted.order_by(Thread.created_at).limit(AT_ONCE)


def _managers(parts: Parts, session: Session, thread: Thread) -> list[str]:
    """Those to whom the management of its space was given by name, by id; but whoever asked."""
    space = nearest_space(parts.snapshots.latest(session), thread.place_id)
    given = (Grant.node == space, Grant.can == "manage", Grant.ended_at.is_(None))
    lasts = or_(Grant.until.is_(None), Grant.until >= parts.today)
    words = session.scalars(select(Grant.principal).where(*given, lasts, Grant.principal != thread.opened_by)).all()
    return sorted(ids_of(session, (word for word in words if word.startswith((PERSON, GUEST)))).values())


def _who_know(session: Session, thread: Thread, today: date) -> list[str]:
    """Those who know what its title is about, but whoever asked, the surest first."""
    words = {word.strip("?!.,;:()“”'").lower() for word in thread.title.split()}
    about = [word for word in sorted(words) if len(word) >= SHORTEST]
    asker = ids_of(session, [thread.opened_by]).get(thread.opened_by)
    return [person for person in who_say_they_know(session, about, today) if person != asker]
