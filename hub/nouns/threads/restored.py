"""What was taken away for good of what people said, and what is called by it, after a restore."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hub.nouns.talk import restored
from hub.nouns.talk.models import Post
from hub.nouns.talk.restored import TakenAway
from hub.nouns.threads.erasing import beside
from hub.nouns.threads.service import call_anew


@dataclass(frozen=True)
class TakenOut:
    """What was removed in the state that is about to be replaced."""

    said: TakenAway
    lines: dict[tuple[str, int], dict[str, str]]
    """What the lines say now beside posts out of which something was taken, by what they are."""


def taken_away(session: Session) -> TakenOut:
    """Read it from the database as it is."""
    said = restored.taken_away(session)
    return TakenOut(said, {key: _lines(session, key) for key in said.posts})


def take_away_again(session: Session, taken: TakenOut) -> int:
    """Take it away in the restored rows, where these have it; returns out of how many posts and talks."""
    older = [key for key in taken.lines if restored.lacks(session, *key, taken.said)]
    again = restored.take_away_again(session, taken.said)
    for key in older:
        post = session.get(Post, key)
        for line in beside(session, post) if post is not None else ():
            setattr(line.row, line.column, taken.lines[key].get(line.label, line.text))
    call_anew(session, {*(node for node, _ in taken.said.posts), *taken.said.talks})
    return again


def _lines(session: Session, key: tuple[str, int]) -> dict[str, str]:
    post = session.get(Post, key)
    return {line.label: line.text for line in beside(session, post)} if post is not None else {}
