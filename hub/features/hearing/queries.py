"""What somebody is to hear of, each notice judged as it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, literal, or_, select

from hub.access.viewer import Viewer
from hub.keeping.models import TALK, Visit
from hub.nouns.talk.models import AcceptedAnswer, Notice, Post
from hub.things.thing import Lying

MOST: Final = 100
"""Notices that are looked at, the newest first."""


@dataclass(frozen=True)
class Heard:
    """A notice of something that its person may read now."""

    notice: Notice
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
    rows = viewer.session.execute(viewer.statement(_heard), {"person": viewer.person.id})
    found = []
    for notice, author, said_at, accepted_by, accepted_at, opened_at, *things in rows:
        thing: Any = next(filter(None, things), None)
        if thing is not None and viewer.sees(thing):
            looked = (opened_at, notice.put_away_at, lately.get(notice.node))
            accepted = notice.because == "accepted" and accepted_by is not None
            who, when = (accepted_by, accepted_at) if accepted else (author, said_at)
            found.append(Heard(notice, thing, who, not any(at and at >= notice.at for at in looked), when))
    return found


def _heard(viewer: Viewer) -> Select[Any]:
    talked = [kind for kind in viewer.kinds.lying if kind.talk is not None]
    its = (Post.node == Notice.node) & (Post.number == Notice.number)
    mine = (Visit.person_id == Notice.person_id) & (Visit.thing == literal(TALK) + Notice.node)
    accepted = (AcceptedAnswer.node == Notice.node) & (AcceptedAnswer.number == Notice.number)
    told = (Notice, Post.author, Post.at, AcceptedAnswer.by, AcceptedAnswer.at, Visit.opened_at)
    wanted = select(*told, *(kind.model for kind in talked)).join(Post, its)
    wanted = wanted.outerjoin(Visit, mine).outerjoin(AcceptedAnswer, accepted)
    for kind in talked:
        wanted = wanted.outerjoin(kind.model, kind.only & kind.columns.on(Notice.node))
    there = or_(*(kind.columns.id.is_not(None) for kind in talked))
    own = Notice.person_id == bindparam("person")
    return wanted.where(own, there, Post.withdrawn_at.is_(None)).order_by(Notice.at.desc(), Notice.node).limit(MOST)
