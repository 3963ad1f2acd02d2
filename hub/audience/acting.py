"""Doing what a page has asked about: looking, comparing with what was shown and writing are one.

A view that `acts` runs on a reading, where it may well end in a question or a problem. Where it would write, it is run
once more, whole, inside the unit of work that does: what it finds, compares and changes then is one state of the
world, and nobody acts on the same thing in between. So no view compares twice, or with what another session has seen.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, request
from sqlalchemy import select

from hub.access.guard import parts
from hub.access.login import SignedIn, open_session
from hub.audience.sealing import is_compared
from hub.ground.db import Base
from hub.ground.unit_of_work import UnitOfWork, act_of, alone, unit_of_work
from hub.things.columns import among
from hub.things.thing import Lying
from hub.web.kept import SignedOut

Sent = ParamSpec("Sent")
Answered = TypeVar("Answered")
Made = TypeVar("Made")
Row = TypeVar("Row", bound=Base)


class _WouldWrite(Exception):
    """A view has got so far, on a reading, that it would change something."""


def acts(view: Callable[Sent, Answered]) -> Callable[Sent, Answered]:
    """Mark a view that does what a page showed; it is run again where it writes, so it must bear that."""

    @wraps(view)
    def run(*args: Sent.args, **kwargs: Sent.kwargs) -> Answered:
        try:
            return view(*args, **kwargs)
        except _WouldWrite:
            with _writing():
                return view(*args, **kwargs)

    run.acts = True  # type: ignore[attr-defined]
    return run


@contextmanager
def acting() -> Iterator[UnitOfWork]:
    """The unit of work of a view that `acts`, committed at the end of the block, undone by any error.

    To be entered once what the page showed was compared (`sealing.news`): else it is a fault of ours, and RuntimeError.
    """
    if not is_compared():
        raise RuntimeError("nobody asked whether this is still as it was shown: see hub/audience/sealing.py")
    uow: UnitOfWork | None = g.get("acting")
    if uow is None:
        raise _WouldWrite
    with act_of(uow):
        yield uow


def look_up(kind: type[Row], row_id: str) -> Row | None:
    """A row by its id, to be judged by the caller; in a view that writes now, nobody else changes it until it has."""
    found: Row | None = g.db.get(kind, row_id, with_for_update=True if g.get("acting") else None)
    return found


def look_up_things(nodes: Iterable[str]) -> dict[str, Lying]:
    """What lies in places and has these nodes, by node, to be judged by the caller; kept likewise. A query a kind."""
    found: dict[str, Lying] = {}
    for kind, ids in parts().kinds.by_kind(nodes):
        if kind.lies:
            wanted = select(kind.model).where(among(kind.columns.id, ids)).order_by(kind.columns.id)
            rows = g.db.scalars(wanted.with_for_update() if g.get("acting") else wanted)
            found |= {f"{kind.prefix}:{row.id}": row for row in rows}
    return found


def beforehand(make: Callable[[], Made]) -> Made:
    """What a view makes before it writes, and once: a file kept, an answer from elsewhere. One thing for a request."""
    if "beforehand" not in g:
        g.beforehand = make()
    made: Made = g.beforehand
    return made


@contextmanager
def _writing() -> Iterator[None]:
    """The request as it looks from within a unit of work: its session, and its person as they are now."""
    hub, user, reading = parts(), g.user, g.db
    with unit_of_work(hub.database, hub.clock, user.viewer.person.handle) as uow:
        about = (value for name, value in (request.view_args or {}).items() if name != "prefix")
        alone(uow, str(next(about, request.blueprint)))
        now = open_session(hub, uow.session, user.handle)
        if now is None:
            raise SignedOut
        _look_through(uow, now)
        try:
            yield
        finally:
            user.viewer.asked = user.viewer.asked or now.viewer.asked
            g.acting, g.db, g.user = None, reading, user


def _look_through(uow: UnitOfWork, user: SignedIn) -> None:
    g.acting, g.db, g.user = uow, uow.session, user
    g.pop("crowd", None)
    g.pop("compared", None)
