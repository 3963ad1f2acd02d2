"""Reads of conversations. Lists are of those that the viewer may see; one by its id is for the caller to judge."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from hub.access.models import Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.nouns.talk import queries as talk
from hub.nouns.threads.models import THREADS, Thread
from hub.nouns.threads.sorts import OPEN, QUESTION

MOST_COUNTED: Final = 10_000
SHOWS: Final[Mapping[str, ColumnElement[bool]]] = {
    "": Thread.id.is_not(None),
    "questions": Thread.sort == QUESTION.key,
    "unanswered": (Thread.sort == QUESTION.key) & (Thread.stage == OPEN) & Thread.closed_at.is_(None),
    "discussions": Thread.sort != QUESTION.key,
}
"""What the talk of a space can be narrowed to, by the word in its address."""


def thread_by_id(session: Session, thread_id: str) -> Thread | None:
    """A conversation, to be judged by the caller."""
    return session.get(Thread, thread_id)


def threads_in(viewer: Viewer, place: Place, show: str, page: int, size: int) -> list[Thread]:
    """A page of the conversations at a place and below it: pinned ones first, then where something was said last."""
    values = {"place": place.id, "skip": (page - 1) * size, "most": size}
    return list(viewer.session.scalars(viewer.statement(_listed, show), values))


def count_in(viewer: Viewer, place: Place, show: str) -> int:
    """How many there are, up to `MOST_COUNTED`."""
    return viewer.session.scalar(viewer.statement(_counted, show), {"place": place.id}) or 0


def which(viewer: Viewer, show: str) -> tuple[ColumnElement[bool], ...]:
    """Of the conversations at and below the parameter `place`, those that the viewer may see and a word narrows to."""
    below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == bindparam("place"))
    return Thread.place_id.in_(below), SHOWS[show], viewer.where(THREADS)


def _listed(viewer: Viewer, show: str) -> Select[Any]:
    order = (Thread.pinned_at.is_(None), Thread.changed_at.desc(), Thread.id)
    return (
        select(Thread).where(*which(viewer, show)).order_by(*order).offset(bindparam("skip")).limit(bindparam("most"))
    )


def _counted(viewer: Viewer, show: str) -> Select[Any]:
    some = select(Thread.id).where(*which(viewer, show)).limit(MOST_COUNTED)
    return select(func.count()).select_from(some.subquery())


def bodies_of(session: Session, threads: Mapping[str, Thread]) -> dict[str, str]:
    """What is said in each, in Markdown, by id. One query."""
    said = talk.said_about(session, [thread.node for thread in threads.values()])
    return {own: said.get(thread.node, "") for own, thread in threads.items()}


def sizes_of(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """How many characters that is at the most: id -> length."""
    nodes = {f"thread:{own}": own for own in ids}
    return {nodes[node]: length for node, length in talk.length_of(session, list(nodes)).items()}


def writers_of(session: Session, thread: Thread) -> set[str]:
    """The `who` words of all who posted."""
    return talk.authors_of(session, thread.node)


def transcript_of(session: Session, thread: Thread) -> str:
    """What is said in one, in Markdown."""
    return bodies_of(session, {thread.id: thread})[thread.id]
