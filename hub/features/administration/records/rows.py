"""Posts that an organisation holds, in words: by whom, for whom and about what, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from hub.access.viewer import Viewer
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.held import removals_of, texts_before
from hub.nouns.talk.models import Post
from hub.nouns.talk.words import day_in_words, organisation_name, removal_in_words
from hub.things.kinds import lying_at
from hub.things.thing import Lying
from hub.web.pages import Action


@dataclass(frozen=True, kw_only=True)
class Told:
    """One post, in words."""

    post: Post
    thing: Lying | None
    """What it was said about, where the viewer may read that."""
    name: str
    organisation: str
    """For which its author spoke then."""
    about: str
    """What it was said about; empty where the viewer may not read that."""
    href: str
    withdrawn: str
    """When, by whom and why; empty while it stands."""
    removed: tuple[str, ...]
    """What was taken out of it for good, by whom and why."""
    earlier: tuple[tuple[datetime, str], ...]
    """What it said before, the oldest first, with since when it did."""


def told(viewer: Viewer, posts: list[Post], *, earlier: bool) -> list[Told]:
    """Some posts in words, in their order. Six queries, however many they are."""
    people = named(viewer, {word for post in posts for word in (post.author, post.withdrawn_by) if word})
    things = lying_at(viewer.session, viewer.kinds, {post.node for post in posts})
    seen = {thing.node for thing in viewer.kept(list(things.values()))}
    before = texts_before(viewer.session, posts) if earlier else {}
    gone, found = removals_of(viewer.session, posts), []
    for post in posts:
        key, kind = (post.node, post.number), viewer.kinds.lying_as(post.node)
        face = viewer.kinds.face(things[post.node]) if post.node in seen else None
        found.append(
            Told(
                post=post,
                thing=things[post.node] if post.node in seen else None,
                name=people.get(post.author, NOBODY).name,
                organisation=organisation_name(viewer, post.organisation_id),
                about=face.title if face else "",
                href=f"{face.href}/posts/{post.number}" if face and kind else "",
                withdrawn=_withdrawn(post, str(people.get(post.withdrawn_by, NOBODY))),
                removed=tuple(removal_in_words(viewer, each) for each in gone.get(key, ())),
                earlier=tuple((text.at, text.body) for text in before.get(key, ())),
            )
        )
    return found


def _withdrawn(post: Post, by: str) -> str:
    if post.withdrawn_at is None:
        return ""
    return f"Withdrawn on {day_in_words(post.withdrawn_at)} by {by}: {post.reason}"


def spoken_of(viewer: Viewer, thing: Lying) -> Action:
    """What was said about a thing, called by that, and where it stands."""
    face, kind = viewer.kinds.face(thing), viewer.kinds.of(thing)
    after = kind.talk if kind is not None else ""
    return Action(f"Comments on “{face.title}”" if after else face.title, f"{face.href}{after or ''}")
