"""The way from a thing to what people say about it, and how much of that somebody hears."""

from sqlalchemy.orm import Session

from hub.access.viewer import Viewer
from hub.nouns.talk.queries import how_many, level_of
from hub.things.words import counted
from hub.web.pages import Action, Send


def comments_on(session: Session, node: str, href: str) -> Action:
    """How many comments there are on a thing that its reader sees, and where they are. One query."""
    count = how_many(session, [node]).get(node, 0)
    return Action(counted(count, "comment", "comments") if count else "Comments", href)


def follow_sends(viewer: Viewer, node: str, href: str) -> tuple[Send, ...]:
    """What changes how much the viewer hears of a thing that they see. One query."""
    level, until = level_of(viewer.session, viewer.person.id, node)
    return level_sends(level, href, is_off=until is not None and until >= viewer.today)


def level_sends(level: str, href: str, *, is_off: bool) -> tuple[Send, ...]:
    """The same, where it is known how much they hear, and whether they hear nothing up to a day."""
    if is_off:
        return (Send("Hear of it again", href, (("level", "all" if level == "all" else "mine"),), "link"),)
    more = Send(
        "Stop following" if level == "all" else "Follow",
        href,
        (("level", "mine" if level == "all" else "all"),),
        "link",
    )
    if level == "none":
        return (more,)
    return more, Send("Mute", href, (("level", "none"),), "link")


def follow_action(href: str) -> Action:
    """Where all that can be chosen, a day until which one hears nothing among it."""
    return Action("How much you hear", href)
