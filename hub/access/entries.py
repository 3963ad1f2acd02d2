"""What a noun's `index_entries.py` needs: the attributes that decide, as the index holds them."""

from dataclasses import dataclass
from datetime import datetime

from acl.store import Snapshot
from acl.visibility import Object
from hub.ground.clock import day_of
from search.entry import Deletion, Entry

UNTITLED = "Untitled"
NOBODY = "-"
"""Owner, in the index, of what nobody owns: no subject has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an entry says of a thing, besides the attributes that decide. Texts are plain text."""

    id: str
    kind: str
    title: str
    body: str
    type: str
    changed: datetime
    place: str
    """The place at which it lies, or which it is."""


def entry_of(told: Told, judged: Object | None, snapshot: Snapshot, version: int) -> Entry | Deletion:
    """The entry of a thing. One that policy cannot judge leaves the index: unknown means no."""
    if judged is None or not judged.org:
        return Deletion(told.id, version)
    return Entry(
        id=told.id,
        kind=told.kind,
        title=told.title if told.title.strip() else UNTITLED,
        body=told.body,
        type=told.type,
        organisation=judged.org,
        space=nearest_space(snapshot, told.place),
        marking=judged.marking,
        state=judged.state,
        owner=judged.owner or NOBODY,
        date=day_of(told.changed).isoformat(),
        within=tuple(sorted(judged.within)),
        reach=tuple(sorted(judged.reach)),
        ms=judged.ms,
        version=version,
    )


def nearest_space(snapshot: Snapshot, place_id: str) -> str:
    """The space that a place is or lies in; empty where it lies in none."""
    return next((n for n in snapshot.tree.chain(place_id) if _is_space(snapshot, n)), "")


def _is_space(snapshot: Snapshot, node: str) -> bool:
    place = snapshot.tree.get(node)
    return place is not None and place.kind == "space"
