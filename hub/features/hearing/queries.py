"""What somebody is to hear of, each notice judged as it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from hub.access.viewer import Viewer
from hub.keeping.models import TALK, Visit
from hub.nouns.talk.models import AcceptedAnswer, Notice, Post
from hub.things.kinds import Kinds
from hub.things.thing import Lying

MOST: Final = 100
"""Notices that are looked at, the newest first."""
OF_ONE_POST: Final = frozenset({"told", "answer", "accepted", "backed", "comes"})
"""Reasons that hold of one post, and of no other that stands in for it."""


@dataclass(frozen=True)
class Heard:
    """A notice of something that its person may read now."""

    notice: Notice
    number: int
    """Of the post: that of the notice, or the next one by somebody else where that was withdrawn.

    0 where they hear of the thing itself.
    """
    because: str
    """Why they hear of it: a key of `words.BECAUSE`."""
    thing: Lying
    author: str
    """Who wrote the post, or accepted it as the answer (a `who` word)."""
    new: bool
    did_at: datetime
    """When they did."""


def heard(viewer: Viewer, lately: Mapping[str, datetime]) -> list[Heard]:
    """The viewer's notices, the newest first, of what they may read now and was not withdrawn. One query.

    `lately` are moments at which they read some things, which are not written yet.
    """
    viewer.sight()  # by which each of them is judged
    rows = viewer.session.execute(_heard(viewer.kinds), {"person": viewer.person.id, "own": viewer.person.subject_id})
    found = []
    for notice, said, writer, said_at, accepted_by, accepted_at, opened_at, *things in rows:
        thing: Any = next(filter(None, things), None)
        number = said or 0
        if thing is not None and (number or not notice.number) and viewer.sees(thing):
            looked = (opened_at, notice.put_away_at, lately.get(notice.node if number == 0 else TALK + notice.node))
            because = "follow" if number != notice.number and notice.because in OF_ONE_POST else notice.because
            accepted = because == "accepted" and accepted_by is not None
            who, when = (accepted_by, accepted_at) if accepted else (writer or thing.owner, said_at or notice.at)
            new = not any(at and at >= notice.at for at in looked)
            found.append(Heard(notice, number, because, thing, who, new, when))
    return found


@cache
def _heard(kinds: Kinds) -> Select[Any]:
    talked = [kind for kind in kinds.lying if kind.talk is not None]
    its = (Post.node == Notice.node) & (Post.number == _first())
    read = case((Notice.number == 0, Notice.node), else_=literal(TALK) + Notice.node)
    mine = (Visit.person_id == Notice.person_id) & (Visit.thing == read)
    accepted = (AcceptedAnswer.node == Notice.node) & (AcceptedAnswer.number == Notice.number)
    told = (Notice, Post.number, Post.author, Post.at, AcceptedAnswer.by, AcceptedAnswer.at, Visit.opened_at)
    wanted = select(*told, *(kind.model for kind in talked)).select_from(Notice).outerjoin(Post, its)
    wanted = wanted.outerjoin(Visit, mine).outerjoin(AcceptedAnswer, accepted)
    for kind in talked:
        wanted = wanted.outerjoin(kind.model, kind.only & kind.columns.on(Notice.node))
    there = or_(*(kind.columns.id.is_not(None) for kind in talked))
    own = Notice.person_id == bindparam("person")
    return wanted.where(own, there).order_by(Notice.at.desc(), Notice.node).limit(MOST)


def _first() -> ScalarSelect[int]:
    """The number of the post of a notice; of the next one that was told of where it was withdrawn, if there is one."""
    post = aliased(Post)
    its = post.number == Notice.number
    later = (
        (post.number > Notice.number) & (Notice.number > 0) & (post.at <= Notice.at) & (post.author != bindparam("own"))
    )
    stands = (post.node == Notice.node, post.withdrawn_at.is_(None), its | later)
    return select(func.min(post.number)).where(*stands).correlate(Notice).scalar_subquery()
