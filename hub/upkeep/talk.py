"""What people said looked after: whether its numbers are whole, and whether somebody keeps all of it."""

from hub.access.parts import Parts
from hub.nouns.threads.whole import look_at
from hub.things.words import counted
from hub.upkeep.said import Line, fault, ok

CURE = "Restore a backup, or ask whoever changed the database by hand: nothing that the hub does leaves it so."


def look_at_talk(parts: Parts) -> Line:
    """Say whether posts are numbered without gaps, and kept by the organisation of whoever wrote them."""
    with parts.database.reading() as session:
        found = look_at(session)
    wrong = {
        "have gaps in the numbers of their posts": found.gaps,
        "say another last post than there is": found.behind,
        "are posts that no organisation keeps": found.unkept,
    }
    said = [f"{count:,} {words}" for words, count in wrong.items() if count]
    if said:
        return fault("talk", f"Of what people said, {', '.join(said)}.", CURE)
    posts = counted(found.posts, "post", "posts")
    return ok("talk", f"{posts} about {counted(found.talks, 'thing', 'things')}: none is missing, and each is kept.")
