"""Conversations as rows of a list."""

from collections.abc import Mapping, Sequence
from typing import Final

from hub.access.guard import parts, viewer
from hub.features.talk.pages import ThreadRow
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.votes import Votes, votes_on
from hub.nouns.threads.checks import last_day
from hub.nouns.threads.models import Thread
from hub.nouns.threads.queries import first_words
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import SORTS
from hub.things.words import counted
from hub.web.filters import day, moment
from hub.web.pages import Who

NOTHING: Final = Votes()


def rows_of(
    threads: Sequence[Thread], votes: Mapping[str, Votes] | None = None, people: Mapping[str, Who] | None = None
) -> tuple[ThreadRow, ...]:
    """Conversations as rows, with votes by node and people by their `who` words where these are known.

    One query: who opened them; one for votes and one for texts, where there are such.
    """
    looker = viewer()
    people = named(looker, {thread.opened_by for thread in threads}) if people is None else people
    if votes is None:
        voted = [thread.node for thread in threads if SORTS[thread.sort].ballots]
        votes = votes_on(looker.session, voted, looker.person.id) if voted else {}
    short = {thread.id: thread for thread in threads if SORTS[thread.sort].longest}
    words = first_words(looker.session, short) if short else {}
    return tuple(
        _row(thread, people.get(thread.opened_by, NOBODY), votes.get(thread.node, NOTHING), words.get(thread.id, ""))
        for thread in threads
    )


def votes_in_words(sort: Sort, votes: Votes) -> str:
    """How many said each word: "12 people support this"."""
    said = [(votes.counts.get(word, 0), ballot) for word, ballot in sort.ballots.items()]
    return ", ".join(counted(count, ballot.one, ballot.many) for count, ballot in said if count)


def _until(thread: Thread) -> str:
    """When a campaign closes or did, or something is published by itself."""
    if thread.publish_at is not None:
        return f"to be published on {moment(thread.publish_at).striptags()}"
    if thread.closes_at is None:
        return ""
    last = day(last_day(thread.closes_at)).striptags()
    return f"closed on {last}" if thread.closes_at <= parts().clock.now() else f"open up to {last}"


def _row(thread: Thread, by: Who, votes: Votes, words: str) -> ThreadRow:
    sort, face = SORTS[thread.sort], viewer().kinds.face(thread)
    return ThreadRow(
        title=thread.title,
        href=f"/threads/{thread.id}",
        sort=sort.one,
        stage=face.stage,
        tone=face.tone,
        by=by,
        replies=thread.last_number - 1,
        last_at=thread.changed_at,
        pinned=thread.pinned_at is not None,
        closed=thread.closed_at is not None,
        marking=thread.marking,
        state=thread.state,
        votes=votes_in_words(sort, votes),
        words=words,
        until=_until(thread),
    )
