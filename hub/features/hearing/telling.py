"""Who is to hear of a post: worked out by the worker, for all its readers in one operation.

Whoever may not read the thing at that moment is told nothing; what is written is judged again when it is looked at.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import case, func, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from hub.access.parts import Parts
from hub.features.hearing.hearers import Said, hearers_of, ids_of, levels_of, may_read, who_hear_of_published
from hub.features.hearing.letters import write_at_once
from hub.features.hearing.said import is_question
from hub.features.hearing.words import ORDER, URGENT
from hub.ground.forgetting import forget
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import TALK, Visit
from hub.nouns.talk.models import AcceptedAnswer, Follow, Notice, Post
from hub.nouns.talk.service import ACCEPTED, PUBLISHED, TELL
from hub.nouns.threads.models import Thread

log = structlog.get_logger(__name__)

TOPICS: Final = (TELL, ACCEPTED)
AT_ONCE: Final = 50
"""Posts that one round tells of."""
MOST_ROWS: Final = 500
KEPT: Final = timedelta(days=90)


def tell_round(parts: Parts) -> int:
    """Write the notices of the posts that wait; returns how many posts these were."""
    with parts.database.reading() as session:
        wanted = select(OutboxMessage.id).where(OutboxMessage.topic.in_(TOPICS), OutboxMessage.parked.is_(False))
        waiting = session.scalars(wanted.order_by(OutboxMessage.id).limit(AT_ONCE)).all()
    for message_id in waiting:
        with unit_of_work(parts.database, parts.clock) as uow:
            message = uow.session.get(OutboxMessage, message_id)
            if message is not None:
                (_tell if message.topic == TELL else _tell_accepted)(parts, uow, message)
                uow.session.delete(message)
    return len(waiting)


def _tell(parts: Parts, uow: UnitOfWork, message: OutboxMessage) -> None:
    if message.about.endswith(PUBLISHED):
        _tell_published(parts, uow, message)
        return
    said = said_by(parts, uow.session, message.about)
    if said is None or said.thing.state == "draft":  # what is published later is told of then
        return
    _follow(uow, said)
    hearers = may_read(parts, uow.session, said, hearers_of(parts, uow.session, said))
    write(parts, uow, said, hearers, said.post.at)


def _tell_published(parts: Parts, uow: UnitOfWork, message: OutboxMessage) -> None:
    """Let those who follow the place hear of it, unless it was taken back meanwhile."""
    thing = thing_of(parts, uow.session, message.about.removesuffix(PUBLISHED))
    if thing is None or thing.state != "published":
        return
    said = Said(Post(node=thing.node, number=0, author=thing.owner, at=message.created_at), thing, "")
    hearers = may_read(parts, uow.session, said, who_hear_of_published(parts, uow.session, thing))
    write(parts, uow, said, hearers, message.created_at)


def _tell_accepted(parts: Parts, uow: UnitOfWork, message: OutboxMessage) -> None:
    """Let whoever wrote a post hear that it was accepted, unless they did that themselves, or it was taken back."""
    said = said_by(parts, uow.session, message.about)
    if said is None:
        return
    answer = uow.session.get(AcceptedAnswer, (said.post.node, said.post.number))
    if answer is None or answer.by == said.post.author:
        return
    author = ids_of(uow.session, [said.post.author]).get(said.post.author)
    levels = levels_of(uow.session, [said.post.node], parts.today)[said.post.node]
    if author and levels.get(author) != "none":
        write(parts, uow, said, may_read(parts, uow.session, said, {author: "accepted"}), message.created_at)


def write(parts: Parts, uow: UnitOfWork, said: Said, hearers: Mapping[str, str], at: datetime) -> None:
    """Write the notices of a post for people, by id, and why each hears of it."""
    at_once = URGENT | {"asked"} if is_question(said.thing) else URGENT
    rows = [
        {
            "person_id": person,
            "node": said.post.node,
            "number": said.post.number,
            "because": because,
            "at": at,
            "urgent_at": at if because in at_once else None,
        }
        for person, because in sorted(hearers.items(), key=lambda each: (each[1] not in at_once, each[0]))
    ]  # a statement for each run of rows alike
    for begin in range(0, len(rows), MOST_ROWS):
        uow.session.execute(_upsert(parts.database.is_sqlite), rows[begin : begin + MOST_ROWS])
    write_at_once(uow, [person for person, because in hearers.items() if because in at_once])


def said_by(parts: Parts, session: Session, about: str) -> Said | None:
    """The post of a message, and what it is about; None where either is gone, or the post is withdrawn."""
    node, _, number = about.rpartition("#")
    post, thing = session.get(Post, (node, int(number))), thing_of(parts, session, node)
    if post is None or thing is None or post.withdrawn_at is not None:
        return None
    return Said(post, thing, thing.opened_by if isinstance(thing, Thread) else "")


def thing_of(parts: Parts, session: Session, node: str) -> Any:
    """What lies in a place and has this node; None where it is gone."""
    kind = parts.kinds.lying_as(node)
    return session.get(kind.model, node.partition(":")[2]) if kind else None


def _follow(uow: UnitOfWork, said: Said) -> None:
    """Whoever writes somewhere hears from then on what answers them, unless they said otherwise."""
    author = ids_of(uow.session, [said.post.author]).get(said.post.author)
    if author and uow.session.get(Follow, (author, said.post.node)) is None:
        uow.session.add(Follow(person_id=author, node=said.post.node, level="mine", at=uow.now))
        uow.session.flush()


def _upsert(is_sqlite: bool) -> Any:
    """One notice for each person and thing: while they have not looked, it stays at the first post that is new to them.

    But for one that concerns them more, to which it moves on.
    """
    new = (sqlite_insert if is_sqlite else postgresql_insert)(Notice)
    looked = (
        select(Visit.opened_at)
        .where(
            Visit.person_id == Notice.person_id,
            Visit.thing == case((Notice.number == 0, Notice.node), else_=literal(TALK) + Notice.node),
            Visit.opened_at >= Notice.at,
        )
        .exists()
    )
    seen = looked | (Notice.put_away_at >= Notice.at)
    weight = [case(dict(ORDER), value=column, else_=len(ORDER)) for column in (Notice.because, new.excluded.because)]
    fresh = seen | (weight[1] < weight[0])
    return new.on_conflict_do_update(
        index_elements=[Notice.person_id, Notice.node],
        set_={
            "number": case((fresh, new.excluded.number), else_=Notice.number),
            "because": case((fresh, new.excluded.because), else_=Notice.because),
            "at": new.excluded.at,
            "urgent_at": func.coalesce(new.excluded.urgent_at, Notice.urgent_at),
        },
    )


def forget_round(parts: Parts) -> int:
    """Forget notices that are older than anybody looks; returns how many."""
    return forget(parts.database, parts.clock, Notice, Notice.at < parts.clock.now() - KEPT)
