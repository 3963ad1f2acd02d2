"""What can be no conversation, in words that say what to do about it."""

from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import Final

from hub.access.models import Place
from hub.ground.clock import day_of
from hub.ground.errors import Invalid
from hub.nouns.documents.bodies import without_marks
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import SORTS

LONGEST_TITLE: Final = 300
MOST_OF_A_LINE: Final = 90
"""Characters of what something without a title is called."""


def check_campaign(campaign: Thread, place: Place, sort: Sort, now: datetime) -> None:
    """Raise Invalid where nothing of a sort can be put forward in a campaign any more, or there."""
    if SORTS[campaign.sort].takes != sort.key or campaign.place_id != place.id or campaign.state != "published":
        raise Invalid("The campaign is not here any more. Put your idea forward by itself.", "campaign")
    if is_over(campaign, now):
        raise Invalid("The campaign is closed. Put your idea forward by itself, or ask who ran it.", "campaign")


def is_over(thread: Thread, now: datetime) -> bool:
    """Whether it takes nothing more: it was closed, or the day is past that was named."""
    return thread.closed_at is not None or (thread.closes_at is not None and thread.closes_at <= now)


def check_last_day(closes_at: datetime, now: datetime) -> None:
    """Raise Invalid where what is open up to a day would be over already."""
    if closes_at <= now:
        raise Invalid("The last day must be today or later", "closes")


def check_length(sort: Sort, body: str) -> None:
    """Raise Invalid for a first post that is too long for its sort."""
    if sort.longest and len(body.strip()) > sort.longest:
        over = len(body.strip()) - sort.longest
        raise Invalid(f"A {sort.one.lower()} has at most {sort.longest} characters: take {over} out", "body")


def title_of(body: str) -> str:
    """What something without a title is called: its first line, in plain words, cut at a word."""
    words = " ".join(next(iter(without_marks(body).strip().splitlines()), "").split())
    return shorten(words, MOST_OF_A_LINE, placeholder=" …") if words else "Without words"


def check_title(title: str) -> None:
    """Raise Invalid for what is no title."""
    if not title.strip():
        raise Invalid("Enter a title", "name")
    if len(title.strip()) > LONGEST_TITLE:
        raise Invalid(f"The title must be {LONGEST_TITLE} characters or fewer", "name")


def last_day(closes_at: datetime) -> date:
    """The last day on which something is open that closes at the end of it."""
    return day_of(closes_at - timedelta(seconds=1))
