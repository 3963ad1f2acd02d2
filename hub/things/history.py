"""The history of what decides: written as each unit of work ends, whoever changed whatever in it, by comparing.

What a session writes into a table that is kept is noted, row objects and whole statements alike. Just before the
commit the rows that were touched are compared with how history left them, in two statements for each table however many
they are: what stands otherwise ends, and what stands goes on from that moment. Noting too much is therefore harmless.

A unit of work acts at one moment, told when it began, so one that waited for another may be earlier: history never goes
back. Where the clock does, or stands, what comes next begins where the last ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, event, func, inspect, literal, not_, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from hub.ground.db import Moment, WritingSession
from hub.ground.unit_of_work import NOW
from hub.things.kept import Kept, Keys
from hub.things.models import Past

TOUCHED: Final = "touched"
"""Under this name a session notes what it touched: by `Kept` the keys of rows, or None for all of them."""
_KEPT: dict[str, list[Kept]] = {}
"""By name of the table. A kind brings its own as it is made, so that none can be forgotten."""


def keep(*tables: Kept) -> None:
    """Keep the history of some tables, from the next unit of work on."""
    for kept in tables:
        there = _KEPT.setdefault(kept.table.name, [])
        if kept not in there:
            there.append(kept)


def every_kept() -> list[Kept]:
    """All tables of which history is kept, of whatever hub."""
    return [kept for some in _KEPT.values() for kept in some]


@event.listens_for(WritingSession, "after_flush")
def _note_rows(session: Session, _context: object) -> None:
    for changed, rows in ((False, session.new), (False, session.deleted), (True, session.dirty)):
        for row in rows:
            for kept in _KEPT.get(getattr(row, "__tablename__", ""), ()):
                if not changed or _has_changed(row, kept):
                    _note(session, kept, {kept.key_of(row)})


def _has_changed(row: object, kept: Kept) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in kept.names)


@event.listens_for(WritingSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        for kept in _KEPT.get(getattr(getattr(state.statement, "table", None), "name", ""), ()):
            if state.is_delete or kept.names & _written(state):
                _note(state.session, kept, _keys_in(state, kept))


def _written(state: ORMExecuteState) -> set[str]:
    """The columns that a statement writes."""
    values = getattr(state.statement, "_values", None) or {}
    selected = getattr(state.statement, "_select_names", None) or ()
    named = {getattr(column, "key", column) for column in (*values, *selected)}
    return named.union(*_given(state)[:1])


def _given(state: ORMExecuteState) -> Sequence[Mapping[str, Any]]:
    given = state.parameters or ()
    return [given] if isinstance(given, Mapping) else given


def _keys_in(state: ORMExecuteState, kept: Kept) -> Keys | None:
    """The keys of the rows that a statement is about to change; None where it does not say which."""
    if state.is_insert:
        rows = _given(state)
        names = [key.key for key in kept.keys]
        told = bool(rows) and all(set(names) <= set(row) for row in rows)
        return {tuple(row[name] for name in names) for row in rows} if told else None
    condition = state.statement.whereclause  # type: ignore[attr-defined]
    if condition is None:
        return None
    return {tuple(row) for row in state.session.execute(select(*kept.keys).where(condition))}


def _note(session: Session, kept: Kept, keys: Keys | None) -> None:
    touched: dict[Kept, Keys | None] = session.info.setdefault(TOUCHED, {})
    before = touched.get(kept, set())
    touched[kept] = None if before is None or keys is None else before | keys


@event.listens_for(WritingSession, "before_commit")
def _settle(session: Session) -> None:
    session.flush()
    touched = session.info.pop(TOUCHED, {})
    if touched and NOW not in session.info:
        raise RuntimeError("what decides is changed in units of work alone, which know the moment")
    for kept, keys in touched.items():
        bring_up(session, kept, session.info[NOW], keys)


def bring_up(session: Session, kept: Kept, now: datetime, keys: Keys | None = None, *, found: bool = False) -> None:
    """Let history say how the rows with these keys stand, from now on; None for all. In two statements.

    `found` says that what begins stood so before, since nobody knows when.
    """
    given = {"p_now": now, "p_found": found}
    statements = kept.for_all if keys is None else kept.for_some
    for statement in statements:
        session.execute(statement, given | kept.given(keys) if keys is not None else given)


def begin_anew(session: Session, tables: Iterable[Kept], left: datetime, now: datetime) -> None:
    """After another state of these tables was put in place, which was left at a moment: nobody knows what came then.

    Nothing is told of what lies between the two moments.
    """
    ended = case((Past.from_at > left, Past.from_at), else_=literal(left, Moment))
    for kept in tables:
        open_ones = update(Past).where(Past.to_at.is_(None), kept.past())
        session.execute(open_ones.values(to_at=ended), execution_options={"synchronize_session": False})
        bring_up(session, kept, now, found=True)


def astray(session: Session, kept: Kept) -> int:
    """How many nodes of a table stand otherwise than history says: none, unless somebody went past it."""
    return session.scalar(select(strays(kept))) or 0


def strays(kept: Kept) -> ColumnElement[int]:
    """The count of `astray`, for a statement that asks for more than one."""
    wrong = select(func.count()).where(Past.to_at.is_(None), kept.past(), not_(kept.goes_on()))
    untold = select(func.count()).select_from(kept.model).where(kept.only, not_(kept.has_open()))
    return wrong.scalar_subquery() + untold.scalar_subquery()
