"""Use cases of events: announced, put at another time or place, called off, and said whether one comes.

Who may is decided by the caller's gate before. A change is said by a post, of which those hear who said that they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from hub.access.models import Person, Place
from hub.ground.clock import LONDON
from hub.ground.dates import MONTHS
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk.votes import cast_vote, take_vote_back
from hub.nouns.threads.models import Event, Thread
from hub.nouns.threads.service import NewThread, open_thread, post_to
from hub.nouns.threads.sorts import CALLED_OFF, EVENT

LONGEST: Final = timedelta(days=31)
LONGEST_VENUE: Final = 300
LONGEST_REASON: Final = 300
YES, MAYBE, NO = "yes", "maybe", "no"
ANSWERS: Final[Mapping[str, str]] = MappingProxyType({YES: "I come", MAYBE: "Maybe", NO: "I cannot come"})
"""What people say, and what they press for it."""
COME: Final = (YES, MAYBE)
"""Who said one of these hears of changes, and has it in their calendar."""
CHANGED_MEANWHILE: Final = "Somebody changed when or where it is meanwhile. Look at it as it is now, then try again."


@dataclass(frozen=True)
class When:
    """When and where something takes place."""

    starts_at: datetime
    ends_at: datetime
    venue: str


def announce(uow: UnitOfWork, place: Place, author: Person, title: str, body: str, when: When) -> Thread:
    """Open a conversation about something that takes place; raises Invalid as `open_thread` and `check_when` do."""
    check_when(when, uow.now)
    thread = open_thread(uow, place, author, NewThread(EVENT.key, title, body))
    uow.session.add(
        Event(
            thread_id=thread.id,
            starts_at=when.starts_at,
            ends_at=when.ends_at,
            venue=when.venue.strip(),
            reason="",
            revision=1,
            changed_at=uow.now,
            said_in=0,
        )
    )
    uow.session.flush()
    return thread


def put_off(uow: UnitOfWork, thread: Thread, author: Person, based_on: int, when: When) -> bool:
    """Another time or place, which a post says; returns whether anything changed.

    Raises Invalid as `check_when` does, Conflict where it was changed meanwhile, is over or called off.
    """
    event = _for_change(uow, thread, based_on)
    check_when(when, uow.now)
    venue = when.venue.strip()
    if (event.starts_at, event.ends_at, event.venue) == (when.starts_at, when.ends_at, venue):
        return False
    event.starts_at, event.ends_at, event.venue = when.starts_at, when.ends_at, venue
    _say(uow, thread, event, author, f"This has changed: it is now on {in_words(event)}, {venue}.")
    uow.record("event:change", thread.node, thread.organisation_id)
    return True


def call_off(uow: UnitOfWork, thread: Thread, author: Person, based_on: int, reason: str) -> None:
    """Say that it does not take place, and why; raises Invalid without a reason, Conflict as `put_off`."""
    event = _for_change(uow, thread, based_on)
    if not reason.strip():
        raise Invalid("Say why it is called off", "reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid(f"The reason must be {LONGEST_REASON} characters or fewer", "reason")
    event.reason, thread.stage = reason.strip(), CALLED_OFF
    _say(uow, thread, event, author, f"This is called off: {event.reason}")
    uow.record("event:call-off", thread.node, thread.organisation_id)


def answer(uow: UnitOfWork, thread: Thread, person: Person, word: str) -> None:
    """Say whether one comes, instead of what one said before; an empty word takes it back.

    Raises Invalid for no such word, Conflict where it is over or called off.
    """
    if word not in {*ANSWERS, ""}:
        raise Invalid("Say whether you come: yes, maybe or no.")
    _check_coming(uow.session.get_one(Event, thread.id), thread, uow.now)
    if word:
        cast_vote(uow, thread.node, person, word)
    else:
        take_vote_back(uow, thread.node, person)


def check_when(when: When, now: datetime) -> None:
    """Raise Invalid for what cannot take place."""
    if when.ends_at <= when.starts_at:
        raise Invalid("It must end after it starts", "ends")
    if when.ends_at - when.starts_at > LONGEST:
        raise Invalid(f"It can last {LONGEST.days} days at the most: announce a longer one in parts", "ends_on")
    if when.starts_at <= now:
        raise Invalid("It must start in the future", "starts_on")
    check_venue(when.venue)


def check_venue(venue: str) -> None:
    """Raise Invalid for what is no place."""
    if not venue.strip():
        raise Invalid("Say where it is: a place, or the address of a meeting on the web", "venue")
    if len(venue.strip()) > LONGEST_VENUE:
        raise Invalid(f"Where it is must be {LONGEST_VENUE} characters or fewer", "venue")


def in_words(event: Event) -> str:
    """When it is, as people in London say it: "4 December 2026, 10:00 to 12:00"."""
    starts, ends = event.starts_at.astimezone(LONDON), event.ends_at.astimezone(LONDON)
    to = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{_day(ends)}, {ends:%H:%M}"
    return f"{_day(starts)}, {starts:%H:%M} to {to}"


def is_over(event: Event, now: datetime) -> bool:
    """Whether it has taken place."""
    return event.ends_at <= now


def _day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def _for_change(uow: UnitOfWork, thread: Thread, based_on: int) -> Event:
    event = uow.session.get_one(Event, thread.id, with_for_update=True)
    _check_coming(event, thread, uow.now)
    if event.revision != based_on:
        raise Conflict(CHANGED_MEANWHILE)
    return event


def _check_coming(event: Event, thread: Thread, now: datetime) -> None:
    if thread.stage == CALLED_OFF:
        raise Conflict("This event is called off.")
    if is_over(event, now):
        raise Conflict("This event is over.")


def _say(uow: UnitOfWork, thread: Thread, event: Event, author: Person, words: str) -> None:
    """Whoever said that they come hears of this post (`hub/features/hearing/telling.py`)."""
    closed, thread.closed_at = thread.closed_at, None  # those who may change it say so though nobody may answer
    event.said_in = post_to(uow, thread, author, words).number
    thread.closed_at = closed
    event.revision += 1
    event.changed_at = uow.now
