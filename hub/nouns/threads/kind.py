"""What a conversation is to the hub."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from hub.nouns.documents.bodies import without_marks
from hub.nouns.threads import queries
from hub.nouns.threads.models import THREADS, MergedThread, Thread
from hub.nouns.threads.service import move_thread, set_marking_and_state
from hub.nouns.threads.sort import OVER
from hub.nouns.threads.sorts import SORTS
from hub.things.kind import Kind
from hub.things.thing import Face

PAGES = "/threads/"


def _face(thread: Thread) -> Face:
    sort = SORTS[thread.sort]
    return Face(
        title=thread.title,
        href=PAGES + thread.id,
        lies_at=thread.place_id,
        changed=thread.changed_at,
        type=thread.sort,
        stage="Closed" if thread.closed_at else sort.stages[thread.stage],
        tone=OVER if thread.closed_at else sort.tone(thread.stage),
    )


def _words(session: Session, threads: Mapping[str, Thread]) -> dict[str, str]:
    return {own: without_marks(body) for own, body in queries.bodies_of(session, threads).items()}


THREAD = Kind(
    prefix="thread",
    word="conversation",
    many="conversations",
    model=Thread,
    columns=THREADS,
    face=_face,
    bodies=_words,
    sizes=queries.sizes_of,
    pages=PAGES,
    titled=Thread.title,
    changed=Thread.changed_at,
    typed=Thread.sort,
    text=queries.transcript_of,
    saved_by=Thread.last_by,
    saved_at=Thread.changed_at,
    added=Thread.last_number == 1,
    did=("opened", "wrote in"),
    writers=queries.writers_of,
    mark=set_marking_and_state,
    move=move_thread,
    filed=False,
    talk="",
    former=(MergedThread.id, MergedThread.into_id),
)
