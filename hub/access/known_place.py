"""A place as every page names it, kept with the place tree: whoever has a snapshot asks the database for no names."""

from dataclasses import dataclass
from typing import Self

from acl.store import Snapshot
from acl.visibility import Object
from hub.access.judged import judge_place
from hub.access.models import Place


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What a place is called, and what decides about its own page, at the generation of a snapshot."""

    id: str
    kind: str
    parent_id: str | None
    organisation_id: str | None
    path: str
    name: str
    description: str
    audience: str
    marking: str
    state: str
    owner: str

    @classmethod
    def of(cls, place: Place) -> Self:
        """A place as its row has it."""
        return cls(
            id=place.id,
            kind=place.kind,
            parent_id=place.parent_id,
            organisation_id=place.organisation_id,
            path=place.path,
            name=place.name,
            description=place.description,
            audience=place.audience,
            marking=place.marking,
            state=place.state,
            owner=place.owner,
        )

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The place as policy sees it (`Place.judged` says the same of the row)."""
        return judge_place(
            self.id, self.kind, owner=self.owner, marking=self.marking, state=self.state, snapshot=snapshot
        )


def known_place(snapshot: Snapshot, place_id: str) -> KnownPlace | None:
    """A place of a snapshot, whoever may see it; None for the root and for one that is not there."""
    node = snapshot.tree.get(place_id)
    return node.told if node is not None and isinstance(node.told, KnownPlace) else None
