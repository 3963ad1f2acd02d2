"""What a reported post is about, who looks at a report of it, and how both are shown."""

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy.orm import Session

from hub.access.entries import nearest_space
from hub.access.guard import parts, viewer
from hub.access.known_place import known_place
from hub.audience.who_may import who_may
from hub.features.conduct.reports.pages import Quoted
from hub.nouns.people.queries import NOBODY, person_by_handle
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.talk.models import Post
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.things.words import counted
from hub.web.pages import Action, Crumb, Who, Whose


def kind_of(thing: Lying) -> Kind:
    """The kind of what is talked about."""
    return parts().kinds[thing.node.partition(":")[0]]


def title_of(thing: Lying) -> str:
    """What it is called in lists."""
    title = kind_of(thing).face(thing).title
    return f"Comments on “{title}”" if kind_of(thing).talk else title


def post_href(thing: Lying, number: int) -> str:
    """The address of a post, which does not change."""
    return f"{kind_of(thing).face(thing).href}/posts/{number}"


def quoted(thing: Lying, post: Post, people: Mapping[str, Who]) -> Quoted:
    """A post as it is shown."""
    here = post_href(thing, post.number)
    gone = post.withdrawn_at is not None
    return Quoted(
        number=post.number,
        href=here,
        by=people.get(post.author, NOBODY),
        at=post.at,
        body="" if gone else post.body,
        revision=f"{here}/{post.revision}",
        withdrawn=f"It was withdrawn: {post.reason}" if gone else "",
    )


def surroundings(thing: Lying, *, itself: bool = False) -> tuple[tuple[Crumb, ...], Whose]:
    """The way to what is said about it, or to it `itself`; and whose it is."""
    line = line_of(viewer(), thing.place_id)
    face = kind_of(thing).face(thing)
    said = Crumb(title_of(thing), f"{face.href}{kind_of(thing).talk or ''}")
    return (*crumbs_of(line.seen), Crumb(face.title, face.href) if itself else said), whose(line)


def about_thing(thing: Lying) -> Action:
    """A thing by its title, and where it stands."""
    face = kind_of(thing).face(thing)
    return Action(face.title, face.href)


def owner_id(session: Session, thing: Lying) -> str:
    """The id of whose a thing is; empty where that is nobody who is here."""
    owner = person_by_handle(session, thing.owner.partition(":")[2]) if thing.owner else None
    return owner.id if owner is not None else ""


def managed_by_others(thing: Any, author_id: str) -> bool:
    """Whether anybody but the author of a post, or whose a thing is, manages it."""
    found = who_may(parts(), g.db, "manage", [thing], most=2).get(thing.id, ())
    return any(person != author_id for person in found)


def who_looks(thing: Lying, days: int, *, managers: bool) -> str:
    """Who will see a report, and how soon they answer, for whoever reports."""
    space = known_place(viewer().snapshot, nearest_space(viewer().snapshot, thing.place_id))
    owner = known_place(viewer().snapshot, thing.organisation_id)
    name = owner.name if owner else "the organisation"
    seen = viewer().place(space.id) if space else None
    place = f"“{seen.name}”" if seen else "this place"
    looks = f"Those who manage {place}" if managers else f"Those who look after {name}"
    return f"{looks} will look at it, within {counted(days, 'working day', 'working days')} if they can."
