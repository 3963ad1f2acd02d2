"""Use cases of sharing. Who may is decided by the caller's gate; here, that nobody gives more than they hold."""

from collections.abc import Iterable

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from acl.directory import GONE
from acl.renaming import names_place
from hub.access.judged import nodes_at
from hub.access.models import Grant, Place
from hub.access.parts import Parts
from hub.access.places import remove_place
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.people.service import NewGrant, end_grant, give

MOST_SWEPT = 100


def share(uow: UnitOfWork, old: Iterable[Grant], new: NewGrant) -> Grant:
    """Give what was agreed to, in place of what the same principal had on the place before."""
    for grant in old:
        end_grant(uow, grant)
    return give(uow, new)


def sweep(parts: Parts) -> int:
    """Remove what is left of deleted places in which nothing lies, and end what was given there; returns how many.

    Where a guest was admitted to one it waits for the end of that, which those who look after guests would notice.
    """
    below, grant = aliased(Place), and_(Grant.node == Place.id, Grant.ended_at.is_(None))
    empty = select(Place).where(
        Place.kind == GONE,
        ~exists().where(below.parent_id == Place.id),
        *(~exists().where(kind.only, kind.columns.place == Place.id) for kind in parts.kinds.lying),
        ~exists().where(grant, Grant.principal.startswith("guest:")),
    )
    with unit_of_work(parts.database, parts.clock) as uow:
        found = uow.session.scalars(empty.limit(MOST_SWEPT).with_for_update()).all()
        snapshot = parts.snapshots.latest(uow.session)
        lines = [rule for file in snapshot.files.values() for rule in file.rules]
        named = [place for place in found if any(names_place(rule, place.path) for rule in lines)]
        for place in found:
            if place in named:  # whatever came to lie there would find these lines in force
                continue
            nodes = Grant.node.in_(nodes_at(place.id))
            for each in uow.session.scalars(select(Grant).where(nodes, Grant.ended_at.is_(None))):
                end_grant(uow, each)
            remove_place(uow, place)
    return len(found) - len(named)
