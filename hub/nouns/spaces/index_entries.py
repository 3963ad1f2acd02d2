"""Spaces as the search index holds them: each is judged by its home page. Folders are found by what lies in them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.store import Snapshot
from hub.access.entries import Told, entry_of
from hub.access.models import Place
from search.entry import Deletion, Entry


def space_entries(session: Session, snapshot: Snapshot, ids: Sequence[str], version: int) -> Iterator[Entry | Deletion]:
    """The entry of each space of `ids` (place ids), or its deletion where it is gone. One query."""
    rows = session.scalars(select(Place).where(Place.id.in_(ids), Place.kind == "space"))
    found = {place.id: place for place in rows}
    for space_id in ids:
        place = found.get(space_id)
        if place is None:
            yield Deletion(f"space:{space_id}", version)
            continue
        told = Told(
            id=f"space:{place.id}",
            kind="space",
            title=place.name,
            body=place.description,
            type="space",
            changed=place.created_at,
            place=place.id,
        )
        yield entry_of(told, place.judged(snapshot), snapshot, version)
