"""What may leave the hub by a feed, beyond that its person may read it: what may leave by mail, to staff alone."""

from collections.abc import Collection
from typing import Final

from acl.vocabulary import marked
from hub.access.known_place import KnownPlace
from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.nouns.organisations import leaving
from hub.things.thing import Lying

UP_TO: Final = "up to OFFICIAL"


def may_have(person: Person) -> bool:
    """Whether anything may leave the hub for somebody."""
    return person.kind == "staff"


def may_leave(viewer: Viewer, things: Collection[Lying]) -> dict[str, str]:
    """How much of each of some things may leave the hub for the viewer now, by node; of what is hidden, nothing.

    A feed is read at a secret of its person, not sent to an address, so no domain need be proved for it.
    """
    return leaving.may_leave(viewer, things, by_mail=False)


def name_may_leave(viewer: Viewer, place: KnownPlace) -> bool:
    """Whether the name of a place that the viewer may see may leave the hub for them."""
    return may_have(viewer.person) and marked(place.marking, UP_TO) and _lies_openly(viewer, place.id)


def _lies_openly(viewer: Viewer, place_id: str) -> bool:
    """Whether no private or confidential space is around it."""
    tree = viewer.snapshot.tree
    return tree.get(place_id) is not None and tree.reach(place_id) == tree.within(place_id)
