"""What a space takes new conversations of: what its managers said, or else what is usual. What is there stays."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.store import Snapshot
from hub.access.entries import nearest_space
from hub.access.models import Place
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.models import OfferedSort
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import SORTS, SWITCHES


def offered_in(session: Session, snapshot: Snapshot, place_id: str) -> tuple[Sort, ...]:
    """The sorts of which a place takes new conversations: those of the space that it is or lies in. One query."""
    return offered_by(session, nearest_space(snapshot, place_id))


def offered_by(session: Session, space_id: str) -> tuple[Sort, ...]:
    """The sorts of which a space takes new conversations. One query."""
    said = _said(session, space_id)
    return tuple(sort for sort in SORTS.values() if is_taken(sort, said.get(sort.switch)))


def is_taken(sort: Sort, said: bool | None) -> bool:
    """Whether a space takes new conversations of a sort, of which that was said, or nothing."""
    return SORTS[sort.switch].usual if said is None else said


def spaces_without(session: Session, sort: Sort) -> frozenset[str]:
    """The ids of the spaces that take none of a sort that is usual. One query."""
    off = select(OfferedSort.place_id).where(OfferedSort.sort == sort.switch, OfferedSort.offered.is_(False))
    return frozenset(session.scalars(off))


def set_offered(uow: UnitOfWork, space: Place, chosen: Collection[str]) -> None:
    """Say of which sorts a space takes new conversations, by their keys; what is as is usual needs no row."""
    said = {row.sort: row for row in uow.session.scalars(select(OfferedSort).where(OfferedSort.place_id == space.id))}
    for sort in SWITCHES:
        on, row = sort.key in chosen, said.get(sort.key)
        if on == sort.usual:
            if row is not None:
                uow.session.delete(row)
        elif row is None:
            uow.session.add(OfferedSort(place_id=space.id, sort=sort.key, offered=on))
        else:
            row.offered = on
    uow.session.flush()
    uow.record("space:offer", space.id, space.organisation_id, ", ".join(sorted(chosen)))


def _said(session: Session, space_id: str) -> dict[str, bool]:
    rows = session.execute(select(OfferedSort.sort, OfferedSort.offered).where(OfferedSort.place_id == space_id))
    return dict(iter(rows))
