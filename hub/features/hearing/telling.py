"""Who is to hear of a post: worked out by the worker, for all its readers in one operation.

Whoever may not read the thing at that moment is told nothing; what is written is judged again when it is looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import structlog
from sqlalchemy import CursorResult, case, delete, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from acl.vocabulary import GUEST, PERSON
from hub.access.entries import nearest_space
from hub.access.models import Person
from hub.access.parts import Parts
from hub.audience.foreseeing import sight_at
from hub.features.hearing.letters import write_at_once
from hub.features.hearing.said import is_for_members, is_question
from hub.features.hearing.words import ORDER, URGENT
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import TALK, Visit
from hub.nouns.people.queries import person_by_handle
from hub.nouns.spaces.services import services_of
from hub.nouns.talk.followed import who_follow_services
from hub.nouns.talk.models import AcceptedAnswer, Follow, Notice, Post, PostTold, Vote
from hub.nouns.talk.queries import level_on
from hub.nouns.talk.service import ACCEPTED, TELL, USUAL
from hub.nouns.threads.event_queries import event_of, who_come
from hub.nouns.threads.models import StageMove, Thread
from hub.nouns.threads.sorts import SORTS
from hub.things.columns import among
from hub.things.thing import Lying

log = structlog.get_logger(__name__)

TOPICS: Final = (TELL, ACCEPTED)
AT_ONCE: Final = 50
"""Posts that one round tells of."""
MOST_ROWS: Final = 500
BY_NAME: Final = (PERSON, GUEST, "group:")
"""Words by which somebody belongs to a space; an organisation's are for whoever may look."""
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
    said = said_by(parts, uow.session, message.about)
    if said is None or said.thing.state == "draft":  # what is published later is told of then
        return
    _follow(uow, said)
    hearers = may_read(parts, uow.session, said, _hearers(parts, uow.session, said))
    write(parts, uow, said, hearers, said.post.at)


def _tell_accepted(parts: Parts, uow: UnitOfWork, message: OutboxMessage) -> None:
    """Let whoever wrote a post hear that it was accepted, unless they did that themselves, or it was taken back."""
    said = said_by(parts, uow.session, message.about)
    if said is None:
        return
    answer = uow.session.get(AcceptedAnswer, (said.post.node, said.post.number))
    if answer is None or answer.by == said.post.author:
        return
    author = ids_of(uow.session, [said.post.author]).get(said.post.author)
    levels = _levels(uow.session, [said.post.node], parts.today)[said.post.node]
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
    """Who would hear of it, by id, and why; but its author. As many queries however many these are."""
    post, places = said.post, parts.snapshots.latest(session).tree.chain(said.thing.place_id)
    told = session.scalars(select(PostTold.who).where(PostTold.node == post.node, PostTold.number == post.number)).all()
    writer = person_by_handle(session, post.author.partition(":")[2])
    theirs = [writer.node] if writer is not None else []
    levels = _levels(session, [post.node, *theirs, *places], parts.today)
    here = levels[post.node]
    found: dict[str, str] = {}
    if post.number == 1 and said.opened_by:
        around = _nearest(levels[place] for place in places)
        found |= dict.fromkeys(_members(parts, session, said), "member")
        found |= dict.fromkeys(_who_follow_the_service(parts, session, said), "service")
        found = {person: why for person, why in found.items() if around.get(person, USUAL) in {"all", USUAL}}
        found |= {person: "opened" for person, level in around.items() if level == "all"}
    found |= {person: "person" for node in theirs for person, level in levels[node].items() if level == "all"}
    found |= {person: "follow" for person, level in here.items() if level == "all"}
    found |= dict.fromkeys(_who_voted(session, post), "backed")
    answered = session.get(Post, (post.node, post.answers_to)) if post.answers_to else None
    words = {said.opened_by: "asked"} | ({answered.author: "answer"} if answered is not None else {})
    words |= dict.fromkeys(told, "told")
    found |= {person: words[word] for word, person in ids_of(session, words).items()}
    found |= dict.fromkeys(_comers(session, said), "comes")
    author = writer.id if writer is not None else None
    return {person: why for person, why in found.items() if person != author and here.get(person) != "none"}


def _who_follow_the_service(parts: Parts, session: Session, said: Said) -> list[str]:
    """Those who follow what the space of a conversation is about. Two queries."""
    space = nearest_space(parts.snapshots.latest(session), said.thing.place_id)
    services = [service.id for service in services_of(session, space)] if space else []
    return who_follow_services(session, services) if services else []


def _levels(session: Session, nodes: Sequence[str], today: date) -> dict[str, dict[str, str]]:
    """How much people said that they want to hear of some nodes: node -> person -> level. One query."""
    found: dict[str, dict[str, str]] = {node: {} for node in nodes}
    rows = session.execute(select(Follow.person_id, Follow.node, level_on(today)).where(among(Follow.node, nodes)))
    for person, node, level in rows:
        found[node][person] = level
    return found


def _nearest(levels: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What each person said of the nearest of some places, the nearest first."""
    found: dict[str, str] = {}
    for each in levels:
        found = {**each, **found}
    return found


def _members(parts: Parts, session: Session, said: Said) -> list[str]:
    """Those who belong to the space by name or by a group, and hear of what is new there by that alone."""
    thing, tree = said.thing, parts.snapshots.latest(session).tree
    space = nearest_space(parts.snapshots.latest(session), thing.place_id)
    if not is_for_members(thing) or not space:
        return []
    sight, _, crowd = sight_at(session, parts.snapshots, parts.today, thing.node, thing.place_id, thing.owner)
    people = 0
    for rule in sight.lines.at(space, tree.organisation_of(space)):
        lasts = rule.until == "-" or parts.today.isoformat() <= rule.until
        if rule.effect == "allow" and rule.who.startswith(BY_NAME) and lasts:
            people |= crowd.allowed(rule.who, rule.scope)
    return crowd.directory.ids_of(people)


def _comers(session: Session, said: Said) -> list[str]:
    """Of a post that says when or where an event is now, or that it is not: those who said that they come."""
    thing = said.thing
    event = event_of(session, thing.id) if isinstance(thing, Thread) and SORTS[thing.sort].dated else None
    return who_come(session, said.post.node) if event is not None and event.said_in == said.post.number else []


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
            "urgent_at": func.coalesce(new.excluded.urgent_at, Notice.urgent_at),
        },
    )


def forget_round(parts: Parts) -> int:
    """Forget notices that are older than anybody looks; returns how many."""
    with unit_of_work(parts.database, parts.clock) as uow:
        old = delete(Notice).where(Notice.at < uow.now - KEPT)
        return cast("CursorResult[tuple[()]]", uow.session.execute(old)).rowcount
