"""Who said something about some things: for whom their knowledge shows in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from hub.nouns.talk.models import AcceptedAnswer, Post


@dataclass(frozen=True, slots=True)
class Spoke:
    """That somebody said something about a thing."""

    node: str
    author: str
    """A `who` word."""
    at: datetime
    """When they did last."""
    accepted: int
    """How many of their posts answer the question."""


def who_spoke(
    session: Session, nodes: Collection[str], *, asked: Collection[str], whole: Collection[str], words: Collection[str]
) -> list[Spoke]:
    """Who said something about some things, but what was withdrawn, a row for each of them and thing. One query.

    Of those that are `asked`, the first post is the question, which counts for nobody. Of those that are not `whole`
    about the words, only posts that hold one, and those that answer the question.
    """
    holds = [func.lower(Post.body).contains(word.lower(), autoescape=True) for word in sorted(words)]
    about = or_(Post.node.in_(sorted(whole)), AcceptedAnswer.number.is_not(None), *holds)
    its = and_(AcceptedAnswer.node == Post.node, AcceptedAnswer.number == Post.number)
    question = and_(Post.number == 1, Post.node.in_(sorted(asked)))
    rows = session.execute(
        select(Post.node, Post.author, func.max(Post.at), func.count(AcceptedAnswer.number))
        .outerjoin(AcceptedAnswer, its)
        .where(Post.node.in_(sorted(nodes)), Post.withdrawn_at.is_(None), not_(question), about)
        .group_by(Post.node, Post.author)
        .order_by(Post.node, Post.author)
    )
    return [Spoke(*row) for row in rows]
