"""What an organisation holds of what was said, for whoever keeps its records.

What its own people said for it, wherever that was. What others said in the same talk only from the first post of its
people on, since it keeps the talk from then on, and only where whoever asks may read it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.ground.clock import LONDON
from hub.nouns.talk.models import Holder, Post, PostText, Removal

MOST_WORDS: Final = 8


@dataclass(frozen=True)
class Sought:
    """Which of what an organisation holds is asked for; what is empty narrows nothing."""

    organisation_id: str
    words: str = ""
    who: str = ""
    """Part of the name of whoever wrote it, or their short name."""
    since: date | None = None
    until: date | None = None
    """The last day."""
    earlier: bool = False
    """Whether what was said before an edit counts too."""


@dataclass(frozen=True)
class Held:
    """How much that is."""

    posts: int
    talks: int
    authors: int
    withdrawn: int
    first: datetime | None
    last: datetime | None


def how_much(viewer: Viewer, sought: Sought) -> Held:
    """How many posts an organisation holds of those that are sought. One query."""
    some = _held(viewer, sought, Post.node, Post.author, Post.at, Post.withdrawn_at).subquery()
    gone = func.count(some.c.withdrawn_at)
    counts = (func.count(), func.count(distinct(some.c.node)), func.count(distinct(some.c.author)), gone)
    row = viewer.session.execute(select(*counts, func.min(some.c.at), func.max(some.c.at))).one()
    return Held(*row)


def posts_held(viewer: Viewer, sought: Sought, after: tuple[str, int], most: int) -> list[Post]:
    """Some of these posts, talk by talk, from the one after a node and number. One query, however far down."""
    further = tuple_(Post.node, Post.number) > tuple_(*after)
    wanted = _held(viewer, sought, Post).where(further).order_by(Post.node, Post.number).limit(most)
    return list(viewer.session.scalars(wanted))


def page_of_held(viewer: Viewer, sought: Sought, page: int, size: int) -> list[Post]:
    """A page of them, the newest first."""
    wanted = _held(viewer, sought, Post).order_by(Post.at.desc(), Post.node, Post.number)
    return list(viewer.session.scalars(wanted.offset((page - 1) * size).limit(size)))


def texts_before(session: Session, posts: list[Post]) -> dict[tuple[str, int], list[PostText]]:
    """What some posts said before they were edited, the oldest first, by node and number. One query."""
    found: dict[tuple[str, int], list[PostText]] = {}
    edited = [(post.node, post.number) for post in posts if post.revision > 1]
    if edited:
        wanted = select(PostText).where(tuple_(PostText.node, PostText.number).in_(edited))
        for row in session.scalars(wanted.order_by(PostText.node, PostText.number, PostText.revision)):
            found.setdefault((row.node, row.number), []).append(row)
    return found


def removals_of(session: Session, posts: list[Post]) -> dict[tuple[str, int], list[Removal]]:
    """What was taken out of some posts for good, in order, by node and number. One query."""
    found: dict[tuple[str, int], list[Removal]] = {}
    some = [(post.node, post.number) for post in posts]
    if some:
        wanted = select(Removal).where(tuple_(Removal.node, Removal.number).in_(some))
        for row in session.scalars(wanted.order_by(Removal.id)):
            found.setdefault((row.node, row.number), []).append(row)
    return found


def _held(viewer: Viewer, sought: Sought, *columns: Any) -> Select[Any]:
    own, its = sought.organisation_id, and_(Holder.node == Post.node, Holder.ended_at.is_(None))
    kept = (Holder.organisation_id == own, Post.number >= Holder.from_number)
    wanted = select(*columns).join(Holder, its).where(*kept)
    return wanted.where(or_(Post.organisation_id == own, *_readable(viewer)), *_narrowed(sought))


def _readable(viewer: Viewer) -> list[ColumnElement[bool]]:
    """That whoever asks may read what a post is about, for each kind that is talked about."""
    talked = [kind.columns for kind in viewer.kinds.lying if kind.talk is not None]
    return [exists(select(columns.id).where(columns.on(Post.node), viewer.where(columns))) for columns in talked]


def _narrowed(sought: Sought) -> list[ColumnElement[bool]]:
    found = [_says(word, earlier=sought.earlier) for word in sought.words.split()[:MOST_WORDS]]
    if sought.who:
        found.append(Post.author.in_(_called(sought.who)))
    if sought.since:
        found.append(Post.at >= datetime.combine(sought.since, time(), LONDON))
    if sought.until:
        found.append(Post.at < datetime.combine(sought.until + timedelta(days=1), time(), LONDON))
    return found


def _says(word: str, *, earlier: bool) -> ColumnElement[bool]:
    now = _holds(Post.body, word)
    if not earlier:
        return now
    its = (PostText.node == Post.node, PostText.number == Post.number)
    return or_(now, exists().where(*its, _holds(PostText.body, word)))


def _holds(text: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """In small or large letters; SQLite makes small ones of those of English alone, so also just as it was typed."""
    small = func.lower(text).contains(word.lower(), autoescape=True)
    return small if word.isascii() else or_(small, text.contains(word, autoescape=True))


def _called(who: str) -> Select[Any]:
    """The `who` words of people whose name holds each word, or whose short name it is."""
    kind = case((Person.kind == "guest", "guest:"), else_="person:")
    parts = [func.lower(Person.name).contains(word.lower(), autoescape=True) for word in who.split()[:MOST_WORDS]]
    return select(kind.concat(Person.handle)).where(or_(and_(*parts), Person.handle == who.strip().lower()))
