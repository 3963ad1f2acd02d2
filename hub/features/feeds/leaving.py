"""What may leave the hub by a feed, beyond that its person may read it: the one place that says so.

By default a title, who wrote it and for which organisation, never a text; of what is published and marked up to
OFFICIAL, and never of what lies in a private or confidential space; to staff alone.
"""

from collections.abc import Collection
from typing import Final

from acl.vocabulary import marked
from hub.access.known_place import KnownPlace
from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.things.thing import Lying

NOTHING, TITLES, TEXT = "nothing", "titles", "text"
"""How much of a thing may leave, from the least on."""
UP_TO: Final = "up to OFFICIAL"


def may_have(person: Person) -> bool:
    """Whether anything may leave the hub for somebody."""
    return person.kind == "staff"


def may_leave(viewer: Viewer, things: Collection[Lying]) -> dict[str, str]:
    """How much of each of some things may leave the hub for the viewer now, by node; of what is hidden, nothing."""
    found = dict.fromkeys((thing.node for thing in things), NOTHING)
    if not may_have(viewer.person):
        return found
    return found | {thing.node: TITLES for thing in viewer.kept(list(things)) if _is_fit(viewer, thing)}


def name_may_leave(viewer: Viewer, place: KnownPlace) -> bool:
    """Whether the name of a place that the viewer may see may leave the hub for them."""
    return may_have(viewer.person) and marked(place.marking, UP_TO) and _lies_openly(viewer, place.id)


def _is_fit(viewer: Viewer, thing: Lying) -> bool:
    return thing.state == "published" and marked(thing.marking, UP_TO) and _lies_openly(viewer, thing.place_id)


def _lies_openly(viewer: Viewer, place_id: str) -> bool:
    """Whether no private or confidential space is around it."""
    tree = viewer.snapshot.tree
    return tree.get(place_id) is not None and tree.reach(place_id) == tree.within(place_id)
