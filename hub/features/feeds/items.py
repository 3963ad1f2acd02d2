"""What a feed lists: things that its person may read at this moment, and whose titles may leave the hub."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qs

from sqlalchemy import Select, bindparam, select

from hub.access.known_place import KnownPlace, known_place
from hub.access.membership import sees_inside
from hub.access.models import Person, Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.features.feeds.leaving import may_have, may_leave, name_may_leave
from hub.features.find.forms import read_question
from hub.features.find.queries import ask_all
from hub.features.find.question import ON_A_PAGE, Question
from hub.ground.errors import NotFound
from hub.nouns.organisations.leaving import NOTHING
from hub.nouns.people.feeds import PERSON, SEARCH, SPACE
from hub.nouns.talk.written import posts_by
from hub.things.kind import Kind
from hub.things.kinds import lying_at
from hub.things.thing import Lying
from hub.web.pages import Who
from search.engine import Engine

SHOWN: Final = 50
LOOKED_AT: Final = 200
"""So many of the newest that its person may read are looked at for what may leave."""


@dataclass(frozen=True)
class Item:
    """A thing, what is new of it, and who did that (a `who` word)."""

    thing: Lying
    by: str
    at: datetime
    number: int | None = None
    """Of a post: which."""


@dataclass(frozen=True)
class Listed:
    """What a feed is about, in words, the page where the same is seen in the hub, and what it lists."""

    title: str
    href: str
    items: tuple[Item, ...]


Lists = Callable[[Viewer, Engine, str], Listed]
"""Lists what somebody may have of what a feed is about; raises NotFound where they may not see that."""


def listed(viewer: Viewer, engine: Engine, sort: str, about: str) -> Listed:
    """What a feed says to its person now, the newest first.

    Raises NotFound where what it is about is not there for them, and what the search engine raises.
    """
    viewer.asked = True
    if sort not in LISTS or not may_have(viewer.person):
        raise NotFound
    return LISTS[sort](viewer, engine, about)


def space_of(viewer: Viewer, about: str) -> KnownPlace:
    """The space that a feed is about; NotFound where the viewer may not see it, or its name may not leave."""
    place = viewer.place(about)
    if place is None or place.kind != "space" or not name_may_leave(viewer, place):
        raise NotFound
    return place


def person_of(viewer: Viewer, about: str) -> Person:
    """The person whom a feed is about; NotFound where the viewer may not see their page."""
    person = viewer.session.get(Person, about)
    if person is None or person.status != "active" or not viewer.sees(person):
        raise NotFound
    return person


def called(viewer: Viewer, person: Person) -> str:
    """Somebody whom the viewer sees, with their organisation."""
    organisation = known_place(viewer.snapshot, person.organisation_id)
    return str(Who(person.name, organisation.name if organisation else ""))


def question_of(viewer: Viewer, about: str) -> Question:
    """The search that a feed repeats, its newest first; NotFound for what is none any more."""
    values = parse_qs(about) | {"sort": ["newest"], "page": ["1"]}
    read = read_question(values, viewer.kinds)
    if read.problems or not read.question.asked:
        raise NotFound
    return read.question


def _in_space(viewer: Viewer, _engine: Engine, about: str) -> Listed:
    """What was said and changed in a space and below it."""
    place = space_of(viewer, about)
    found = [
        Item(thing, by, viewer.kinds.face(thing).changed)
        for statement in viewer.statement(_below)
        for thing, by in viewer.session.execute(statement, {"place": about})
    ]
    if not found and not sees_inside(viewer, viewer.session.get_one(Place, about)):
        raise NotFound
    return Listed(place.name, f"/places/{place.path}", _leaving(viewer, found))


def _below(viewer: Viewer) -> list[Select[Any]]:
    below = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == bindparam("place"))
    return [_newest(viewer, kind).where(kind.columns.place.in_(below)) for kind in _in_time(viewer)]


def _of_person(viewer: Viewer, _engine: Engine, about: str) -> Listed:
    """What somebody posted, and what they saved last of what is no talk."""
    person = person_of(viewer, about)
    asked = {"author": person.subject_id, "most": LOOKED_AT}
    posted, saved = viewer.statement(_written)
    found = [
        Item(thing, person.subject_id, at, number)
        for statement in posted
        for thing, number, at in viewer.session.execute(statement, asked)
    ]
    found += [
        Item(thing, by, viewer.kinds.face(thing).changed)
        for statement in saved
        for thing, by in viewer.session.execute(statement, asked)
    ]
    return Listed(called(viewer, person), f"/people/{person.handle}", _leaving(viewer, found))


def _written(viewer: Viewer) -> tuple[list[Select[Any]], list[Select[Any]]]:
    """Asked with whom it is about, as `author`."""
    posted = [posts_by(viewer, kind) for kind in viewer.kinds.lying if kind.talk is not None]
    saved = [_newest(viewer, kind).where(_by(kind) == bindparam("author")) for kind in _in_time(viewer) if kind.filed]
    return posted, saved


def _found(viewer: Viewer, engine: Engine, about: str) -> Listed:
    """What a search finds."""
    question = question_of(viewer, about)
    (pages,) = ask_all(engine, viewer.kinds, ((viewer, question),), most_pages=SHOWN // ON_A_PAGE)
    hits = [hit.id for page in pages for hit in page.hits]
    rows = lying_at(viewer.session, viewer.kinds, hits)
    things = [rows[hit] for hit in dict.fromkeys(hits) if hit in rows]
    by = _saved_by(viewer, things)
    items = [Item(thing, by.get(thing.node, ""), viewer.kinds.face(thing).changed) for thing in viewer.kept(things)]
    return Listed(f"Search: {question.words}" if question.words else "Search", question.href(), _leaving(viewer, items))


def _saved_by(viewer: Viewer, things: Iterable[Lying]) -> dict[str, str]:
    """Who saved each last. A query for each kind among them."""
    found: dict[str, str] = {}
    for kind, ids in viewer.kinds.by_kind(viewer.kinds.of(thing).prefix + ":" + thing.id for thing in things):  # type: ignore[union-attr]
        rows = viewer.session.execute(select(kind.columns.id, _by(kind)).where(kind.columns.id.in_(ids)))
        found |= {f"{kind.prefix}:{own}": by for own, by in rows}
    return found


def _newest(viewer: Viewer, kind: Kind) -> Select[Any]:
    """Things of a kind that the viewer may read, the last changed first, each with who did that."""
    wanted = select(kind.model, _by(kind)).where(kind.only, viewer.where(kind.columns))
    return wanted.order_by(kind.changed.desc(), kind.columns.id).limit(LOOKED_AT)


def _by(kind: Kind) -> Any:
    return kind.columns.owner if kind.saved_by is None else kind.saved_by


def _in_time(viewer: Viewer) -> list[Kind]:
    return [kind for kind in viewer.kinds.lying if kind.changed is not None]


def _leaving(viewer: Viewer, items: Iterable[Item]) -> tuple[Item, ...]:
    """The newest of those that may leave, each judged once more."""
    some = sorted(items, key=lambda item: item.at, reverse=True)
    leaves = may_leave(viewer, [item.thing for item in some])
    return tuple([item for item in some if leaves[item.thing.node] != NOTHING][:SHOWN])


LISTS: Final[Mapping[str, Lists]] = MappingProxyType({SPACE: _in_space, PERSON: _of_person, SEARCH: _found})
"""What each sort of feed lists."""
