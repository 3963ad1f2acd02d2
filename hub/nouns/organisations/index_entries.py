"""Organisations as the search index holds them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.store import Snapshot
from hub.access.entries import Told, entry_of
from hub.access.models import Place
from hub.nouns.organisations.models import Organisation
from search.entry import Deletion, Entry


def organisation_entries(
    session: Session, snapshot: Snapshot, ids: Sequence[str], version: int
) -> Iterator[Entry | Deletion]:
    """The entry of each organisation of `ids` (place ids), or its deletion where it is gone. One query."""
    rows = session.execute(
        select(Place, Organisation).join(Organisation, Organisation.id == Place.id).where(Place.id.in_(ids))
    )
    found = {place.id: (place, organisation) for place, organisation in rows}
    for organisation_id in ids:
        row = found.get(organisation_id)
        if row is None:
            yield Deletion(f"organisation:{organisation_id}", version)
            continue
        place, organisation = row
        words = (organisation.description, place.description, place.slug, organisation.code)
        told = Told(
            id=f"organisation:{place.id}",
            kind="organisation",
            title=place.name,
            body="\n".join(w for w in words if w),
            type="organisation",
            changed=place.created_at,
            place=place.id,
        )
        yield entry_of(told, place.judged(snapshot), snapshot, version)
