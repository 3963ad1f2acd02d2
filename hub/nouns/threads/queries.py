"""Reads of conversations. Lists are of those that the viewer may see; one by its id is for the caller to judge."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from acl.vocabulary import GUEST, PERSON
from hub.access.models import Person, Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.ground.db import row_of
from hub.nouns.talk import queries as talk
from hub.nouns.talk.models import Vote
from hub.nouns.threads.models import THREADS, StageMove, Thread
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import DONE, OPEN, QUESTION, SORTS

MOST_COUNTED: Final = 10_000
MOST_PUT_FORWARD: Final = 200
"""Of what was put forward in one, so many are listed."""
UNANSWERED: Final = "unanswered"
SHOWS: Final[Mapping[str, ColumnElement[bool]]] = {
    "": Thread.id.is_not(None),
    UNANSWERED: (Thread.sort == QUESTION.key) & (Thread.stage == OPEN) & Thread.closed_at.is_(None),
    **{sort.word: Thread.sort == sort.key for sort in SORTS.values()},
}
"""What the talk of a space can be narrowed to, by the word in its address."""


def support() -> ColumnElement[int]:
    """How many said what they make of one, as a column."""
    said = select(func.count()).where(Vote.node == "thread:" + Thread.id)
    return said.correlate(Thread).scalar_subquery()


def _orders(sort: Sort | None) -> tuple[Any, ...]:
    """How a list goes: pinned ones first, then as its sort has it, or where something was said last."""
    stages = {stage: number for number, stage in enumerate(sort.stages)} if sort else {}
    by = {
        "published": (Thread.published_at.is_not(None), Thread.published_at.desc()),
        "opened": (Thread.created_at.desc(),),
        "support": (case(stages or {"": 0}, value=Thread.stage, else_=len(stages)), support().desc()),
    }
    own = by.get(sort.order, ()) if sort else ()
    return Thread.pinned_at.is_(None), *own, Thread.changed_at.desc(), Thread.id


def thread_by_id(session: Session, thread_id: str) -> Thread | None:
    """A conversation, to be judged by the caller."""
    return row_of(session, Thread, thread_id)


def threads_in(viewer: Viewer, place: Place, show: str, page: int, size: int) -> list[Thread]:
    """A page of the conversations at a place and below it: pinned ones first, then where something was said last."""
    values = {"place": place.id, "skip": (page - 1) * size, "most": size}
    return list(viewer.session.scalars(viewer.statement(_listed, show), values))


def count_in(viewer: Viewer, place: Place, show: str) -> int:
    """How many there are, up to `MOST_COUNTED`."""
    return viewer.session.scalar(viewer.statement(_counted, show), {"place": place.id}) or 0


def threads_to_merge(viewer: Viewer, thread: Thread, words: str, most: int) -> list[Thread]:
    """Other conversations of its organisation that the viewer manages: those of its place first, then the latest."""
    managed = (viewer.where(THREADS, "manage"), Thread.organisation_id == thread.organisation_id)
    title = func.lower(Thread.title).contains(words.lower(), autoescape=True)
    wanted = select(Thread).where(*managed, Thread.id != thread.id, Thread.state == thread.state, title)
    order = (Thread.place_id != thread.place_id, Thread.changed_at.desc(), Thread.id)
    return list(viewer.session.scalars(wanted.order_by(*order).limit(most)))


def which(viewer: Viewer, show: str) -> tuple[ColumnElement[bool], ...]:
    """Of the conversations at and below the parameter `place`, those that the viewer may see and a word narrows to."""
    below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == bindparam("place"))
    return Thread.place_id.in_(below), SHOWS[show], viewer.where(THREADS)


def _listed(viewer: Viewer, show: str) -> Select[Any]:
    order = _orders(next((sort for sort in SORTS.values() if sort.word == show), None))
    return (
        select(Thread).where(*which(viewer, show)).order_by(*order).offset(bindparam("skip")).limit(bindparam("most"))
    )


def put_forward_in(viewer: Viewer, campaign: Thread) -> list[tuple[Thread, int, Person | None]]:
    """What was put forward in a campaign and the viewer may see, in the order of its sort.

    Each with how many support it, and who put it forward. One query.
    """
    asked = viewer.statement(_put_forward, campaign.sort)
    return [(each, count, by) for each, count, by in viewer.session.execute(asked, {"campaign": campaign.id})]


def _put_forward(viewer: Viewer, sort: str) -> Select[Thread, int, Person]:
    taken = SORTS[SORTS[sort].takes]
    own = (Thread.campaign_id == bindparam("campaign"), viewer.where(THREADS))
    handle = func.substr(
        Thread.opened_by, case((Thread.opened_by.startswith(GUEST), len(GUEST)), else_=len(PERSON)) + 1
    )
    wanted = select(Thread, support(), Person).outerjoin(Person, Person.handle == handle)
    return wanted.where(*own).order_by(*_orders(taken)).limit(MOST_PUT_FORWARD)


def realised_in(viewer: Viewer, place: Place) -> tuple[int, int]:
    """What ideas at a place and below it, which the viewer may see, were worth in pounds; and how many. One query."""
    found = viewer.session.execute(viewer.statement(_realised), {"place": place.id}).one()
    return int(found[0] or 0), int(found[1])


def _realised(viewer: Viewer) -> Select[Any]:
    done = (*which(viewer, ""), Thread.stage == DONE, Thread.worth.is_not(None))
    worth: ColumnElement[Any] = func.sum(Thread.worth)
    return select(worth, func.count()).where(*done)


def moves_of(node: str, numbers: Collection[int]) -> Select[int, str]:
    """Asks for the stages to which posts of a conversation moved it, by number."""
    return select(StageMove.number, StageMove.stage).where(StageMove.node == node, StageMove.number.in_(numbers))


def _counted(viewer: Viewer, show: str) -> Select[Any]:
    some = select(Thread.id).where(*which(viewer, show)).limit(MOST_COUNTED)
    return select(func.count()).select_from(some.subquery())


def bodies_of(session: Session, threads: Mapping[str, Thread]) -> dict[str, str]:
    """What is said in each, in Markdown, by id. One query."""
    said = talk.said_about(session, [thread.node for thread in threads.values()])
    return {own: said.get(thread.node, "") for own, thread in threads.items()}


def first_words(session: Session, threads: Mapping[str, Thread]) -> dict[str, str]:
    """What was said to open some, as it reads now, in Markdown, by id; nothing of what was withdrawn. One query."""
    nodes = {thread.node: own for own, thread in threads.items()}
    return {nodes[node]: body for node, body in talk.first_of(session, list(nodes)).items()}


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
