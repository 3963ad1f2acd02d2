"""Use cases of conversations. Who may is decided by the caller's gate before; what is written is written here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES
from hub.access.models import Person, Place
from hub.access.places import fence
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import end_grants_on
from hub.nouns.talk import service as talk
from hub.nouns.talk.models import Post
from hub.nouns.talk.queries import stands
from hub.nouns.threads.checks import check_campaign, check_last_day, check_length, check_title, title_of
from hub.nouns.threads.models import THREADS, Thread
from hub.nouns.threads.sorts import ANSWERED, DRAFT, OPEN, SORTS
from hub.things.columns import among


@dataclass(frozen=True)
class NewThread:
    """What somebody says to open a conversation."""

    sort: str
    title: str
    body: str
    told: tuple[Person, ...] = ()
    """Whom its author wants to see it, and who may read it."""
    marking: str = ""
    """Empty: as its place is."""
    closes_at: datetime | None = None
    """From when on it takes nothing more, where its sort takes something up to a day."""
    campaign: Thread | None = None
    """What it is put forward in."""


def open_thread(uow: UnitOfWork, place: Place, author: Person, new: NewThread) -> Thread:
    """Open a conversation with its first post; a draft is its author's own.

    Raises Invalid for a bad title, text, marking, day or place.
    """
    check_new(new, place, uow.now)
    sort, marking = SORTS[new.sort], new.marking or place.marking
    if marking not in MARKINGS:
        raise Invalid("Choose one of the markings that are offered.", "marking")
    state = "draft" if sort.drafted else "published"
    title = new.title.strip() if sort.titled else title_of(new.body)
    thread = Thread(
        id=new_id(),
        sort=new.sort,
        place_id=place.id,
        organisation_id=place.organisation_id or "",
        title=title,
        marking=marking,
        state=state,
        ms=joined(marking, state),
        owner=author.subject_id if sort.drafted else "",
        opened_by=author.subject_id,
        stage=sort.first,
        created_at=uow.now,
        changed_at=uow.now,
        last_by=author.subject_id,
        last_number=1,
        closes_at=new.closes_at,
        campaign_id=new.campaign.id if new.campaign is not None else None,
    )
    uow.session.add(thread)
    uow.session.flush()
    talk.say(uow, thread.node, author, new.body, told=new.told)
    uow.record("thread:open", thread.node, thread.organisation_id)
    return thread


def post_to(
    uow: UnitOfWork,
    thread: Thread,
    author: Person,
    body: str,
    answers_to: int | None = None,
    told: Iterable[Person] = (),
) -> Post:
    """Post to a conversation; raises Invalid as `say` does, and Conflict where it is closed."""
    if thread.closed_at is not None:
        raise Conflict("This conversation was closed while you were writing. Copy your text before you leave.")
    if thread.state == "draft":
        raise Conflict("This is a draft. Once it is published, people can comment on it.")
    post = talk.say(uow, thread.node, author, body, answers_to, told)
    thread.changed_at, thread.last_by, thread.last_number = uow.now, post.author, post.number
    return post


def accept(uow: UnitOfWork, thread: Thread, post: Post, by: str, *, on: bool) -> None:
    """Mark a post as one that answers the question, or no longer; raises Conflict where nothing is asked."""
    if not SORTS[thread.sort].answers or post.number == 1:
        raise Conflict("Only an answer to a question can be accepted.")
    if on:
        talk.accept(uow, post, by)
    else:
        talk.accept_no_more(uow, post)
    settle(uow, thread)
    uow.record("thread:accept" if on else "thread:unaccept", thread.node, thread.organisation_id, str(post.number))


def call_anew(session: Session, nodes: Iterable[str]) -> None:
    """Let those of some conversations that have no title of their own be called by what their first posts say now."""
    untitled = [sort.key for sort in SORTS.values() if not sort.titled]
    some = select(Thread, Post).join(Post, THREADS.on(Post.node)).where(Thread.sort.in_(untitled), Post.number == 1)
    for thread, post in session.execute(some.where(among(Post.node, list(nodes)))):
        thread.title = title_of(post.body if stands(session, post) else "")


def settle(uow: UnitOfWork, thread: Thread) -> None:
    """Let a question say whether it is answered, and what has no title be called by what stands."""
    call_anew(uow.session, [thread.node])
    if SORTS[thread.sort].answers:
        thread.stage = ANSWERED if talk.is_answered(uow.session, thread.node) else OPEN
    uow.enqueue(thread.node)


def edit_in(uow: UnitOfWork, thread: Thread, post: Post, based_on: int, body: str) -> bool:
    """Change what a post of a conversation says, as `edit_post` does; of one without a title, what it is called too."""
    sort = SORTS[thread.sort]
    if post.number == 1:
        check_length(sort, body)
    changed = talk.edit_post(uow, post, based_on, body)
    if changed and post.number == 1 and not sort.titled:
        thread.title = title_of(body)
    return changed


def rename_thread(uow: UnitOfWork, thread: Thread, title: str) -> None:
    """Give it another title; raises Invalid for a bad one."""
    check_title(title)
    thread.title = title.strip()
    uow.enqueue(thread.node)
    uow.record("thread:rename", thread.node, thread.organisation_id)


def close_thread(uow: UnitOfWork, thread: Thread, *, on: bool) -> None:
    """Let nobody post to it any more, or open it again."""
    thread.closed_at = uow.now if on else None
    uow.record("thread:close" if on else "thread:reopen", thread.node, thread.organisation_id)


def pin_thread(uow: UnitOfWork, thread: Thread, *, on: bool) -> None:
    """Let it stand on top of the talk of its space, or no longer."""
    thread.pinned_at = uow.now if on else None
    uow.record("thread:pin" if on else "thread:unpin", thread.node, thread.organisation_id)


def set_marking_and_state(uow: UnitOfWork, thread: Thread, marking: str, state: str) -> None:
    """Change what it is marked and where it stands, as with its place. What may tighten is fenced at once."""
    if marking not in MARKINGS or state not in STATES:
        raise Invalid("Choose one of the markings and states that are offered.")
    before = thread.ms
    if state != "draft" and thread.publish_at is not None:
        thread.publish_at, thread.publish_by, thread.stage = None, None, DRAFT
    thread.marking, thread.state, thread.ms = marking, state, joined(marking, state)
    message = uow.enqueue(thread.node)
    if thread.ms != before:
        fence(uow, thread.node, message)
    uow.record("thread:mark", thread.node, thread.organisation_id, f"{before} to {thread.ms}")


def move_thread(uow: UnitOfWork, thread: Thread, place: Place) -> None:
    """Put it into another place. It is fenced until the index knows where it lies.

    Of another organisation: what was given on it ends.
    """
    owner = place.organisation_id or ""
    if owner != thread.organisation_id:
        end_grants_on(uow, thread.node)
        uow.record("thread:leave", thread.node, thread.organisation_id, f"to {place.path}")
    thread.place_id, thread.organisation_id = place.id, owner
    fence(uow, thread.node, uow.enqueue(thread.node))
    uow.record("thread:move", thread.node, owner, f"to {place.path}")


def thread_for_writing(session: Session, thread_id: str) -> Thread | None:
    """A conversation, locked until the unit of work ends. To be judged."""
    return session.get(Thread, thread_id, with_for_update=True)


def check_new(new: NewThread, place: Place, now: datetime) -> None:
    """Raise Invalid for what cannot be opened there."""
    if new.sort not in SORTS:
        raise Invalid("Select what you want to begin", "sort")
    sort = SORTS[new.sort]
    if sort.titled:
        check_title(new.title)
    check_length(sort, new.body)
    if place.kind not in {"space", "folder"}:
        raise Invalid("Conversations lie in spaces. Choose one.")
    if bool(sort.takes) != (new.closes_at is not None):
        raise Invalid("Enter the last day on which it is open", "closes")
    if new.closes_at is not None:
        check_last_day(new.closes_at, now)
    if new.campaign is not None:
        check_campaign(new.campaign, place, sort, now)
