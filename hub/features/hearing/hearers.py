"""Who would hear of a post, and who of them may: worked out for all of them at once, on the bits of the crowd."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from acl.vocabulary import GUEST, PERSON
from hub.access.entries import nearest_space
from hub.access.models import Person
from hub.access.parts import Parts
from hub.audience.foreseeing import sight_at
from hub.features.hearing.said import is_for_members, is_question
from hub.nouns.people.queries import person_by_handle
from hub.nouns.spaces.services import services_of
from hub.nouns.talk.followed import who_follow_services
from hub.nouns.talk.followed_skills import who_follow_what_is_asked
from hub.nouns.talk.models import Follow, Post, PostTold, Vote
from hub.nouns.talk.queries import level_on
from hub.nouns.talk.service import USUAL
from hub.nouns.threads.event_queries import event_of, who_come
from hub.nouns.threads.models import StageMove, Thread
from hub.nouns.threads.sorts import SORTS
from hub.things.columns import among
from hub.things.thing import Lying

BY_NAME: Final = (PERSON, GUEST, "group:")
"""Words by which somebody belongs to a space; an organisation's are for whoever may look."""


@dataclass(frozen=True)
class Said:
    """A post, and what it is about."""

    post: Post
    thing: Lying
    opened_by: str
    """The `who` word of whoever opened a conversation; empty of comments."""


def hearers_of(parts: Parts, session: Session, said: Said) -> dict[str, str]:
    """Who would hear of it, by id, and why; but its author. As many queries however many these are."""
    post, places = said.post, parts.snapshots.latest(session).tree.chain(said.thing.place_id)
    told = session.scalars(select(PostTold.who).where(PostTold.node == post.node, PostTold.number == post.number)).all()
    writer = person_by_handle(session, post.author.partition(":")[2])
    theirs = [writer.node] if writer is not None else []
    levels = levels_of(session, [post.node, *theirs, *places], parts.today)
    here = levels[post.node]
    found: dict[str, str] = {}
    if post.number == 1 and said.opened_by:
        around = _nearest(levels[place] for place in places)
        found |= dict.fromkeys(_members(parts, session, said), "member")
        found |= dict.fromkeys(_who_follow_the_service(parts, session, said), "service")
        found |= dict.fromkeys(_who_follow_what_is_asked(session, said), "skill")
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


def _who_follow_what_is_asked(session: Session, said: Said) -> set[str]:
    """Of a question, those who follow what it is about. Two queries."""
    thing = said.thing
    if not (isinstance(thing, Thread) and is_question(thing)):
        return set()
    return who_follow_what_is_asked(session, f"{thing.title} {said.post.body}")


def who_hear_of_published(parts: Parts, session: Session, thing: Lying) -> dict[str, str]:
    """Who follows the place of what is published, or one above it, by id, and why; but its owner. Two queries."""
    places = parts.snapshots.latest(session).tree.chain(thing.place_id)
    levels = levels_of(session, [thing.node, *places], parts.today)
    owner = ids_of(session, [thing.owner]).get(thing.owner)
    around, here = _nearest(levels[place] for place in places), levels[thing.node]
    follow = (person for person, level in around.items() if level == "all" and here.get(person) != "none")
    return {person: "published" for person in follow if person != owner}


def levels_of(session: Session, nodes: Sequence[str], today: date) -> dict[str, dict[str, str]]:
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
