"""Conversations: what decides about one, and how far it has come. What is said in it are posts (`hub/nouns/talk`)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from acl.store import Snapshot
from acl.visibility import Object
from hub.access.checks import closed_words
from hub.access.judged import judge_at
from hub.ground.db import Base, Line, Moment
from hub.things.columns import Columns


class Thread(Base):
    """A question or a discussion, in one place."""

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_listed", "place_id", "changed_at"),
        Index("ix_threads_by_title", "place_id", text("lower(title)"), "id"),
        Index("ix_threads_placed", "place_id", "id"),
        Index("ix_threads_changed", "changed_at"),
        *closed_words(),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    sort: Mapped[str] = mapped_column(String(20))
    """A key of `hub/nouns/threads/sorts.py`."""
    place_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    title: Mapped[str] = mapped_column(Line(300))
    marking: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    ms: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(160), default="")
    """Empty: whoever opened a conversation does not thereby manage what others say in it."""
    opened_by: Mapped[str] = mapped_column(String(160), index=True)
    """A `who` word: who asks may accept an answer, and close it."""
    stage: Mapped[str] = mapped_column(String(20))
    """How far it has come, by a key of its sort's stages."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    """When something was last said in it."""
    last_by: Mapped[str] = mapped_column(String(160))
    """By whom: a `who` word."""
    last_number: Mapped[int] = mapped_column(default=1)
    """The number of that post."""
    nudged: Mapped[int] = mapped_column(default=0)
    """Of a question without an answer, how far others were told of it: its managers (1), those who know (2)."""
    pinned_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when it stands on top of the talk of its space."""
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when nobody can post to it."""

    publish_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When a draft is to be published by itself; None where nobody has said so."""
    publish_by: Mapped[str | None] = mapped_column(String(160))
    """Who said so (a `who` word)."""
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when others read what began as a draft."""
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    """Of a campaign: from when on it takes no ideas and no support."""
    campaign_id: Mapped[str | None] = mapped_column(String(40), index=True)
    """Of an idea: the id of the campaign, a conversation too, that it was put forward in."""
    worth: Mapped[int | None] = mapped_column(BigInteger)
    """Of an idea that is done: what it saved or brought in, in pounds."""
    done_on: Mapped[date | None]
    """And the day on which it was."""

    @property
    def node(self) -> str:
        """The conversation's own node."""
        return f"thread:{self.id}"

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The conversation as policy sees it; None while the snapshot does not know its place."""
        return judge_at(
            self.place_id,
            self.node,
            owner=self.owner,
            marking=self.marking,
            state=self.state,
            snapshot=snapshot,
        )


class StageMove(Base):
    """A post by which somebody moved a conversation to another stage: it says why."""

    __tablename__ = "stage_moves"
    __table_args__ = (ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),)

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[str] = mapped_column(String(20))


class MergedThread(Base):
    """That a conversation became a part of another, to which its addresses lead."""

    __tablename__ = "merged_threads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Its own id, which nothing else ever has."""
    into_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), index=True)
    after: Mapped[int]
    """The number after which its posts stand there."""
    at: Mapped[datetime] = mapped_column(Moment)


class Event(Base):
    """When and where a conversation of that sort takes place. Who comes are votes on its node."""

    __tablename__ = "events"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="in_order"),)

    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    venue: Mapped[str] = mapped_column(Line(300))
    """A room, a town, or the address of a meeting on the web."""
    reason: Mapped[str] = mapped_column(Line(300), default="")
    """Why it was called off; empty while it was not."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every change of when, where and whether."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    """When that was last."""
    said_in: Mapped[int] = mapped_column(default=0)
    """The number of the post that says the last change; 0 while there was none."""


THREADS = Columns(
    id=Thread.id,
    place=Thread.place_id,
    ms=Thread.ms,
    organisation=Thread.organisation_id,
    owner=Thread.owner,
    node_prefix="thread:",
)
"""Where the table keeps what decides."""
