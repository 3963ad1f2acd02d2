"""The way from a thing to what people say about it, and how much of that somebody hears."""

from sqlalchemy.orm import Session

from hub.nouns.talk.queries import how_many, level_of
from hub.things.words import counted
from hub.web.pages import Action, Send


def comments_on(session: Session, node: str, href: str) -> Action:
    """How many comments there are on a thing that its reader sees, and where they are. One query."""
    count = how_many(session, [node]).get(node, 0)
    return Action(counted(count, "comment", "comments") if count else "Comments", href)


def follow_sends(session: Session, person_id: str, node: str, href: str) -> tuple[Send, ...]:
    """What changes how much somebody hears of a thing that they see. One query."""
    return level_sends(level_of(session, person_id, node), href)


def level_sends(level: str, href: str) -> tuple[Send, ...]:
    """The same, of whom it is known how much they hear."""
    more = Send(
        "Stop following" if level == "all" else "Follow",
        href,
        (("level", "mine" if level == "all" else "all"),),
        "link",
    )
    if level == "none":
        return (more,)
    return more, Send("Mute", href, (("level", "none"),), "link")
