"""What somebody wrote about things, as far as somebody else may read these."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from hub.access.viewer import Viewer
from hub.nouns.talk.models import Post
from hub.things.kind import Kind


def posts_by(viewer: Viewer, kind: Kind) -> Select[Any]:
    """What an `author` posted about things of a kind that the viewer may read, the newest first, at the `most`.

    Each row is the thing, and the number and the moment of the post; what was withdrawn is left out.
    """
    wanted = select(kind.model, Post.number, Post.at).join(kind.model, kind.only & kind.columns.on(Post.node))
    stands = (Post.author == bindparam("author"), Post.withdrawn_at.is_(None), viewer.where(kind.columns))
    return wanted.where(*stands).order_by(Post.at.desc(), Post.node, Post.number).limit(bindparam("most"))
