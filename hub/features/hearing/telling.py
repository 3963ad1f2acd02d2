"""Who is to hear of a post: worked out by the worker, for all its readers in one operation.

Whoever may not read the thing at that moment is told nothing; what is written is judged again when it is looked at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import structlog
from sqlalchemy import CursorResult, case, delete, exists, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.parts import Parts
from hub.audience.foreseeing import sight_at
from hub.features.hearing.words import ORDER
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import TALK, Visit
from hub.nouns.talk.models import Follow, Notice, Post, PostTold, Vote
from hub.nouns.talk.service import TELL
from hub.nouns.threads.models import StageMove, Thread
from hub.things.columns import among
from hub.things.thing import Lying

log = structlog.get_logger(__name__)

AT_ONCE: Final = 50
"""Posts that one round tells of."""
MOST_ROWS: Final = 500
KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Said:
    """A post, and what it is about."""

    post: Post
    thing: Lying
    opened_by: str
    """The `who` word of whoever opened a conversation; empty of comments."""


def tell_round(parts: Parts) -> int:
    """Write the notices of the posts that wait; returns how many posts these were."""
    with parts.database.reading() as session:
        wanted = select(OutboxMessage.id).where(OutboxMessage.topic == TELL, OutboxMessage.parked.is_(False))
        waiting = session.scalars(wanted.order_by(OutboxMessage.id).limit(AT_ONCE)).all()
    for message_id in waiting:
        with unit_of_work(parts.database, parts.clock) as uow:
            message = uow.session.get(OutboxMessage, message_id)
            if message is not None:
                _tell(parts, uow, message.about)
                uow.session.delete(message)
    return len(waiting)


def _tell(parts: Parts, uow: UnitOfWork, about: str) -> None:
    said = said_by(parts, uow.session, about)
    if said is None or said.thing.state == "draft":  # what is published later is told of then
        return
    _follow(uow, said)
    hearers = may_read(parts, uow.session, said, _hearers(parts, uow.session, said))
    write(parts, uow, said, hearers, said.post.at)


def write(parts: Parts, uow: UnitOfWork, said: Said, hearers: Mapping[str, str], at: datetime) -> None:
    """Write the notices of a post for people, by id, and why each hears of it."""
    rows = [
        {
            "person_id": person,
            "node": said.post.node,
            "number": said.post.number,
            "because": because,
            "at": at,
        }
        for person, because in sorted(hearers.items())
    ]
    for begin in range(0, len(rows), MOST_ROWS):
        uow.session.execute(_upsert(parts.database.is_sqlite), rows[begin : begin + MOST_ROWS])


def said_by(parts: Parts, session: Session, about: str) -> Said | None:
    """The post of a message, and what it is about; None where either is gone, or the post is withdrawn."""
    node, _, number = about.rpartition("#")
    post = session.get(Post, (node, int(number)))
    kind = parts.kinds.lying_as(node)
    thing = session.get(kind.model, node.partition(":")[2]) if kind else None
    if post is None or thing is None or post.withdrawn_at is not None:
        return None
    return Said(post, thing, thing.opened_by if isinstance(thing, Thread) else "")


def _follow(uow: UnitOfWork, said: Said) -> None:
    """Whoever writes somewhere hears from then on what answers them, unless they said otherwise."""
    author = ids_of(uow.session, [said.post.author]).get(said.post.author)
    if author and uow.session.get(Follow, (author, said.post.node)) is None:
        uow.session.add(Follow(person_id=author, node=said.post.node, level="mine", at=uow.now))
        uow.session.flush()


def _hearers(parts: Parts, session: Session, said: Said) -> dict[str, str]:
    """Who would hear of it, by id, and why; but its author. Five queries, however many follow."""
    post, places = said.post, parts.snapshots.latest(session).tree.chain(said.thing.place_id)
    told = session.scalars(select(PostTold.who).where(PostTold.node == post.node, PostTold.number == post.number)).all()
    rows = session.execute(
        select(Follow.person_id, Follow.node, Follow.level).where(among(Follow.node, [post.node, *places]))
    ).all()
    here = {person: level for person, node, level in rows if node == post.node}
    found: dict[str, str] = {}
    if post.number == 1 and said.opened_by:
        found |= {person: "opened" for person, node, level in rows if node != post.node and level == "all"}
    found |= {person: "follow" for person, level in here.items() if level == "all"}
    found |= dict.fromkeys(_who_voted(session, post), "backed")
    answered = session.get(Post, (post.node, post.answers_to)) if post.answers_to else None
    words = {said.opened_by: "asked"} | ({answered.author: "answer"} if answered is not None else {})
    words |= dict.fromkeys(told, "told")
    found |= {person: words[word] for word, person in ids_of(session, words).items()}
    author = ids_of(session, [post.author]).get(post.author)
    return {person: why for person, why in found.items() if person != author and here.get(person) != "none"}


def _who_voted(session: Session, post: Post) -> Iterable[str]:
    """Of a post that says what comes of a thing: who said what they make of that, by id. One query."""
    moved = exists().where(StageMove.node == post.node, StageMove.number == post.number)
    return session.scalars(select(Vote.person_id).where(Vote.node == post.node, moved)).all()


def may_read(parts: Parts, session: Session, said: Said, hearers: Mapping[str, str]) -> dict[str, str]:
    """Those of them who may read the thing now, in one operation for all."""
    if not hearers:
        return {}
    thing = said.thing
    sight, owner, crowd = sight_at(session, parts.snapshots, parts.today, thing.node, thing.place_id, thing.owner)
    seen = sight.of(thing.node, thing.place_id, thing.ms).seen(owner)
    number = crowd.directory.number
    return {person: why for person, why in hearers.items() if person in number and seen >> number[person] & 1}


def ids_of(session: Session, words: Iterable[str]) -> dict[str, str]:
    """The people of `who` words: word -> id."""
    handles = [word.partition(":")[2] for word in words if word]
    people = session.scalars(select(Person).where(Person.handle.in_(handles))) if handles else ()
    return {person.subject_id: person.id for person in people}


def _upsert(is_sqlite: bool) -> Any:
    """One notice for each person and thing: while they have not looked, it stays at the first post that is new to them.

    But for one that concerns them more, to which it moves on.
    """
    new = (sqlite_insert if is_sqlite else postgresql_insert)(Notice)
    looked = (
        select(Visit.opened_at)
        .where(
            Visit.person_id == Notice.person_id,
            Visit.thing == literal(TALK) + Notice.node,
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
        },
    )


def forget_round(parts: Parts) -> int:
    """Forget notices that are older than anybody looks; returns how many."""
    with unit_of_work(parts.database, parts.clock) as uow:
        old = delete(Notice).where(Notice.at < uow.now - KEPT)
        return cast("CursorResult[tuple[()]]", uow.session.execute(old)).rowcount
