"""The first words of what was said, for letters that may carry text: words alone, without marks and pictures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from hub.access.viewer import Viewer
from hub.features.hearing.queries import Heard
from hub.nouns.documents.bodies import without_marks
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import Post

LONGEST: Final = 600
MOST: Final = 200
"""Posts that are looked at, the newest first."""


def excerpts_of(viewer: Viewer, found: Sequence[Heard], looked_at: datetime | None) -> dict[str, tuple[str, ...]]:
    """Of what is new to the viewer, the newest post of each thing that they did not write, as lines, by node.

    `looked_at` is until when letters have told of everything. Two queries.
    """
    since = {each.notice.node: max(filter(None, (each.notice.mailed_at, looked_at)), default=None) for each in found}
    first = {each.notice.node: each.number for each in found}
    wanted = select(Post).where(
        or_(*((Post.node == node) & (Post.number >= number) for node, number in first.items())),
        Post.withdrawn_at.is_(None),
        Post.author != viewer.person.subject_id,
    )
    newest: dict[str, Post] = {}
    for post in viewer.session.scalars(wanted.order_by(Post.at.desc()).limit(MOST)):
        told = since[post.node]
        if told is None or post.at > told:
            newest.setdefault(post.node, post)
    people = named(viewer, {post.author for post in newest.values()})
    return {node: (f"{people.get(post.author, NOBODY)}:", *_words(post.body)) for node, post in newest.items()}


def _words(body: str) -> tuple[str, ...]:
    text = without_marks(body)
    short = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
    return tuple(f"> {line}" for line in short.splitlines() if line.strip())
