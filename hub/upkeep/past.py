"""History looked after: whether it tells how things stand, and what it may not claim to know."""

from sqlalchemy import func, select

from hub.access.parts import Parts
from hub.ground.unit_of_work import UnitOfWork
from hub.things.history import astray, bring_up, every_kept
from hub.things.models import Past
from hub.upkeep.said import Line, fault, ok, warning

CURE = "hub history"


def look_at_history(parts: Parts) -> Line:
    """Say whether the history of each thing ends as the thing stands, and began before now."""
    with parts.database.reading() as session:
        wrong = sum(astray(session, kept) for kept in every_kept())
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


def begin_for_what_is_astray(uow: UnitOfWork) -> int:
    """Let history begin anew for each thing that stands otherwise than it tells; returns how many there were."""
    wrong = 0
    for kept in every_kept():
        found = astray(uow.session, kept)
        if found:
            bring_up(uow.session, kept, uow.now, found=True)
        wrong += found
    if wrong:
        uow.record("history:begin", "", None, f"{wrong} things")
    return wrong
