"""Reads of posts. Nothing is judged here: whoever asks has judged what the posts are about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.nouns.talk.models import AcceptedAnswer, Follow, Holder, Notice, Post, PostText, PostTold, Talk, Thanks

MOST_FOUND: Final = 400_000
"""Characters of what was said about a thing by which it is found: the first posts, then the others as they fit."""


def talk_about(session: Session, node: str) -> Talk | None:
    """That something is talked about; None where nobody has said anything."""
    return session.get(Talk, node)


def post_of(session: Session, node: str, number: int) -> Post | None:
    """A post by its number."""
    return session.get(Post, (node, number))


def posts_of(session: Session, node: str, after: int, most: int) -> list[Post]:
    """Posts in the order in which they were said, from the one after a number. One query, however far down."""
    return list(session.scalars(_posts(), {"node": node, "after": after, "most": most}))


@cache
def _posts() -> Select[Post]:
    wanted = select(Post).where(Post.node == bindparam("node"), Post.number > bindparam("after"))
    return wanted.order_by(Post.number).limit(bindparam("most"))


def said_at(session: Session, node: str, word: str) -> int:
    """The number of the first post that says a word and stands; 0 where none does."""
    says = func.lower(Post.body).contains(word.lower(), autoescape=True)
    wanted = select(func.min(Post.number)).where(Post.node == node, Post.withdrawn_at.is_(None), says)
    return session.scalar(wanted) or 0


@dataclass(frozen=True)
class Regard:
    """What others made of some posts of one talk."""

    accepted: tuple[int, ...]
    """Numbers of all that answer the question, in order."""
    thanks: dict[int, int]
    """How many thanked for each of the posts asked about."""
    thanked: frozenset[int]
    """For which of these the viewer did."""
    told: dict[int, list[str]]
    """The `who` words of those whom the author of each wanted to see it."""


def regard_of(session: Session, node: str, numbers: Collection[int], person_id: str, *, answers: bool = True) -> Regard:
    """What others made of some posts, and whom they were for. Two queries, one where nothing is asked for `answers`."""
    its = select(AcceptedAnswer.number).where(AcceptedAnswer.node == node)
    accepted = session.scalars(its).all() if answers else ()
    mine = func.max(Thanks.person_id).filter(Thanks.person_id == person_id)
    thanks = select(Thanks.number, func.coalesce(mine, "").label("who"), func.count().label("thanks"))
    thanks = thanks.where(Thanks.node == node, Thanks.number.in_(numbers)).group_by(Thanks.number)
    told = select(PostTold.number, PostTold.who, literal(0)).where(PostTold.node == node, PostTold.number.in_(numbers))
    found = Regard(tuple(sorted(accepted)), {}, frozenset(), {})
    thanked = set()
    for number, who, count in session.execute(union_all(thanks, told)):
        if not count:
            found.told.setdefault(number, []).append(who)
            continue
        found.thanks[number] = count
        thanked |= {number} if who else set()
    return replace(found, thanked=frozenset(thanked))


def posts_at(session: Session, node: str, numbers: Collection[int]) -> list[Post]:
    """Posts by their numbers, in order."""
    wanted = select(Post).where(Post.node == node, Post.number.in_(numbers))
    return list(session.scalars(wanted.order_by(Post.number)))


def earlier_texts(session: Session, post: Post) -> list[PostText]:
    """What a post said before, the newest first."""
    texts = select(PostText).where(PostText.node == post.node, PostText.number == post.number)
    return list(session.scalars(texts.order_by(PostText.revision.desc())))


def sent_to(viewer: Viewer, node: str) -> int:
    """To how many people whom the viewer may see a question was sent since they know about it. One query."""
    wanted = select(Person).join(Notice, Notice.person_id == Person.id)
    people = viewer.session.scalars(wanted.where(Notice.node == node, Notice.because == "expert"))
    return len(viewer.kept(list(people)))


def holders_of(session: Session, node: str) -> list[str]:
    """The ids of the organisations that keep what was said, in the order in which they came."""
    wanted = select(Holder.organisation_id).where(Holder.node == node)
    return list(session.scalars(wanted.order_by(Holder.from_number, Holder.organisation_id)))


def authors_of(session: Session, node: str) -> set[str]:
    """The `who` words of all who wrote."""
    return set(session.scalars(select(Post.author).where(Post.node == node).distinct()))


def how_many(session: Session, nodes: Iterable[str]) -> dict[str, int]:
    """How many posts there are about some things that are talked about, by node. One query."""
    rows = session.execute(select(Talk.node, Talk.last_number).where(Talk.node.in_(sorted(nodes))))
    return dict(iter(rows))


def said_about(session: Session, nodes: Sequence[str]) -> dict[str, str]:
    """What was said about some things, in Markdown, by node, but what was withdrawn: as much as `MOST_FOUND`.

    One query, which stops reading a talk that is longer than that.
    """
    length = func.sum(func.length(Post.body)).over(partition_by=Post.node, order_by=Post.number)
    numbered = (
        select(Post.node, Post.number, Post.body, length.label("so_far"))
        .where(Post.node.in_(nodes), Post.withdrawn_at.is_(None))
        .subquery()
    )
    rows = session.execute(
        select(numbered.c.node, numbered.c.body)
        .where(numbered.c.so_far <= MOST_FOUND)
        .order_by(numbered.c.node, numbered.c.number)
    )
    found: dict[str, list[str]] = {}
    for node, body in rows:
        found.setdefault(node, []).append(body)
    return {node: "\n\n".join(bodies) for node, bodies in found.items()}


def length_of(session: Session, nodes: Sequence[str]) -> dict[str, int]:
    """How many characters `said_about` gives at the most, by node."""
    rows = session.execute(
        select(Post.node, func.sum(func.length(Post.body))).where(Post.node.in_(nodes)).group_by(Post.node)
    )
    return {node: min(length, MOST_FOUND) for node, length in rows}


def level_of(session: Session, person_id: str, node: str) -> str:
    """How much somebody hears of a thing; empty where they never said and never wrote there."""
    return session.scalar(_level(), {"person": person_id, "node": node}) or ""


@cache
def _level() -> Select[Any]:
    own = (Follow.person_id == bindparam("person"), Follow.node == bindparam("node"))
    return select(Follow.level).where(*own)
