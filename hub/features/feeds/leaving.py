"""What may leave the hub by a feed, beyond that its person may read it: the one place that says so.

By default a title, who wrote it and for which organisation, never a text; of what is published and marked up to
OFFICIAL, and never of what lies in a private or confidential space; to staff alone.
"""

from typing import Final

from hub.access.known_place import KnownPlace
from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.things.thing import Lying

MARKINGS: Final = frozenset({"PUBLIC", "OFFICIAL"})


def may_have(person: Person) -> bool:
    """Whether anything may leave the hub for somebody."""
    return person.kind == "staff"


def may_leave(viewer: Viewer, thing: Lying) -> bool:
    """Whether the title of a thing that the viewer may read, and who wrote it, may leave the hub for them."""
    plain = thing.marking in MARKINGS and thing.state == "published"
    return plain and may_have(viewer.person) and _lies_openly(viewer, thing.place_id)


def name_may_leave(viewer: Viewer, place: KnownPlace) -> bool:
    """The same of the name of a place that the viewer may see."""
    return place.marking in MARKINGS and may_have(viewer.person) and _lies_openly(viewer, place.id)


def _lies_openly(viewer: Viewer, place_id: str) -> bool:
    """Whether no private or confidential space is around it."""
    tree = viewer.snapshot.tree
    return tree.get(place_id) is not None and tree.reach(place_id) == tree.within(place_id)
