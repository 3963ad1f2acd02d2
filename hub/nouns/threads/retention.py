"""How long what was said is kept, by each organisation that keeps it, and what happens when the last has let go.

Comments are kept as long as their document, unless an organisation says otherwise. What is pinned is in use, and stays.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, false, func, not_, or_, select, update
from sqlalchemy.orm import Session

from hub.access.models import Place
from hub.access.places import fence
from hub.ground.clock import LONDON
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import DOCUMENTS, Document
from hub.nouns.talk.models import Holder, Post, PostText, RecordsSchedule, Talk
from hub.nouns.threads.models import THREADS, Thread
from hub.nouns.threads.service import call_anew

WAITS: Final = timedelta(days=30)
"""Between being due, of which those who keep the records are told, and going."""
PUT_AWAY: Final = ("archived", "withdrawn")
"""States of documents on which nobody comments any more."""
MOST_MONTHS: Final = 1_200
LONGEST_REASON: Final = 300


@dataclass(frozen=True)
class Rule:
    """How long an organisation keeps what was said; without months, for good."""

    months: int | None = None
    closed_only: bool = True
    """Of conversations those that were closed; of comments those on documents that were archived or withdrawn."""
    comments: bool = False
    """Whether comments go as well; else they are kept as long as their document."""


def rule_of(session: Session, organisation_id: str) -> Rule:
    """What an organisation has said."""
    row = session.get(RecordsSchedule, organisation_id)
    return Rule(row.months, row.closed_only, row.comments) if row else Rule()


def set_rule(uow: UnitOfWork, organisation_id: str, rule: Rule, by: str) -> None:
    """Say how long from now on; what was due waits anew. Raises Invalid for a length that is none."""
    if rule.months is not None and not 1 <= rule.months <= MOST_MONTHS:
        raise Invalid(f"Enter a number of months from 1 to {MOST_MONTHS:,}, or nothing to keep everything", "months")
    row = uow.session.get(RecordsSchedule, organisation_id)
    if row is None:
        row = RecordsSchedule(organisation_id=organisation_id)
        uow.session.add(row)
    row.months, row.closed_only, row.comments = rule.months, rule.closed_only, rule.comments
    row.set_by, row.set_at = by, uow.now
    own = (Holder.organisation_id == organisation_id, Holder.ended_at.is_(None), Holder.due_at.is_not(None))
    uow.session.execute(update(Holder).where(*own).values(due_at=None))
    uow.session.flush()
    which = f", {'closed ones' if rule.closed_only else 'all'}" if rule.months else ""
    which += ", comments too" if rule.months and rule.comments else ""
    uow.record("records:schedule", organisation_id, organisation_id, f"{rule.months or 'no'} months{which}")


def hold(uow: UnitOfWork, holder: Holder, reason: str) -> None:
    """Keep a conversation whatever the schedule says, or no longer so (no reason). Raises Invalid for a long one."""
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"The reason must be {LONGEST_REASON} characters or fewer", "reason")
    holder.held_for, holder.due_at = reason, None
    act = "records:hold" if reason else "records:let-go"
    uow.record(act, holder.node, holder.organisation_id, reason)


def how_many_fit(session: Session, organisation_id: str, rule: Rule, now: datetime) -> int:
    """How many conversations an organisation has kept as long as a rule says."""
    if rule.months is None:
        return 0
    wanted = _kept(organisation_id, func.count()).where(*_fits(rule, now))
    return session.scalar(wanted) or 0


def due(session: Session, organisation_id: str, page: int, size: int) -> tuple[list[tuple[Holder, Talk]], int]:
    """A page of what is due, what goes first on top; and how many that is."""
    some = _kept(organisation_id, Holder, Talk).where(Holder.due_at.is_not(None))
    total = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    rows = session.execute(some.order_by(Holder.due_at, Holder.node).offset((page - 1) * size).limit(size))
    return [(holder, talk) for holder, talk in rows], total


def held(session: Session, organisation_id: str, most: int) -> list[tuple[Holder, Talk]]:
    """What is kept whatever the schedule says, the latest first."""
    some = _kept(organisation_id, Holder, Talk).where(Holder.held_for != "").order_by(Talk.last_at.desc()).limit(most)
    return [(holder, talk) for holder, talk in session.execute(some)]


def going() -> ColumnElement[int]:
    """How many conversations are due in an organisation, as a part of a SELECT of its place."""
    there = (Holder.organisation_id == Place.id, Holder.due_at.is_not(None), Holder.ended_at.is_(None))
    return select(func.count()).select_from(Holder).where(*there).correlate(Place).scalar_subquery()


def kept_with_others(session: Session, holders: list[Holder]) -> set[str]:
    """The nodes of those that another organisation keeps too."""
    nodes = [holder.node for holder in holders]
    still = (Holder.node.in_(nodes), Holder.ended_at.is_(None))
    return set(session.scalars(select(Holder.node).where(*still).group_by(Holder.node).having(func.count() > 1)))


def call_due(uow: UnitOfWork, organisation_id: str, rule: Rule) -> int:
    """Call due what was kept long enough, and take that back of what is in use again; returns how many changed."""
    if rule.months is None:
        return 0
    fits = _kept(organisation_id, Holder.node).where(*_fits(rule, uow.now))
    own, still = (Holder.organisation_id == organisation_id, Holder.ended_at.is_(None))
    new = update(Holder).where(own, still, Holder.due_at.is_(None), Holder.node.in_(fits))
    back = update(Holder).where(own, still, Holder.due_at.is_not(None), not_(Holder.node.in_(fits)))
    done = [uow.session.execute(each) for each in (back.values(due_at=None), new.values(due_at=uow.now + WAITS))]
    changed = sum(cast(CursorResult[Any], each).rowcount for each in done)
    if changed:
        uow.record("records:due", organisation_id, organisation_id, f"{changed} conversations")
    return changed


def over(session: Session, organisation_id: str, now: datetime, most: int) -> list[str]:
    """The nodes of conversations whose waiting is over."""
    wanted = _kept(organisation_id, Holder.node).where(Holder.due_at <= now).order_by(Holder.due_at, Holder.node)
    return list(session.scalars(wanted.limit(most)))


def let_go(uow: UnitOfWork, organisation_id: str, node: str) -> bool:
    """Let an organisation keep a conversation no longer, if it still fits; the text goes with the last keeper."""
    own = node.partition(":")[2]
    thing: Thread | Document | None = (
        uow.session.get(Thread, own, with_for_update=True)
        if node.startswith(THREADS.node_prefix)
        else uow.session.get(Document, own, with_for_update=True)
    )
    talk = uow.session.get(Talk, node, with_for_update=True, populate_existing=True)
    rule = rule_of(uow.session, organisation_id)
    if thing is None or talk is None or rule.months is None:
        return False
    mine = _kept(organisation_id, Holder).where(Holder.node == node, Holder.due_at <= uow.now, *_fits(rule, uow.now))
    holder = uow.session.scalar(mine)
    if holder is None:
        return False
    holder.ended_at, holder.due_at = uow.now, None
    uow.session.flush()
    uow.record("records:end", node, organisation_id, f"after {rule.months} months")
    others = select(Holder.organisation_id).where(Holder.node == node, Holder.ended_at.is_(None)).limit(1)
    if uow.session.scalar(others) is None:
        _remove_texts(uow, thing, talk, rule.months)
    return True


def _remove_texts(uow: UnitOfWork, thing: Thread | Document, talk: Talk, months: int) -> None:
    """Take away what was said, earlier texts too. Numbers, authors, times and a title of its own stay."""
    talk.removed_to, talk.removed_at, talk.removed_after = talk.last_number, uow.now, months
    uow.session.execute(delete(PostText).where(PostText.node == talk.node))
    gone = update(Post).where(Post.node == talk.node)
    uow.session.execute(gone.values(body="", revision=Post.revision + 1))
    call_anew(uow.session, [talk.node])
    fence(uow, talk.node, uow.enqueue(talk.node))
    uow.record("thread:remove", talk.node, thing.organisation_id, f"{talk.last_number} posts, after {months} months")


def _kept(organisation_id: str, *columns: Any) -> Select[Any]:
    its = (Holder.organisation_id == organisation_id, Holder.ended_at.is_(None))
    found = select(*columns).select_from(Holder).join(Talk, Talk.node == Holder.node)
    found = found.outerjoin(Thread, THREADS.on(Holder.node)).outerjoin(Document, DOCUMENTS.on(Holder.node))
    return found.where(*its, or_(Thread.id.is_not(None), Document.id.is_not(None)))


def _fits(rule: Rule, now: datetime) -> tuple[ColumnElement[bool], ...]:
    quiet = Talk.last_at < months_before(now, rule.months or MOST_MONTHS)
    conversation = [Thread.id.is_not(None), Thread.pinned_at.is_(None)]
    comments = [Document.id.is_not(None) if rule.comments else false()]
    if rule.closed_only:
        conversation.append(Thread.closed_at.is_not(None))
        comments.append(Document.state.in_(PUT_AWAY))
    return quiet, Holder.held_for == "", or_(and_(*conversation), and_(*comments))


def months_before(now: datetime, months: int) -> datetime:
    """The same hour so many months ago, by the calendar of London; of a day that month lacks, its last one."""
    at = now.astimezone(LONDON)
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
