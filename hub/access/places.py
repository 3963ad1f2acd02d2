"""Changes to the place tree. Each bumps the policy generation, so that the next request everywhere knows of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.orm import Session, object_session

from acl.cells import MAX_DEPTH
from acl.directory import GONE, ROOT
from acl.groups import voices_fit
from acl.visibility import joined
from acl.vocabulary import AUDIENCES, CLOSED_AUDIENCES, MARKINGS, STATES, VOICES
from hub.access.models import Fence, FormerPath, GonePlace, HubState, Place, PlaceClosure, voices_in_force
from hub.access.reserved import ORGANISATIONS, PLACES
from hub.access.texts import carry_lines
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.things.columns import among

MOVED_ON = "moved-on"
"""Under this name the session holds the first generation that its transaction made (`Session.info`)."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60
LONGEST_NAME = 200
LONGEST_PATH = 900
ONLY_OPEN = "Only in an open space can others than its members write"
PARENTS = {"space": ("organisation", "space", "folder"), "folder": ("space", "folder")}
"""In which kinds of place a kind of place may lie."""


@dataclass(frozen=True)
class NewPlace:
    """What is needed to add a place; `marking` is one of the vocabulary's, `audience` and `voices` only for spaces.

    Without `voices` a space gets what is usual for its audience.
    """

    kind: str
    slug: str
    name: str
    marking: str = "OFFICIAL"
    audience: str = ""
    description: str = ""
    owner: str = ""
    voices: str = ""


@event.listens_for(Place, "before_update")
def _hold_to_generations(_mapper: object, _connection: object, place: Place) -> None:
    """Refuse what processes would not hear of: they keep places by the generation in which each last changed."""
    session = object_session(place)
    if session is None or not session.is_modified(place, include_collections=False):
        return
    if place.generation < session.info.get(MOVED_ON, place.generation + 1):
        raise RuntimeError(f"place {place.id} changes without a new generation: see hub/access/places.py")


def bump_generation(uow: UnitOfWork) -> int:
    """Move the policy generation on by one; returns the new one. Its row lock puts such changes in one queue."""
    generation: int = uow.session.execute(
        update(HubState).values(policy_generation=HubState.policy_generation + 1).returning(HubState.policy_generation)
    ).scalar_one()
    uow.session.info.setdefault(MOVED_ON, generation)
    return generation


def place_at(session: Session, path: str) -> Place | None:
    """The place at a path such as `leeds/housing`, whoever may see it. For the command line and services only."""
    return session.scalar(select(Place).where(Place.path == path))


def add_root(uow: UnitOfWork) -> Place:
    """The root of the tree, once, when the database is new."""
    root = Place(
        id=ROOT,
        kind="platform",
        parent_id=None,
        organisation_id=None,
        slug="",
        path="",
        name="Platform",
        marking="PUBLIC",
        ms=joined("PUBLIC", "published"),
        generation=bump_generation(uow),
        created_at=uow.now,
    )
    uow.session.add(root)
    uow.session.add(PlaceClosure(descendant_id=ROOT, ancestor_id=ROOT, depth=0, open=True))
    uow.session.flush()
    return root


def add_place(uow: UnitOfWork, parent: Place, new: NewPlace) -> Place:
    """Add a place under `parent`.

    Raises Invalid for a bad slug, name, marking, audience, voices or depth, Conflict for a path that is taken.
    """
    _check(new)
    path = f"{parent.path}/{new.slug}" if parent.path else new.slug
    if place_at(uow.session, path):
        raise Conflict(f"There is already a place at {path}.")
    if path.count("/") + 2 > MAX_DEPTH:  # the platform is the first level
        raise Invalid(f"Places may lie {MAX_DEPTH} deep at the most.", "slug")
    place_id = new_id()
    place = Place(
        id=place_id,
        kind=new.kind,
        parent_id=parent.id,
        organisation_id=place_id if new.kind == "organisation" else parent.organisation_id,
        slug=new.slug,
        path=path,
        name=new.name,
        description=new.description,
        audience=new.audience,
        voices=voices_in_force(new.audience, new.voices),
        marking=new.marking,
        state="published",
        ms=joined(new.marking, "published"),
        owner=new.owner,
        generation=bump_generation(uow),
        created_at=uow.now,
    )
    uow.session.add(place)
    uow.session.flush()
    _link(uow.session, [place])
    uow.enqueue(f"{new.kind}:{place.id}")
    return place


def set_audience(uow: UnitOfWork, space: Place, audience: str) -> None:
    """Change who a space is open to; inheritance below it, and what the index knows of it, follow."""
    if space.kind != "space" or audience not in AUDIENCES:
        raise Invalid(f"A space's audience is one of: {', '.join(AUDIENCES)}.", "audience")
    closes = audience in CLOSED_AUDIENCES and space.audience not in CLOSED_AUDIENCES
    space.generation = bump_generation(uow)
    space.voices = space.voices_in_force  # what is usual for one audience is not said of another
    space.audience = audience
    uow.session.flush()
    _relink_below(uow.session, space)
    message = uow.enqueue(f"subtree:{space.id}")
    if closes:  # tightening is never late: the subtree stays out of the engine's answers until it knows
        fence(uow, f"within:{space.id}", message)


def set_voices(uow: UnitOfWork, space: Place, voices: str) -> None:
    """Change who may write in a space. Nobody sees more or less by it, so the index need not know."""
    if space.kind != "space" or voices not in VOICES:
        raise Invalid(f"Who may write in a space is one of: {', '.join(VOICES)}.", "writers")
    space.generation = bump_generation(uow)
    space.voices = voices
    uow.session.flush()


def rename_place(uow: UnitOfWork, place: Place, name: str, description: str) -> None:
    """Change what a place is called and what is said of it; its address stays. Raises Invalid for a bad name."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Invalid("Give it a name of up to 200 characters.", "name")
    place.generation = bump_generation(uow)
    place.name, place.description = name.strip(), description.strip()
    uow.session.flush()
    uow.enqueue(f"subtree:{place.id}")


def places_as_moved(
    session: Session, place: Place, parent: Place, slug: str, *, sees: Callable[[Place], bool] | None = None
) -> list[Place]:
    """The place and all beneath it, parents first, as loaded; raises Invalid or Conflict where it cannot go there.

    Where `sees` says that a person does not see what lies there, that will give way (`giving_way.py`). Whoever moves it
    writes `parent_id` of the first and the paths that `moved_path` gives.
    """
    if place.kind not in {"space", "folder"} or parent.kind not in PARENTS[place.kind]:
        raise Invalid(f"A {place.kind} lies in {' or '.join(PARENTS.get(place.kind, ('nothing',)))}.", "to")
    if parent.organisation_id != place.organisation_id:
        raise Invalid(
            "A place stays with its organisation. Make a space at the other one and move the documents, "
            "or share this one with its people",
            "to",
        )
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(f"“{slug}” cannot be part of an address: use up to 60 of a–z, 0–9 and single hyphens.", "slug")
    below = _below(session, place)
    if any(each.id == parent.id for each in below):
        raise Invalid("A place cannot lie in itself: choose one outside it.", "to")
    path = f"{parent.path}/{slug}"
    taken = place_at(session, path)
    if taken is not None and taken.id != place.id and (sees is None or sees(taken)):
        raise Conflict(f"There is already a place at {path}.")
    paths = [moved_path(place, path, each) for each in below]
    if max(each.count("/") for each in paths) + 2 > MAX_DEPTH or max(map(len, paths)) > LONGEST_PATH:
        raise Invalid(f"Places may lie {MAX_DEPTH} deep at the most.", "to")
    return below


def moved_path(top: Place, path: str, place: Place) -> str:
    """The path of a place at or below `top` once that has this path."""
    return path + place.path[len(top.path) :]


def move_place(uow: UnitOfWork, place: Place, parent: Place, slug: str) -> None:
    """Put a place, with all that lies in it, elsewhere in its organisation, or give it another address.

    Lines of policy that name it follow. Raises Invalid or Conflict. Until the index knows, all of it stays out of the
    engine's answers.
    """
    below = places_as_moved(uow.session, place, parent, slug)
    before, path = place.path, f"{parent.path}/{slug}"
    generation = bump_generation(uow)
    paths = [moved_path(place, path, each) for each in below]
    remember_paths(uow, below)
    for each in below:  # by way of paths that nobody has, since a path is unique at every moment
        each.path, each.generation = f"moving:{each.id}", generation
    uow.session.flush()
    for each, new in zip(below, paths, strict=True):
        each.path = new
    place.parent_id, place.slug = parent.id, slug
    uow.session.flush()
    carry_lines(uow, place.organisation_id, before, path, generation)
    _relink_below(uow.session, place)
    message = uow.enqueue(f"subtree:{place.id}")
    fence(uow, f"within:{place.id}", message)
    uow.record(f"{place.kind}:move", place.id, place.organisation_id, f"{before} to {path}")


def remember_paths(uow: UnitOfWork, places: list[Place]) -> None:
    """Keep the paths that places are about to leave, so that old addresses lead on; the last to leave one has it."""
    paths = [place.path for place in places]
    uow.session.execute(delete(FormerPath).where(FormerPath.path.in_(paths)))
    rows = [{"path": place.path, "place_id": place.id, "left_at": uow.now} for place in places]
    uow.session.execute(insert(FormerPath), rows)


def place_once_at(session: Session, path: str) -> Place | None:
    """The place that once had a path, to be judged by the caller."""
    return session.scalar(
        select(Place).join(FormerPath, FormerPath.place_id == Place.id).where(FormerPath.path == path)
    )


def mark_place(uow: UnitOfWork, place: Place, marking: str, state: str) -> None:
    """Change what the page of a space or folder is marked and where it stands; what lies in it keeps its own.

    Raises Invalid. A change that may tighten is fenced at once.
    """
    if place.kind not in PARENTS or marking not in MARKINGS or state not in STATES:
        raise Invalid("Choose one of the markings and states that are offered.", "marking")
    before = place.ms
    if joined(marking, state) == before:
        return
    place.generation = bump_generation(uow)
    place.marking, place.state, place.ms = marking, state, joined(marking, state)
    uow.session.flush()
    entry = f"{place.kind}:{place.id}"
    fence(uow, entry, uow.enqueue(entry))
    uow.record(f"{place.kind}:mark", place.id, place.organisation_id, f"{before} to {place.ms}")


def empty_place(uow: UnitOfWork, place: Place) -> None:
    """Delete the page of a space or a folder, with its name and former addresses: nobody sees it from then on.

    Its node stays, with whatever lies in it and what was given on it, until `remove_place`. Raises Invalid for another
    kind.
    """
    if place.kind not in PARENTS:
        raise Invalid("Only spaces and folders can be deleted.")
    entry = f"{place.kind}:{place.id}"
    uow.record(f"{place.kind}:delete", place.id, place.organisation_id, place.path)
    uow.session.execute(delete(FormerPath).where(FormerPath.place_id == place.id))
    place.generation = bump_generation(uow)
    place.kind, place.name, place.description, place.owner = GONE, "", "", ""
    uow.session.flush()
    fence(uow, entry, uow.enqueue(entry))


def remove_place(uow: UnitOfWork, place: Place) -> None:
    """Remove what is left of a deleted place in which nothing lies, which the caller has made sure of."""
    session = uow.session
    session.add(GonePlace(id=place.id, generation=bump_generation(uow)))
    session.execute(delete(FormerPath).where(FormerPath.place_id == place.id))
    session.execute(delete(PlaceClosure).where(PlaceClosure.descendant_id == place.id))
    session.delete(place)
    session.flush()


def fence(uow: UnitOfWork, node: str, message_id: int) -> None:
    """Keep a thing out of the engine's answers until the index has dealt with the message."""
    uow.session.add(Fence(node=node, message_id=message_id))


def _check(new: NewPlace) -> None:
    if not SLUG.fullmatch(new.slug) or len(new.slug) > LONGEST_SLUG:
        raise Invalid(
            f"“{new.slug}” cannot be part of an address: use up to 60 of a–z, 0–9 and single hyphens.", "slug"
        )
    if new.slug in (ORGANISATIONS if new.kind == "organisation" else PLACES):
        raise Invalid(f"“{new.slug}” is a word of the hub’s own addresses: choose another short name.", "slug")
    if not new.name.strip() or len(new.name) > LONGEST_NAME:
        raise Invalid("Give it a name of up to 200 characters.", "name")
    if new.marking not in MARKINGS:
        raise Invalid(f"The marking is one of: {', '.join(MARKINGS)}.", "marking")
    if (new.kind == "space") != (new.audience in AUDIENCES):
        raise Invalid(f"A space's audience is one of: {', '.join(AUDIENCES)}.", "audience")
    if new.voices and not (new.kind == "space" and new.voices in VOICES):
        raise Invalid(f"Who may write in a space is one of: {', '.join(VOICES)}.", "writers")
    if not voices_fit(new.audience, new.voices):
        raise Invalid(f"{ONLY_OPEN}.", "writers")


def _link(session: Session, places: Sequence[Place]) -> None:
    """Write the closure rows of places that have none, parents first; those of the first one's parent are there."""
    above = select(PlaceClosure.ancestor_id, PlaceClosure.open).where(PlaceClosure.descendant_id == places[0].parent_id)
    there = session.execute(above.order_by(PlaceClosure.depth))
    lines = {places[0].parent_id: [(node, is_open) for node, is_open in there]}
    rows = []
    for place in places:
        closed = place.audience in CLOSED_AUDIENCES
        line = [(place.id, True), *((node, is_open and not closed) for node, is_open in lines[place.parent_id])]
        lines[place.id] = line
        rows += [
            {"descendant_id": place.id, "ancestor_id": node, "depth": depth, "open": is_open}
            for depth, (node, is_open) in enumerate(line)
        ]
    session.execute(insert(PlaceClosure), rows)


def _below(session: Session, top: Place) -> list[Place]:
    """A place and all below it, parents first."""
    return list(
        session.scalars(
            select(Place)
            .join(PlaceClosure, PlaceClosure.descendant_id == Place.id)
            .where(PlaceClosure.ancestor_id == top.id)
            .order_by(PlaceClosure.depth)
        )
    )


def _relink_below(session: Session, top: Place) -> None:
    """Write the closure rows of a place and all below it anew: in four statements, for others wait meanwhile."""
    below = _below(session, top)
    gone = delete(PlaceClosure).where(among(PlaceClosure.descendant_id, [place.id for place in below]))
    session.execute(gone, execution_options={"synchronize_session": False})
    _link(session, below)
