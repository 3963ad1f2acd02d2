"""What stands beside a post without being its text, out of which personal data is taken with it.

Of a first post the title, and where an event is; of what was merged the title that it had before. Nothing keeps what
these said earlier.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk import erasing as talk
from hub.nouns.talk.erasing import GAP, Erasure
from hub.nouns.talk.models import Post
from hub.nouns.threads.models import Event, Thread
from hub.nouns.threads.service import call_anew
from hub.nouns.threads.sorts import SORTS


@dataclass(frozen=True)
class Beside:
    """A line that stands beside a post."""

    label: str
    row: Any
    column: str

    @property
    def text(self) -> str:
        """What it says."""
        return getattr(self.row, self.column) or ""

    def left(self, erasure: Erasure) -> str:
        """What it will say: it is never empty where it was not."""
        return erasure.out_of(self.text) or (GAP if self.text else "")


def changed(lines: list[Beside], erasure: Erasure) -> bool:
    """Whether any of them would say something else."""
    return any(line.left(erasure) != line.text for line in lines)


def beside(session: Session, post: Post) -> list[Beside]:
    """The lines that stand beside a post and say something."""
    found = [Beside("The title before it was merged", post, "joined_from")]
    thread = session.get(Thread, post.node.partition(":")[2]) if post.number == 1 else None
    if thread is not None and thread.node == post.node:
        event = session.get(Event, thread.id)
        if SORTS[thread.sort].titled:
            found.append(Beside("The title", thread, "title"))
        if event is not None:
            found += [Beside("Where it is", event, "venue"), Beside("Why it was called off", event, "reason")]
    return [each for each in found if each.text]


def erase(uow: UnitOfWork, post: Post, erasure: Erasure, organisation_id: str, by: str, edited_at: str) -> None:
    """Take it out of a post, as `hub/nouns/talk/erasing.py` does, and out of what stands beside it."""
    lines = beside(uow.session, post)
    talk.erase(uow, post, erasure, organisation_id, by, edited_at, besides=changed(lines, erasure))
    for line in lines:
        setattr(line.row, line.column, line.left(erasure))
    call_anew(uow.session, [post.node])
    uow.session.flush()
