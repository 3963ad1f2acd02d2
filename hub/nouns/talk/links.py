"""The way from a thing to what people say about it."""

from sqlalchemy.orm import Session

from hub.nouns.talk.queries import how_many
from hub.things.words import counted
from hub.web.pages import Action


def comments_on(session: Session, node: str, href: str) -> Action:
    """How many comments there are on a thing that its reader sees, and where they are. One query."""
    count = how_many(session, [node]).get(node, 0)
    return Action(counted(count, "comment", "comments") if count else "Comments", href)
