"""Putting what was said about one thing behind what was said about another: nothing of it is lost, nobody told anew."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import delete, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.models import TALK, Visit
from hub.nouns.talk.models import (
    AcceptedAnswer,
    Follow,
    Holder,
    MustRead,
    Notice,
    Post,
    PostReport,
    PostText,
    PostTold,
    ReadReceipt,
    Removal,
    Talk,
    Thanks,
    WithdrawalSeen,
)

OF_POSTS: Final[tuple[type[Any], ...]] = (
    PostText,
    AcceptedAnswer,
    PostTold,
    Thanks,
    PostReport,
    WithdrawalSeen,
    Removal,
)
"""What hangs on a post by its number."""


def are_records_apart(session: Session, nodes: Collection[str]) -> bool:
    """Whether an organisation holds some of these talks for a reason, or has let some of it go by its schedule."""
    gone = select(Talk.node).where(Talk.node.in_(nodes), Talk.removed_to > 0)
    held = select(Holder.node).where(Holder.node.in_(nodes), Holder.ended_at.is_not(None) | (Holder.held_for != ""))
    return session.scalar(gone.union_all(held).limit(1)) is not None


def append_talk(uow: UnitOfWork, node: str, into: str, title: str) -> int:
    """Put all posts of one talk behind those of another; returns the number after which they stand there.

    With them go their earlier texts, thanks, accepted answers and whom they were for, who keeps them, who follows them
    and whom they are news for. `title` is what the first of them says it comes from.
    """
    locked = {each: uow.session.get_one(Talk, each, with_for_update=True) for each in sorted((node, into))}
    old, new = locked[node], locked[into]
    after = new.last_number
    _carry_posts(uow, node, into, after)
    _carry_holders(uow, node, into, after)
    _carry_news(uow, node, into, after)
    for table, whose in ((Follow, "person_id"), (ReadReceipt, "person_id"), (MustRead, "organisation_id")):
        _carry_said(uow, table, whose, node, into)
    new.last_number, new.last_at = after + old.last_number, max(new.last_at, old.last_at)
    uow.session.flush()
    uow.session.execute(delete(Talk).where(Talk.node == node))
    uow.session.expire_all()
    uow.session.get_one(Post, (into, after + 1)).joined_from = title
    uow.session.flush()
    return after


def _carry_posts(uow: UnitOfWork, node: str, into: str, after: int) -> None:
    columns = [column for column in Post.__table__.columns if column.name not in {"node", "number", "answers_to"}]
    named = ["node", "number", "answers_to", *(column.name for column in columns)]
    copied = select(literal(into), Post.number + after, Post.answers_to + after, *columns).where(Post.node == node)
    uow.session.execute(insert(Post).from_select(named, copied))
    for table in OF_POSTS:
        _number_anew(uow, table, node, into, after)
    uow.session.execute(delete(Post).where(Post.node == node))


def _carry_holders(uow: UnitOfWork, node: str, into: str, after: int) -> None:
    """Who keeps it already does so from an earlier post on."""
    there = aliased(Holder)
    twice = exists().where(there.node == into, there.organisation_id == Holder.organisation_id)
    uow.session.execute(delete(Holder).where(Holder.node == node, twice).execution_options(synchronize_session=False))
    moved = update(Holder).where(Holder.node == node).values(node=into, from_number=Holder.from_number + after)
    uow.session.execute(moved.execution_options(synchronize_session=False))


def _carry_news(uow: UnitOfWork, node: str, into: str, after: int) -> None:
    """What somebody has seen is no news again; where both are news, the first post that they have not seen stays."""
    seen = exists().where(Visit.person_id == Notice.person_id, Visit.thing == TALK + node, Visit.opened_at >= Notice.at)
    done = Notice.put_away_at.is_not(None) | seen
    uow.session.execute(delete(Notice).where(Notice.node == node, done).execution_options(synchronize_session=False))
    own, there = aliased(Notice), Notice
    newest = select(func.max(own.at)).where(own.person_id == there.person_id, own.node.in_((node, into)))
    both = exists().where(own.person_id == there.person_id, own.node == node)
    later = update(Notice).where(Notice.node == into, both).values(at=newest.scalar_subquery(), put_away_at=None)
    uow.session.execute(later.execution_options(synchronize_session=False))
    twice = exists().where(own.person_id == there.person_id, own.node == into)
    uow.session.execute(delete(Notice).where(Notice.node == node, twice).execution_options(synchronize_session=False))
    _number_anew(uow, Notice, node, into, after)


def _carry_said(uow: UnitOfWork, table: type[Any], whose: str, node: str, into: str) -> None:
    """What somebody said about the other one as a whole stays as it is: what they want to hear, that they read it."""
    there = aliased(table)
    twice = exists().where(there.node == into, getattr(there, whose) == getattr(table, whose))
    uow.session.execute(delete(table).where(table.node == node, twice).execution_options(synchronize_session=False))
    moved = update(table).where(table.node == node).values(node=into)
    uow.session.execute(moved.execution_options(synchronize_session=False))


def _number_anew(uow: UnitOfWork, table: type[Any], node: str, into: str, after: int) -> None:
    moved = update(table).where(table.node == node).values(node=into, number=table.number + after)
    uow.session.execute(moved.execution_options(synchronize_session=False))
