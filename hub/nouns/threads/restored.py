"""What was taken away for good of what people said, and what is called by it, after a restore."""

from sqlalchemy.orm import Session

from hub.nouns.talk import restored
from hub.nouns.talk.restored import TakenAway
from hub.nouns.threads.service import call_anew


def take_away_again(session: Session, taken: TakenAway) -> int:
    """Take it away in the restored rows, where these have it; returns out of how many posts and talks."""
    again = restored.take_away_again(session, taken)
    call_anew(session, {*(node for node, _ in taken.posts), *taken.talks})
    return again
