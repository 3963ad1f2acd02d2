"""What was taken away for good stays away when an older state of the hub is put in place."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from hub.ground.db import Base
from hub.nouns.talk.models import Holder, Post, PostText, Removal, Talk

LEFT = ("body", "reason", "revision", "edited_at", "joined_from")
"""What a post that something was taken out of is left with."""


@dataclass(frozen=True)
class TakenAway:
    """What was removed in the state that is about to be replaced, by column."""

    removals: tuple[dict[str, Any], ...]
    posts: dict[tuple[str, int], dict[str, Any]]
    texts: tuple[dict[str, Any], ...]
    """The earlier texts that these still have."""
    talks: dict[str, dict[str, Any]]
    """Those whose texts went by a schedule."""
    holders: dict[tuple[str, str], Any]
    """Which organisations had let go of which, and since when."""


def taken_away(session: Session) -> TakenAway:
    """Read it from the database as it is."""
    removals = session.scalars(select(Removal).order_by(Removal.id)).all()
    some = tuple_(Post.node, Post.number).in_({(each.node, each.number) for each in removals})
    posts = session.scalars(select(Post).where(some)).all() if removals else ()
    its = tuple_(PostText.node, PostText.number).in_({(each.node, each.number) for each in removals})
    texts = session.scalars(select(PostText).where(its)).all() if removals else ()
    talks = session.scalars(select(Talk).where(Talk.removed_to > 0)).all()
    ended = session.scalars(select(Holder).where(Holder.ended_at.is_not(None))).all()
    columns = ("removed_to", "removed_at", "removed_after")
    return TakenAway(
        removals=tuple(_row(each) for each in removals),
        posts={(post.node, post.number): {name: getattr(post, name) for name in LEFT} for post in posts},
        texts=tuple(_row(text) for text in texts),
        talks={talk.node: {name: getattr(talk, name) for name in columns} for talk in talks},
        holders={(each.node, each.organisation_id): each.ended_at for each in ended},
    )


def take_away_again(session: Session, taken: TakenAway) -> int:
    """Take it away in the restored rows, where these have it; returns out of how many posts and talks."""
    again = sum(_erase(session, key, left, taken) for key, left in taken.posts.items())
    for (node, organisation_id), at in taken.holders.items():
        holder = session.get(Holder, (node, organisation_id))
        if holder is not None and holder.ended_at is None:
            holder.ended_at, holder.due_at = at, None
    return again + sum(_empty(session, node, said) for node, said in taken.talks.items())


def lacks(session: Session, node: str, number: int, taken: TakenAway) -> bool:
    """Whether restored rows know of less that was taken out of a post than was."""
    its = select(Removal.id).where(Removal.node == node, Removal.number == number)
    mine = [row for row in taken.removals if (row["node"], row["number"]) == (node, number)]
    return len(session.scalars(its).all()) < len(mine)


def _erase(session: Session, key: tuple[str, int], left: dict[str, Any], taken: TakenAway) -> bool:
    post = session.get(Post, key)
    its = (Removal.node == key[0], Removal.number == key[1])
    mine = [row for row in taken.removals if (row["node"], row["number"]) == key]
    if post is None or not lacks(session, *key, taken):
        return False
    for name, value in left.items():
        setattr(post, name, value)
    session.execute(delete(PostText).where(PostText.node == key[0], PostText.number == key[1]))
    session.execute(delete(Removal).where(*its))
    session.flush()
    session.add_all(PostText(**row) for row in taken.texts if (row["node"], row["number"]) == key)
    session.add_all(Removal(**{name: value for name, value in row.items() if name != "id"}) for row in mine)
    session.flush()
    return True


def _empty(session: Session, node: str, said: dict[str, Any]) -> bool:
    talk = session.get(Talk, node)
    if talk is None or talk.removed_to >= said["removed_to"]:
        return False
    for name, value in said.items():
        setattr(talk, name, value)
    gone = (Post.node == node, Post.number <= talk.removed_to)
    session.execute(update(Post).where(*gone).values(body=""))
    session.execute(delete(PostText).where(PostText.node == node, PostText.number <= talk.removed_to))
    session.flush()
    return True


def _row(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
