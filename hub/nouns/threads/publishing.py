"""Publishing what began as a draft: at once, or by itself when it is time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.store import Snapshot
from acl.visibility import Object, joined
from hub.access.judged import judge_at
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.models import Post
from hub.nouns.talk.service import TELL
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sorts import DRAFT, PUBLISHED, SCHEDULED

LATEST: Final = timedelta(days=366)
"""So far ahead something may be scheduled."""
AT_ONCE: Final = 20
"""What one round publishes."""
PUBLISHED_ALREADY: Final = "This was published meanwhile."


def as_published(thread: Thread, snapshot: Snapshot) -> Object | None:
    """A draft as policy will see it: it is nobody's own then."""
    return judge_at(
        thread.place_id, thread.node, owner="", marking=thread.marking, state="published", snapshot=snapshot
    )


def schedule(uow: UnitOfWork, thread: Thread, at: datetime, by: str) -> None:
    """Let it be published at a moment; raises Invalid for one that is past or too far ahead."""
    _check(thread)
    if at <= uow.now:
        raise Invalid("The time must be later than now. To publish it at once, choose “Now”", "day")
    if at > uow.now + LATEST:
        raise Invalid("Choose a day within a year from now", "day")
    thread.publish_at, thread.publish_by, thread.stage = at, by, SCHEDULED
    uow.record("thread:schedule", thread.node, thread.organisation_id, at.isoformat(timespec="minutes"))


def unschedule(uow: UnitOfWork, thread: Thread) -> None:
    """Keep it as a draft until somebody publishes it."""
    _check(thread)
    thread.publish_at, thread.publish_by, thread.stage = None, None, DRAFT
    uow.record("thread:unschedule", thread.node, thread.organisation_id)


def publish(uow: UnitOfWork, thread: Thread) -> None:
    """Publish it now; raises Conflict where it is no draft any more. It was said now, and belongs to nobody alone."""
    _check(thread)
    first = uow.session.get_one(Post, (thread.node, 1), with_for_update=True)
    first.at, first.edited_at = uow.now, None
    thread.state, thread.ms, thread.owner = "published", joined(thread.marking, "published"), ""
    thread.stage, thread.publish_at, thread.publish_by = PUBLISHED, None, None
    thread.published_at, thread.changed_at = uow.now, uow.now
    uow.session.flush()
    uow.enqueue(thread.node)
    uow.enqueue(f"{thread.node}#1", topic=TELL)
    uow.record("thread:publish", thread.node, thread.organisation_id)


def due(session: Session, now: datetime) -> list[str]:
    """The ids of what is to be published now, the longest due first. One query."""
    waits = (Thread.publish_at.is_not(None), Thread.publish_at <= now, Thread.state == "draft")
    return list(session.scalars(select(Thread.id).where(*waits).order_by(Thread.publish_at).limit(AT_ONCE)))


def next_due(session: Session) -> datetime | None:
    """When the next is."""
    waits = (Thread.publish_at.is_not(None), Thread.state == "draft")
    return session.scalar(select(Thread.publish_at).where(*waits).order_by(Thread.publish_at).limit(1))


def _check(thread: Thread) -> None:
    if thread.state != "draft":
        raise Conflict(PUBLISHED_ALREADY)
