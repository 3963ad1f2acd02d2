"""Posts, which hang on the node of what they are about, and have no rights of their own: who reads that reads them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.ground.db import Base, Line, Moment


class Talk(Base):
    """That something is talked about: the row whose lock puts those who write there in one queue."""

    __tablename__ = "talks"

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Of the thing: a conversation's own, or that of a document on which people comment."""
    last_number: Mapped[int] = mapped_column(default=0)
    """Posts are numbered from 1, without gaps, and no number is used again."""
    last_at: Mapped[datetime] = mapped_column(Moment)


class Post(Base):
    """Something that somebody said, as it reads now."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by = '')", name="withdrawn"),
        Index("ix_posts_author", "author", "at"),
    )

    node: Mapped[str] = mapped_column(ForeignKey("talks.node"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(160))
    """A `who` word."""
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), index=True)
    """For whom they spoke: the organisation that they belonged to then."""
    body: Mapped[str] = mapped_column(Text)
    """Markdown."""
    revision: Mapped[int] = mapped_column(default=1)
    answers_to: Mapped[int | None]
    """The number of the post that it answers."""
    via: Mapped[str] = mapped_column(String(10), default="web")
    at: Mapped[datetime] = mapped_column(Moment)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[str] = mapped_column(String(160), default="")
    """A `who` word; empty while it stands."""
    reason: Mapped[str] = mapped_column(Line(300), default="")
    """Why it was withdrawn, for whoever reads the talk."""


class PostText(Base):
    """What a post said before it was edited."""

    __tablename__ = "post_texts"
    __table_args__ = (ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),)

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    """When it began to read so."""


class AcceptedAnswer(Base):
    """A post that answers the question. There may be several."""

    __tablename__ = "accepted_answers"
    __table_args__ = (ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),)

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime] = mapped_column(Moment)


class PostTold(Base):
    """Somebody whom the author of a post wanted to see it, and who could read it then."""

    __tablename__ = "posts_told"
    __table_args__ = (ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),)

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    who: Mapped[str] = mapped_column(String(160), primary_key=True)
    """A `who` word."""


class Thanks(Base):
    """Somebody's thanks for a post: one of each person."""

    __tablename__ = "thanks"
    __table_args__ = (ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),)

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Vote(Base):
    """What somebody made of a thing, in one word: their support, or whether they come. One of each person."""

    __tablename__ = "votes"

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(20))
    """One of those that its sort of conversation knows."""
    at: Mapped[datetime] = mapped_column(Moment)


class Holder(Base):
    """An organisation that keeps what was said, and answers for it: whoever wrote there spoke for one.

    Written with the first post of its people, since nobody can tell later.
    """

    __tablename__ = "holders"

    node: Mapped[str] = mapped_column(ForeignKey("talks.node"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    from_number: Mapped[int]
    """The first post of its people."""
    at: Mapped[datetime] = mapped_column(Moment)


class Follow(Base):
    """That somebody wants to hear what is said about a thing, or at a place and below it; their own secret."""

    __tablename__ = "follows"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    node: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    """Of a thing that is talked about, or of a place."""
    level: Mapped[str] = mapped_column(String(10))
    """`all`, `mine` (what answers or names them) or `none`."""
    at: Mapped[datetime] = mapped_column(Moment)


class Notice(Base):
    """That somebody is to hear of a post; one for each person and thing, which grows while they have not looked.

    It is new until they open the thing after that moment (`Visit`), so nothing counts what is unread.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_newest", "person_id", "at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int]
    """Of the post: the first one that they have not looked at."""
    because: Mapped[str] = mapped_column(String(10))
    """A key of `hub/features/hearing/words.py`."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    """When the newest such post was written."""
    put_away_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they said that they have seen it, without opening it."""


class NewsLetter(Base):
    """Whether somebody wants letters that say that something is new for them, and when they were last looked at."""

    __tablename__ = "news_letters"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    """What is older was told of in a letter, or was nothing to tell of."""
