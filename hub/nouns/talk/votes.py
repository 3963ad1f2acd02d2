"""What people make of a thing, a word of each. What words there are, and until when, is for its noun to say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.models import Vote


@dataclass
class Votes:
    """What was said of one thing."""

    counts: dict[str, int] = field(default_factory=dict)
    """How many said each word."""
    mine: str = ""
    """What the viewer said; empty where they said nothing."""


def votes_on(session: Session, nodes: Collection[str], person_id: str) -> Mapping[str, Votes]:
    """What was said of some things, and what somebody said themselves, by node. One query."""
    mine = func.max(Vote.person_id).filter(Vote.person_id == person_id)
    wanted = select(Vote.node, Vote.word, func.count(), mine).where(Vote.node.in_(nodes))
    found = {node: Votes() for node in nodes}
    for node, word, count, own in session.execute(wanted.group_by(Vote.node, Vote.word)):
        found[node].counts[word] = count
        found[node].mine = word if own else found[node].mine
    return found


def cast_vote(uow: UnitOfWork, node: str, person: Person, word: str) -> None:
    """Say it, instead of what the person said before; nothing where they said so already."""
    row = uow.session.get(Vote, (node, person.id))
    if row is None:
        uow.session.add(Vote(node=node, person_id=person.id, word=word, at=uow.now))
    elif row.word != word:
        row.word, row.at = word, uow.now
    uow.session.flush()


def take_vote_back(uow: UnitOfWork, node: str, person: Person) -> None:
    """Say nothing any more."""
    row = uow.session.get(Vote, (node, person.id))
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()
