"""What is said of an export: how much it is, and the text that lies in it."""

from datetime import datetime
from typing import Final

from hub.features.administration.records.forms import RecordsForm
from hub.nouns.talk.held import Held
from hub.nouns.talk.words import day_in_words
from hub.things.words import counted

ABOUT: Final = """What {organisation} holds of what was said on this hub
Taken by {name} ({handle}) on {day}
For: {why}
Asked for: {asked}
{found}

What is in it: posts of people who spoke for {organisation}, wherever they wrote them. In conversations in which they
did, also what others said from their first post on, where whoever took this may read the conversation. What was
withdrawn is there, and says so. What was removed for good is not.

posts.html is for reading. posts.csv is for spreadsheets and programs: UTF-8, one line for each post, and one for each
earlier text where these were asked for (its version says "earlier"). A cell that would begin a formula has an
apostrophe before it. Columns are not renamed; new ones may come behind them. Times are those of London, with their
distance from UTC.
"""


def found_in_words(held: Held) -> str:
    """How much was found."""
    if not held.posts or held.first is None or held.last is None:
        return "Your organisation holds nothing like that, as far as you may read it."
    posts, talks = counted(held.posts, "post", "posts"), counted(held.talks, "conversation", "conversations")
    people, days = counted(held.authors, "person", "people"), f"{day_in_words(held.first)} to {day_in_words(held.last)}"
    gone = f" {held.withdrawn:,} of them withdrawn." if held.withdrawn else ""
    return f"{posts} by {people} in {talks}, from {days}.{gone}"


def asked_in_words(form: RecordsForm, *, words: bool = True) -> str:
    """What was asked for; the audit holds no words."""
    said = [
        f"words {form.words}" if form.words and words else "some words" if form.words else "",
        f"by {form.who}" if form.who and words else "by somebody" if form.who else "",
        f"from {form.since}" if form.since else "",
        f"to {form.until}" if form.until else "",
        "with earlier texts" if form.earlier else "",
    ]
    return ", ".join(each for each in said if each) or "everything"


def about_text(organisation: str, name: str, handle: str, at: datetime, form: RecordsForm, found: str) -> str:
    """The text that lies in an archive."""
    return ABOUT.format(
        organisation=organisation,
        name=name,
        handle=handle,
        day=day_in_words(at),
        why=form.why,
        asked=asked_in_words(form),
        found=found,
    )
