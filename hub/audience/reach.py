"""How many can read a thing as it is now: for those who manage it, and the same count as "Who can see this?".

What was counted is kept with the people that it was counted of, and forgotten with them: while nobody's groups, grants
or status, no line of policy, no place and no grant on the way to the thing have changed, it is not counted again. What
lies in one place, is marked alike and has one owner is read by the same people, but where a line or a grant names it.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import func, select

from hub.access.judged import nodes_at
from hub.access.known_crowd import AsKnown
from hub.access.models import Grant, Place
from hub.access.this_request import ThisRequest
from hub.access.viewer import Viewer
from hub.audience.changes import in_words
from hub.audience.foreseeing import sight_at
from hub.things.columns import among
from hub.things.thing import Lying

MOST_KEPT = 2_000
Found = TypeVar("Found")


def reach_in_words(viewer: Viewer, thing: Lying) -> str:
    """As far as whoever looks may know: "28 people in 3 organisations and 1 guest can read this".

    Whoever manages it knows whom it was given to by name; nobody else does.
    """
    judged = thing.judged(viewer.snapshot)
    given = given_around(viewer, thing.node, thing.place_id, judged.within if judged else ())
    own = thing.node if given.itself or _is_named(viewer, thing) else ""
    key = ((thing.place_id, thing.ms, thing.owner), own, given)
    return kept_with_people(viewer, key, lambda: _counted(viewer, thing))


def kept_with_people(viewer: Viewer, key: Hashable, work_out: Callable[[], Found]) -> Found:
    """What is worked out of everybody for a viewer, kept under a key that holds what was given around the thing.

    It must hang on that, on the people, the policy and the day alone: no name that may change meanwhile is in it.
    """
    kept = ThisRequest().crowd(viewer.session).directory.counted
    whose = (viewer.person.id, viewer.snapshot.generation, viewer.today, work_out.__qualname__, key)
    if whose not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[whose] = work_out()
    found: Found = kept[whose]
    return found


def _counted(viewer: Viewer, thing: Lying) -> str:
    node, place = thing.node, thing.place_id
    manages = viewer.sees(thing, "manage")
    known = known_around(viewer, thing, [thing.owner]) if manages else AsKnown(ThisRequest(), viewer)
    sight, owner, crowd = sight_at(viewer.session, known, viewer.today, node, place, thing.owner)
    said = in_words(crowd.directory, crowd.others, sight.of(node, place, thing.ms).seen(owner))
    return f"{said[0].upper()}{said[1:]} can read this"


class Given(NamedTuple):
    """Another value whenever something is given, ended or given again on a thing or what it lies in."""

    itself: int
    """How much was ever given on the thing itself."""
    given: int
    last_given: datetime | None
    ended: int
    last_ended: datetime | None


def given_around(viewer: Viewer, node: str, place_id: str, within: Iterable[str]) -> Given:
    """What was ever given on a thing and on what it lies `within`, at a place. One query."""
    nodes = (*within, *nodes_at(place_id))
    own = func.count(Grant.id).filter(Grant.node == node)
    counts = func.count(), func.max(Grant.created_at), func.count(Grant.ended_at), func.max(Grant.ended_at)
    return Given(*viewer.session.execute(select(own, *counts).where(among(Grant.node, nodes))).one())


def _is_named(viewer: Viewer, thing: Lying) -> bool:
    """Whether a line of policy names the thing itself."""
    snapshot = viewer.snapshot
    return any(thing.node in snapshot.rules_at(name) for name in snapshot.files)


def known_around(viewer: Viewer, thing: Lying | Place, owners: Iterable[str]) -> AsKnown:
    """The people as far as whoever manages a thing may know of them.

    Whom it, or a place that it lies in, was given to by name, they know, and its owner.
    """
    judged = thing.judged(viewer.snapshot)
    nodes = among(Grant.node, judged.within if judged else ())
    given = viewer.session.scalars(select(Grant.principal).where(nodes, Grant.ended_at.is_(None)))
    return AsKnown(ThisRequest(), viewer, frozenset(given) | frozenset(owners))
