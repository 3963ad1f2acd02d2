"""The last day of what takes something up to a day: another one, which a post says."""

from datetime import datetime

from hub.access.models import Person
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.models import Post
from hub.nouns.threads.checks import check_last_day, last_day
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import post_to


def change_last_day(uow: UnitOfWork, thread: Thread, author: Person, closes_at: datetime, why: str) -> Post | None:
    """Let it be open up to the end of another day, and say so in a post; None where it is that day already.

    Of one whose last day is past, this opens it again. Raises Invalid for a day that is past, and Conflict where it was
    closed by hand.
    """
    if thread.closed_at is not None:
        raise Conflict("It was closed. Open it again before you give it another last day.")
    check_last_day(closes_at, uow.now)
    before = thread.closes_at
    if before is None or before == closes_at:
        return None
    thread.closes_at = closes_at
    said = f"The last day is now {_in_words(closes_at)}. It was {_in_words(before)}."
    post = post_to(uow, thread, author, f"{said}\n\n{why.strip()}".strip())
    uow.record("thread:last-day", thread.node, thread.organisation_id, f"{last_day(before)} to {last_day(closes_at)}")
    return post


def _in_words(closes_at: datetime) -> str:
    return f"{last_day(closes_at):%-d %B %Y}"
