"""Secret addresses at which a feed reader or a calendar reads as somebody.

An address is shown once, when it is made; here is its hash. It ends after a year, when its person revokes it, and for
good when they are suspended or leave. Whatever is read there is judged as that person, at that moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

from sqlalchemy import Select, bindparam, func, or_, select, true, update
from sqlalchemy.orm import Session

from hub.access.models import HubState, Person, Place
from hub.access.parts import Parts
from hub.ground.errors import Conflict, Invalid, NotFound, NotPermitted
from hub.ground.forgetting import forget
from hub.ground.ids import hash_of, new_id, new_secret
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.models import Feed

LASTS: Final = timedelta(days=365)
KEPT: Final = timedelta(days=30)
"""So long its person still sees one that is over."""
SEEN_EVERY: Final = timedelta(hours=1)
MOST: Final = 30
"""Addresses of one person at a time."""
LONGEST_NAME: Final = 100
LONGEST_SEARCH: Final = 1_000
SPACE, PERSON, SEARCH, EVENTS, MINE = "space", "person", "search", "events", "mine"
SORTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        SPACE: "What is new in a space",
        PERSON: "What somebody wrote",
        SEARCH: "What a search finds",
        EVENTS: "Events of a space",
        MINE: "Events that you come to, in all spaces",
    }
)
"""What can be read at an address, in words."""
CALENDARS: Final = frozenset({EVENTS, MINE})
"""Those of them that are for a calendar."""
STAFF_ONLY: Final = "Feeds are for the staff of councils: what is shared with a guest is read in the hub."


@dataclass(frozen=True)
class NewFeed:
    """What an address is to be for."""

    sort: str
    about: str
    name: str


@dataclass(frozen=True)
class Opened:
    """What a secret opens, as of now."""

    feed: Feed
    person: Person
    generation: int


def make_feed(uow: UnitOfWork, person: Person, new: NewFeed) -> tuple[Feed, str]:
    """Make an address; returns it and its secret, which nobody can be told again.

    Raises Invalid for a bad name, Conflict where the person has too many, NotPermitted for a guest.
    """
    _check(uow, person, new)
    secret = new_secret()
    feed = Feed(
        id=new_id(),
        person_id=person.id,
        sort=new.sort,
        about=new.about,
        name=new.name.strip(),
        secret_hash=hash_of(secret),
        created_at=uow.now,
        expires_at=uow.now + LASTS,
        used_at=None,
        ended_at=None,
    )
    uow.session.add(feed)
    uow.record("feed:make", person.subject_id, person.organisation_id, new.sort)
    return feed, secret


def renew_feed(uow: UnitOfWork, person: Person, feed_id: str) -> tuple[Feed, str]:
    """A new address in place of one, which ends; raises as `make_feed`, and NotFound for none of theirs."""
    before = end_feed(uow, person, feed_id)
    return make_feed(uow, person, NewFeed(before.sort, before.about, before.name))


def end_feed(uow: UnitOfWork, person: Person, feed_id: str) -> Feed:
    """Let an address be worth nothing from now on; raises NotFound for none of theirs. Again is no error."""
    feed = uow.session.get(Feed, feed_id, with_for_update=True)
    if feed is None or feed.person_id != person.id:
        raise NotFound
    if feed.ended_at is None:
        feed.ended_at = uow.now
        uow.session.flush()
        uow.record("feed:end", person.subject_id, person.organisation_id, feed.sort)
    return feed


def end_feeds_of(uow: UnitOfWork, person: Person) -> None:
    """End every address of somebody."""
    theirs = update(Feed).where(Feed.person_id == person.id, Feed.ended_at.is_(None))
    uow.session.execute(theirs.values(ended_at=uow.now))


def end_all_feeds(uow: UnitOfWork) -> None:
    """End every address of everybody."""
    uow.session.execute(update(Feed).where(Feed.ended_at.is_(None)).values(ended_at=uow.now))


def note_used(uow: UnitOfWork, feed_id: str) -> None:
    """Keep that something was read there."""
    uow.session.execute(update(Feed).where(Feed.id == feed_id).values(used_at=uow.now))


def feeds_of(session: Session, person: Person, now: datetime) -> list[Feed]:
    """Somebody's addresses, the newest first; those that are over for a while yet."""
    lately = now - KEPT
    wanted = select(Feed).where(Feed.person_id == person.id, Feed.expires_at > lately)
    wanted = wanted.where(or_(Feed.ended_at.is_(None), Feed.ended_at > lately))
    return list(session.scalars(wanted.order_by(Feed.created_at.desc(), Feed.id)))


def open_feed(session: Session, secret: str, now: datetime) -> Opened | None:
    """What a secret opens; None for one that is wrong or over, or whose person may not come in. One query."""
    row = session.execute(_opening(), {"secret": hash_of(secret), "now": now}).one_or_none()
    return Opened(*row) if row else None


@cache
def _opening() -> Select[Feed, Person, int]:
    return (
        select(Feed, Person, HubState.policy_generation)
        .join(Person, Person.id == Feed.person_id)
        .join(Place, Place.id == Person.organisation_id)
        .join(HubState, true())
        .where(
            Feed.secret_hash == bindparam("secret"),
            Feed.ended_at.is_(None),
            Feed.expires_at > bindparam("now"),
            Person.status == "active",
            Person.kind == "staff",
            Place.blocked_at.is_(None),
        )
    )


def tidy_feeds(parts: Parts) -> int:
    """Forget addresses that were over before anybody's list still shows them; returns how many."""
    past = parts.clock.now() - KEPT
    return forget(parts.database, parts.clock, Feed, or_(Feed.expires_at < past, Feed.ended_at < past))


def _check(uow: UnitOfWork, person: Person, new: NewFeed) -> None:
    if person.kind != "staff":
        raise NotPermitted(STAFF_ONLY)
    if not new.name.strip():
        raise Invalid("Give it a name, by which you will know it in your list", "name")
    if len(new.name.strip()) > LONGEST_NAME:
        raise Invalid(f"The name must be {LONGEST_NAME} characters or fewer", "name")
    uow.session.get_one(Person, person.id, with_for_update=True)  # so that nobody makes one too many in two windows
    lasting = (Feed.person_id == person.id, Feed.ended_at.is_(None), Feed.expires_at > uow.now)
    if (uow.session.scalar(select(func.count()).where(*lasting)) or 0) >= MOST:
        raise Conflict(f"You have {MOST} feeds, and that is as many as there can be. Revoke one that you do not use.")
