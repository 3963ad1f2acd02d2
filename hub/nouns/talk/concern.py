"""What a thing that is talked about is to one viewer: how much they hear of it, what they are asked, what they said."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, literal, select

from hub.access.viewer import Viewer
from hub.nouns.spaces.models import OfferedSort
from hub.nouns.talk.models import Follow, MustRead, ReadReceipt, Vote
from hub.nouns.talk.reading import is_asked
from hub.nouns.talk.votes import Votes


@dataclass(frozen=True)
class Concern:
    """That, of one thing."""

    level: str
    """How much they hear; empty where they never said and never wrote there."""
    off_until: date | None
    """The last day on which it is nothing, if they said one."""
    asked: MustRead | None
    """By their own organisation."""
    said_at: datetime | None
    """When they said that they have read it."""
    votes: Votes = field(default_factory=Votes)
    taken: bool | None = None
    """What was said of whether a space takes new ones of a sort; None where nothing was."""

    def is_off(self, viewer: Viewer) -> bool:
        """Whether they hear nothing for now."""
        return self.off_until is not None and self.off_until >= viewer.today

    def waits_for(self, viewer: Viewer) -> bool:
        """Whether the viewer is to say that they have read it."""
        return self.asked is not None and self.said_at is None and is_asked(viewer.person, self.asked)


def concern_of(viewer: Viewer, node: str, *words: str, switch: tuple[str, str] = ("", "")) -> Concern:
    """What a thing is to the viewer; `words` are what people may say of it. One query.

    `switch`: a space, and a sort of which it was said whether the space takes new ones.
    """
    space, sort = switch
    values = {
        "space": space,
        "sort": sort,
        "node": node,
        "person": viewer.person.id,
        "organisation": viewer.person.organisation_id,
    }
    row = viewer.session.execute(viewer.statement(_concern, *words), values).one()
    level, until, said_at, mine, takes, asked, *counts = row
    votes = Votes(dict(zip(words, counts, strict=True)), mine or "")
    return Concern(level or "", until, asked, said_at, votes, takes)


def _concern(_: Viewer, *words: str) -> Select[Any]:
    node: BindParameter[str] = bindparam("node")
    person: BindParameter[str] = bindparam("person")
    one = select(literal(1).label("one")).subquery()
    own = and_(MustRead.node == node, MustRead.organisation_id == bindparam("organisation"))
    mine = (
        select(column).where(table.node == node, table.person_id == person).scalar_subquery()
        for table, column in (
            (Follow, Follow.level),
            (Follow, Follow.until),
            (ReadReceipt, ReadReceipt.at),
            (Vote, Vote.word),
        )
    )
    takes = select(OfferedSort.offered).where(
        OfferedSort.place_id == bindparam("space"), OfferedSort.sort == bindparam("sort")
    )
    counts = (
        select(func.count()).where(Vote.node == node, Vote.word == word).correlate(None).scalar_subquery()
        for word in words
    )
    return select(*mine, takes.scalar_subquery(), MustRead, *counts).select_from(one).outerjoin(MustRead, own)
