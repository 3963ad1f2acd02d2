"""Things as the search index holds them: the attributes that decide, and what is shown and found of them."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from acl.store import Snapshot
from hub.ground.clock import day_of
from hub.things.kind import Kind
from hub.things.thing import Thing
from search.entry import Deletion, Entry

UNTITLED = "Untitled"
NOBODY = "-"
"""Owner, in the index, of what nobody owns: no subject has this id."""


def entries_of(
    kind: Kind, session: Session, snapshot: Snapshot, ids: Sequence[str], version: int
) -> Iterator[Entry | Deletion]:
    """The entry of each thing of a kind with these own ids, or its deletion where there is none to be found."""
    rows = kind.rows(session, ids)
    bodies = kind.bodies(session, rows) if kind.bodies else {}
    for own in ids:
        entry_id = f"{kind.prefix}:{own}"
        thing = rows.get(own)
        found = thing and _entry(kind, entry_id, thing, bodies.get(own, ""), snapshot, version)
        yield found or Deletion(entry_id, version)


def _entry(kind: Kind, entry_id: str, thing: Thing, body: str, snapshot: Snapshot, version: int) -> Entry | None:
    """One that policy cannot judge has none: unknown means no."""
    face, judged = kind.face(thing), thing.judged(snapshot)
    if judged is None or not judged.org:
        return None
    return Entry(
        id=entry_id,
        kind=kind.word,
        title=face.title if face.title.strip() else UNTITLED,
        body=body,
        type=face.type or kind.word,
        organisation=judged.org,
        space=nearest_space(snapshot, kind.place_of(thing)),
        marking=judged.marking,
        state=judged.state,
        owner=judged.owner or NOBODY,
        date=day_of(face.changed).isoformat(),
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
