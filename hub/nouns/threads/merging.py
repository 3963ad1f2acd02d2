"""Making two conversations one: the posts of the first go behind those of the second, and its addresses lead there."""

import json
import re
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.access.models import Place
from hub.access.places import fence
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import draft_at
from hub.keeping.models import TypedDraft
from hub.nouns.people.service import end_grants_on
from hub.nouns.talk.joining import append_talk, are_records_apart
from hub.nouns.talk.service import is_answered
from hub.nouns.threads.models import MergedThread, Thread
from hub.nouns.threads.service import move_thread, set_marking_and_state, settle
from hub.nouns.threads.sorts import SORTS

ANSWERED_APART = "A question with an answer goes into another question only: its answers would be none there."
OF_TWO = "Conversations of two organisations stay apart: each keeps its own."
UNLIKE = "Only questions and discussions become one: the others have more to them than what was said."
RECORDS = "Some of what was said there is held for a reason, or was let go by a schedule: it stays apart."
IN_STATES = "Both must stand alike: archive, publish or restore one of them first."


def check_merge(session: Session, thread: Thread, into: Thread) -> None:
    """Raise Conflict, with a sentence, where two conversations cannot become one."""
    if not all(SORTS[each.sort].usual for each in (thread, into)):
        raise Conflict(UNLIKE)
    if thread.organisation_id != into.organisation_id:
        raise Conflict(OF_TWO)
    if thread.state != into.state:
        raise Conflict(IN_STATES)
    if not SORTS[into.sort].answers and is_answered(session, thread.node):
        raise Conflict(ANSWERED_APART)
    if are_records_apart(session, (thread.node, into.node)):
        raise Conflict(RECORDS)


def merge_threads(uow: UnitOfWork, thread: Thread, into: Thread, place: Place, marking: str) -> int:
    """Put one conversation behind another, which lies at `place` with `marking` from then on.

    Returns the number after which its posts stand there; raises Conflict as `check_merge` does. That nobody reads more
    by it is for the caller to see to.
    """
    check_merge(uow.session, thread, into)
    if into.place_id != place.id:
        move_thread(uow, into, place)
    if into.marking != marking:
        set_marking_and_state(uow, into, marking, into.state)
    end_grants_on(uow, thread.node)
    newest = max((into, thread), key=lambda each: each.changed_at)
    into.changed_at, into.last_by, count = newest.changed_at, newest.last_by, thread.last_number
    own, node = thread.id, thread.node
    uow.session.flush()
    after = append_talk(uow, node, into.node, thread.title)
    into.last_number = after + count
    uow.session.execute(
        update(MergedThread)
        .where(MergedThread.into_id == own)
        .values(into_id=into.id, after=MergedThread.after + after)
        .execution_options(synchronize_session=False)
    )
    uow.session.add(MergedThread(id=own, into_id=into.id, after=after, at=uow.now))
    _carry_drafts(uow, own, into, after)
    uow.session.delete(uow.session.get_one(Thread, own))
    uow.session.flush()
    settle(uow, into)
    for each in (node, into.node):
        fence(uow, each, uow.enqueue(each))
    uow.record("thread:merge", into.node, into.organisation_id, f"{node} from {after + 1}")
    return after


def led_on(session: Session, thread_id: str) -> tuple[Thread, int] | None:
    """The conversation of which one became a part, and after which number, to be judged by the caller. One query."""
    found: Any = select(Thread, MergedThread.after).join(MergedThread, MergedThread.into_id == Thread.id)
    row = session.execute(found.where(MergedThread.id == thread_id)).first()
    return (row[0], row[1]) if row else None


def _carry_drafts(uow: UnitOfWork, own: str, into: Thread, after: int) -> None:
    """What people were typing goes on there; who was typing there too finds it below that."""
    begin = re.compile(rf"^/threads/{own}(?:/posts/(\d+))?")

    def there(found: re.Match[str]) -> str:
        return f"/threads/{into.id}" + (f"/posts/{int(found[1]) + after}" if found[1] else "")

    typed_there = (TypedDraft.node == f"thread:{own}", TypedDraft.dropped_at.is_(None))
    for draft in uow.session.scalars(select(TypedDraft).where(*typed_there)).all():
        address = begin.sub(there, draft.address)
        other = draft_at(uow.session, draft.person_id, address, dropped=True)
        if other is None:
            draft.address, draft.opens, draft.node = address, begin.sub(there, draft.opens), into.node
            continue
        typed, more = json.loads("{}" if other.dropped_at else other.fields), json.loads(draft.fields)
        typed["body"] = f"{typed.get('body', '')}\n\n{more.get('body', '')}".strip()
        other.fields, other.dropped_at = json.dumps(typed, ensure_ascii=False), None
        uow.session.delete(draft)
