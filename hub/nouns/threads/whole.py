"""Whether what people said is whole: numbers without gaps, and a keeper for everybody who spoke."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from hub.nouns.talk.models import Holder, Post, Talk
from hub.nouns.threads.models import THREADS, Thread


@dataclass(frozen=True)
class Talked:
    """What there is, and what is wrong with it."""

    talks: int
    posts: int
    gaps: int
    """Talks whose posts are not numbered from 1 to the last one without gaps."""
    behind: int
    """Conversations that say another last post than there is."""
    unkept: int
    """Posts for whose organisation nothing says that it keeps the talk."""


def look_at(session: Session) -> Talked:
    """Look at all that was said. Five queries."""
    talks, posts = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Talk, Post))
    return Talked(talks, posts, *(_count(session, wrong) for wrong in (_with_gaps(), _behind(), _unkept())))


def _count(session: Session, wrong: Select[Any] | Select[str, int]) -> int:
    return session.scalar(select(func.count()).select_from(wrong.subquery())) or 0


def _with_gaps() -> Select[Any]:
    """Numbers are at least 1 and each is there once, so as many as the last one says are all of them."""
    count, last = func.count(Post.number), func.coalesce(func.max(Post.number), 0)
    found = select(Talk.node).outerjoin(Post, Post.node == Talk.node).group_by(Talk.node, Talk.last_number)
    return found.having(or_(count != Talk.last_number, last != Talk.last_number))


def _behind() -> Select[Any]:
    found = select(Thread.id).outerjoin(Talk, THREADS.on(Talk.node))
    return found.where(or_(Talk.node.is_(None), Talk.last_number != Thread.last_number))


def _unkept() -> Select[str, int]:
    its = (Holder.node == Post.node) & (Holder.organisation_id == Post.organisation_id)
    return select(Post.node, Post.number).outerjoin(Holder, its).where(Holder.node.is_(None))
