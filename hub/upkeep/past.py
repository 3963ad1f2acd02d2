"""History looked after: whether it tells how things stand, and what it may not claim to know."""

from datetime import datetime

from sqlalchemy import func, select

from hub.access.columns import GIVEN_KEPT
from hub.access.parts import Parts
from hub.ground.unit_of_work import UnitOfWork
from hub.things.history import astray, begin_anew, bring_up
from hub.things.kept import Kept
from hub.things.kinds import Kinds
from hub.things.models import Past
from hub.upkeep.said import Line, fault, ok, warning

CURE = "hub history"


def look_at_history(parts: Parts) -> Line:
    """Say whether the history of each thing ends as the thing stands, and began before now."""
    with parts.database.reading() as session:
        wrong = sum(astray(session, kept) for kept in _tables(parts.kinds))
        ahead = session.scalar(select(func.count()).where(Past.from_at > parts.clock.now())) or 0
        begun = session.scalar(select(func.min(Past.from_at)))
    if wrong:
        says = f"{wrong:,} things stand otherwise than their history tells: somebody changed the database by hand."
        return fault("history", says, f"{CURE} lets it begin anew for these. Change nothing past the hub.")
    if ahead:
        says = f"{ahead:,} entries are of moments that are yet to come: a clock was ahead."
        return warning("history", says, "See that the clocks of all machines agree; until then days run together.")
    if begun is None:
        return ok("history", "There is nothing yet that has one.")
    return ok("history", f"It tells how every thing stands, and begins on {begun:%-d %B %Y}.")


def begin_for_what_is_astray(uow: UnitOfWork, kinds: Kinds) -> int:
    """Let history begin anew for each thing that stands otherwise than it tells; returns how many there were."""
    wrong = 0
    for kept in _tables(kinds):
        found = astray(uow.session, kept)
        if found:
            bring_up(uow.session, kept, uow.now, found=True)
        wrong += found
    if wrong:
        uow.record("history:begin", "", None, f"{wrong} things")
    return wrong


def begin_after_restore(uow: UnitOfWork, kinds: Kinds, left: datetime) -> None:
    """Tell nothing of the time between a backup, made when the restored rows were `left`, and now."""
    begin_anew(uow.session, _tables(kinds), left, uow.now)


def _tables(kinds: Kinds) -> tuple[Kept, ...]:
    return (*GIVEN_KEPT, *kinds.kept)
