"""Reads of posts. Nothing is judged here: whoever asks has judged what the posts are about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.ground.db import Moment, row_of
from hub.nouns.talk.models import (
    AcceptedAnswer,
    Follow,
    Holder,
    Notice,
    Post,
    PostText,
    PostTold,
    Removal,
    Talk,
    Thanks,
)
from hub.web.markdown.names import in_plain

MOST_FOUND: Final = 400_000
"""Characters of what was said about a thing by which it is found: the first posts, then the others as they fit."""


def talk_about(session: Session, node: str) -> Talk | None:
    """That something is talked about; None where nobody has said anything."""
    return row_of(session, Talk, node)


def stands(session: Session, post: Post) -> bool:
    """Whether what it says can be read: it was neither withdrawn nor removed."""
    talk = talk_about(session, post.node)
    return post.withdrawn_at is None and (talk is None or post.number > talk.removed_to)


def post_of(session: Session, node: str, number: int) -> Post | None:
    """A post by its number."""
    return row_of(session, Post, node, number)


def posts_of(session: Session, node: str, after: int, most: int) -> list[Post]:
    """Posts in the order in which they were said, from the one after a number. One query, however far down."""
    return page_of(session, node, after, most)[1]


def page_of(session: Session, node: str, after: int, most: int) -> tuple[Talk | None, list[Post]]:
    """The same, with the talk that they are of; None of the latter where there are none. One query."""
    rows = session.execute(_posts(), {"node": node, "after": after, "most": most}).all()
    return (rows[0][1] if rows else None), [post for post, _ in rows]


@cache
def _posts() -> Select[Post, Talk]:
    wanted = select(Post, Talk).join(Talk, Talk.node == Post.node)
    wanted = wanted.where(Post.node == bindparam("node"), Post.number > bindparam("after"))
    return wanted.order_by(Post.number).limit(bindparam("most"))


def said_at(session: Session, node: str, word: str) -> int:
    """The number of the first post that says a word and stands; 0 where none does."""
    says = func.lower(Post.body).contains(word.lower(), autoescape=True)
    wanted = select(func.min(Post.number)).where(Post.node == node, Post.withdrawn_at.is_(None), says)
    return session.scalar(wanted) or 0


def first_of_others(node: ColumnElement[str], author: Any) -> ScalarSelect[datetime]:
    """When somebody else than its author first said something about a thing: a part of a SELECT of things."""
    stands = (Post.node == node, Post.author != author, Post.withdrawn_at.is_(None))
    return select(func.min(Post.at)).where(*stands).correlate_except(Post).scalar_subquery()


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
    removals: dict[int, list["Removed"]]
    """What was taken out of each for good, in order."""
    marks: dict[int, str] = field(default_factory=dict)
    """A word for some of them, of whoever asked for such."""


class Removed(NamedTuple):
    """That something was taken out of a post for good: in whose name, when and why, and whether anything was left."""

    organisation_id: str
    at: datetime
    reason: str
    whole: bool


_ACCEPTED: Final = -1
_MARKED: Final = -2
"""Instead of a number of thanks; 0 is for whom a post was."""


def regard_of(
    session: Session, node: str, numbers: Collection[int], person_id: str, marks: Select[int, str] | None = None
) -> Regard:
    """What others made of some posts, whom they were for, and what was taken out of them. One query.

    `marks` says a word for some numbers, which come with it.
    """
    mine = func.coalesce(func.max(Thanks.person_id).filter(Thanks.person_id == person_id), "")
    nothing: tuple[Any, ...] = (cast(null(), Moment()), literal(""), literal(False), literal(0))
    thanks = select(Thanks.number, mine.label("who"), func.count().label("thanks"), *nothing)
    thanks = thanks.where(Thanks.node == node, Thanks.number.in_(numbers)).group_by(Thanks.number)
    told = select(PostTold.number, PostTold.who, literal(0), *nothing)
    told = told.where(PostTold.node == node, PostTold.number.in_(numbers))
    accepted = select(AcceptedAnswer.number, literal(""), literal(_ACCEPTED), *nothing)
    accepted = accepted.where(AcceptedAnswer.node == node)
    gone = select(
        Removal.number, Removal.organisation_id, literal(0), Removal.at, Removal.reason, Removal.whole, Removal.id
    )
    gone = gone.where(Removal.node == node, Removal.number.in_(numbers))
    found = Regard((), {}, frozenset(), {}, {})
    thanked, answers = set(), set()
    more = [marks.add_columns(literal(_MARKED), *nothing)] if marks is not None else []
    rows = session.execute(union_all(thanks, told, accepted, gone, *more))
    for number, who, count, at, reason, whole, _ in sorted(rows, key=_order):
        if count == _ACCEPTED:
            answers.add(number)
        elif count == _MARKED:
            found.marks[number] = who
        elif count:
            found.thanks[number] = count
            thanked |= {number} if who else set()
        elif at is None:
            found.told.setdefault(number, []).append(who)
        else:
            found.removals.setdefault(number, []).append(Removed(who, at, reason, bool(whole)))
    return replace(found, accepted=tuple(sorted(answers)), thanked=frozenset(thanked))


def _order(row: Any) -> int:
    """Of rows about posts: what was taken out in the order in which it was."""
    return int(row[-1])


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
    """The ids of the organisations that still keep what was said, in the order in which they came."""
    wanted = select(Holder.organisation_id).where(Holder.node == node, Holder.ended_at.is_(None))
    return list(session.scalars(wanted.order_by(Holder.from_number, Holder.organisation_id)))


def authors_of(session: Session, node: str) -> set[str]:
    """The `who` words of all who wrote."""
    return set(session.scalars(select(Post.author).where(Post.node == node).distinct()))


def how_many(session: Session, nodes: Iterable[str]) -> dict[str, int]:
    """How many posts there are about some things that are talked about, by node. One query."""
    return dict(iter(session.execute(_how_many(), {"nodes": sorted(nodes)})))


@cache
def _how_many() -> Select[str, int]:
    return select(Talk.node, Talk.last_number).where(Talk.node.in_(bindparam("nodes", expanding=True)))


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
        found.setdefault(node, []).append(in_plain(body, {}))
    return {node: "\n\n".join(bodies) for node, bodies in found.items()}


def first_of(session: Session, nodes: Collection[str]) -> dict[str, str]:
    """The first post about some things, in Markdown, by node, but what was withdrawn. One query."""
    first = (Post.node.in_(nodes), Post.number == 1, Post.withdrawn_at.is_(None))
    return dict(iter(session.execute(select(Post.node, Post.body).where(*first))))


def length_of(session: Session, nodes: Sequence[str]) -> dict[str, int]:
    """How many characters `said_about` gives at the most, by node."""
    rows = session.execute(
        select(Post.node, func.sum(func.length(Post.body))).where(Post.node.in_(nodes)).group_by(Post.node)
    )
    return {node: min(length, MOST_FOUND) for node, length in rows}


def level_of(session: Session, person_id: str, node: str) -> tuple[str, date | None]:
    """How much somebody hears of a thing, and the last day on which it is nothing, if they said one.

    The level is empty where they never said and never wrote there. One query.
    """
    row = session.execute(_level(), {"person": person_id, "node": node}).one_or_none()
    return (row[0], row[1]) if row else ("", None)


@cache
def _level() -> Select[str, date | None]:
    own = (Follow.person_id == bindparam("person"), Follow.node == bindparam("node"))
    return select(Follow.level, Follow.until).where(*own)


def level_on(today: date) -> ColumnElement[str]:
    """How much somebody hears on a day, as a column of what they follow."""
    return case((Follow.until >= today, "none"), else_=Follow.level)
