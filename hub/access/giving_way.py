"""A hidden place gives up its address to whoever wants it, so that nobody learns by wanting it that it is taken.

Whoever makes a place, or moves one, is told that an address is taken only where they may see by what. Any other answer
to a hidden one would tell of it: a refusal, and another address than the one that was asked for just as well. So it is
the hidden place that gets another address, with four letters behind it. Those who may see it are led there from its old
one, unless they may see what has that now; lines of policy follow it. The same statements are made where nothing is in
the way.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import case, delete, func, insert, literal, or_, select, update

from hub.access.models import FormerPath, Place
from hub.access.places import LONGEST_SLUG, bump_generation, place_at
from hub.access.texts import carry_lines
from hub.ground.db import Moment
from hub.ground.errors import Conflict
from hub.ground.ids import with_tail
from hub.ground.outbox import INDEX, OutboxMessage
from hub.ground.unit_of_work import AuditEntry, UnitOfWork


def make_way(uow: UnitOfWork, parent: Place, slug: str, *, sees: Callable[[Place], bool]) -> None:
    """Free an address under `parent` of a place that the person does not see; raises Conflict if they see it."""
    taken, before = place_at(uow.session, f"{parent.path}/{slug}"), f"{parent.path}/{slug}"
    if taken is not None and sees(taken):
        raise Conflict(f"There is already a place at {before}.")
    other = with_tail(slug, LONGEST_SLUG)
    after = f"{parent.path}/{other}"
    generation = bump_generation(uow)
    _remember(uow, before)
    uow.session.execute(
        update(Place)
        .where(_at_or_below(before))
        .values(
            path=literal(after).concat(func.substr(Place.path, len(before) + 1)),
            slug=case((Place.path == before, other), else_=Place.slug),
            generation=generation,
        ),
        execution_options={"synchronize_session": False},
    )
    uow.session.expire_all()
    carry_lines(uow, parent.organisation_id, before, after if taken is not None else before, generation)
    _tell(uow, before, after)


def _at_or_below(path: str) -> Any:
    return or_(Place.path == path, Place.path.startswith(f"{path}/", autoescape=True))


def _remember(uow: UnitOfWork, before: str) -> None:
    """Keep the old addresses of all that moves; the last to leave one has it."""
    leaving = select(Place.path, Place.id, literal(uow.now, Moment)).where(_at_or_below(before))
    uow.session.execute(
        delete(FormerPath).where(FormerPath.path.in_(select(Place.path).where(_at_or_below(before)))),
        execution_options={"synchronize_session": False},
    )
    uow.session.execute(insert(FormerPath).from_select(["path", "place_id", "left_at"], leaving))


def _tell(uow: UnitOfWork, before: str, after: str) -> None:
    """Have the index follow, and keep who did it."""
    now, moved = literal(uow.now, Moment), Place.path == after
    message = select(literal(INDEX), literal("subtree:").concat(Place.id), now, literal(0), literal(False), literal(""))
    entry = select(
        now, literal(uow.actor), Place.kind.concat(":give-way"), Place.id, Place.organisation_id,
        literal(f"{before} to {after}"),
    )  # fmt: skip
    columns = ["topic", "about", "created_at", "attempts", "parked", "error"]
    uow.session.execute(insert(OutboxMessage).from_select(columns, message.where(moved)))
    columns = ["at", "actor", "act", "object", "organisation_id", "detail"]
    uow.session.execute(insert(AuditEntry).from_select(columns, entry.where(moved)))
