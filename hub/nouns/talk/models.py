"""Posts, which hang on the node of what they are about, and have no rights of their own: who reads that reads them."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
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
    removed_to: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Up to which post the texts were removed, once every organisation that kept them had kept them long enough."""
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_after: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """After how many months, by the schedule of the last of these."""


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
    joined_from: Mapped[str | None] = mapped_column(Line(300))
    """Of the first post that came here from another conversation: the title of that."""


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


class ReadReceipt(Base):
    """That somebody said that they have read a thing."""

    __tablename__ = "read_receipts"

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class MustRead(Base):
    """That an organisation asks its own people to say that they have read a thing."""

    __tablename__ = "must_read"

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True, index=True)
    asked_by: Mapped[str] = mapped_column(String(160))
    """A `who` word."""
    by_date: Mapped[date | None]
    """The last day on which that is in time."""
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
    due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When it keeps it no longer, by its schedule, if nothing changes till then."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when it keeps it no longer."""
    held_for: Mapped[str] = mapped_column(Line(300), default="", server_default=text("''"))
    """Why it is kept whatever the schedule says; empty where it is not."""


class RecordsSchedule(Base):
    """How long an organisation keeps what its people say. Without a row, or without months: for good."""

    __tablename__ = "records_schedules"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"), primary_key=True)
    months: Mapped[int | None]
    """After the last post of a conversation."""
    closed_only: Mapped[bool] = mapped_column(default=True)
    """Only of conversations that were closed."""
    comments: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Of comments too, which else are kept as long as their document."""
    set_by: Mapped[str] = mapped_column(String(160))
    """A `who` word."""
    set_at: Mapped[datetime] = mapped_column(Moment)


class Removal(Base):
    """That personal data was taken out of a post for good, by an officer of an organisation, and why."""

    __tablename__ = "removals"
    __table_args__ = (
        ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),
        Index("ix_removals_post", "node", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    node: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("places.id"))
    """In whose name."""
    by: Mapped[str] = mapped_column(String(160))
    """A `who` word."""
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Line(300))
    """For whoever reads the talk."""
    whole: Mapped[bool]
    """Whether nothing of the text was left."""


class Follow(Base):
    """That somebody wants to hear what is said about a thing, or at a place and below it; their own secret."""

    __tablename__ = "follows"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    node: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    """Of a thing that is talked about, of a place, or of somebody's page."""
    level: Mapped[str] = mapped_column(String(10))
    """`all`, `mine` (what answers or names them), `none`, or `usual` where they only said until when."""
    until: Mapped[date | None] = mapped_column(Date)
    """The last day on which they hear nothing, whatever the level; from the next day on it holds again."""
    at: Mapped[datetime] = mapped_column(Moment)


class ServiceFollow(Base):
    """That somebody wants to hear of new conversations in spaces about a service; their own secret."""

    __tablename__ = "service_follows"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment)


class SkillFollow(Base):
    """That somebody wants to hear of questions about something that people know; their own secret."""

    __tablename__ = "skill_follows"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True, index=True)
    """The words in small letters."""
    name: Mapped[str] = mapped_column(Line(60))
    """As they wrote it."""
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
    """Of the post: the first one that they have not looked at; 0: that the thing itself was published."""
    because: Mapped[str] = mapped_column(String(10))
    """A key of `hub/features/hearing/words.py`."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    """When the newest such post was written."""
    urgent_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the newest such post was written that is told at once; None where none is."""
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    """Until when a letter at once has told of it."""
    put_away_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they said that they have seen it, without opening it."""


class NewsLetter(Base):
    """Which letters of news somebody wants, and when; and when they were last looked at for one."""

    __tablename__ = "news_letters"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    """Whether they want no daily letter."""
    at_once_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they want no letters at once."""
    from_hour: Mapped[int] = mapped_column(SmallInteger, default=8, server_default=text("8"))
    """The hour of London from which letters at once may come."""
    until_hour: Mapped[int] = mapped_column(SmallInteger, default=18, server_default=text("18"))
    """The hour at which they come no more."""
    days: Mapped[str] = mapped_column(String(7), default="01234", server_default=text("'01234'"))
    """The days on which they may come, Monday being 0."""
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    """What is older was told of in a letter, or was nothing to tell of."""


class Reporting:
    """What a report says, whatever it is of, and what became of it.

    Who reported is told to nobody but those who see to it.
    """

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    node: Mapped[str] = mapped_column(String(60))
    reporter_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    why: Mapped[str] = mapped_column(String(20))
    """A key of `hub/features/conduct/reports/words.py`."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What the reporter wrote."""
    at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int]
    """Of what is reported, as the reporter read it."""
    passed_on: Mapped[bool] = mapped_column(default=False)
    """Whether it is for the organisation's administrators: no other manages the place, or a manager wants it so."""
    passed_by: Mapped[str] = mapped_column(String(160), default="")
    """The `who` word of that manager; empty where there was nobody else."""
    outcome: Mapped[str] = mapped_column(String(10), default="")
    """Empty while it waits, `left`, `withdrawn`, or of a thing `done`."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What the reporter is told."""
    outcome_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome_by: Mapped[str] = mapped_column(String(160), default="")
    """A `who` word."""
    put_away: Mapped[bool] = mapped_column(default=False)
    """Whether the reporter has put the notice of the outcome away."""


class PostReport(Reporting, Base):
    """That somebody asks those who keep order to look at a post: once for each person and post."""

    __tablename__ = "post_reports"
    __table_args__ = (
        ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),
        UniqueConstraint("node", "number", "reporter_id"),
        Index("ix_post_reports_outcome", "outcome", "at"),
    )

    number: Mapped[int]


class ThingReport(Reporting, Base):
    """The same of a thing that people comment on, once for each person and thing."""

    __tablename__ = "thing_reports"
    __table_args__ = (
        UniqueConstraint("node", "reporter_id"),
        Index("ix_thing_reports_outcome", "outcome", "at"),
    )

    owner_seen: Mapped[bool] = mapped_column(default=False)
    """Whether its owner has put away the notice of what was done."""


class WithdrawalSeen(Base):
    """That whoever wrote a post has put the notice away that somebody else withdrew it."""

    __tablename__ = "withdrawals_seen"
    __table_args__ = (ForeignKeyConstraint(["node", "number"], ["posts.node", "posts.number"]),)

    node: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
