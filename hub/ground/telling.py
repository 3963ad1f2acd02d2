"""Telling the worker that there is something to do: on PostgreSQL a notice that leaves with the commit that wrote it.

Jobs say in which tables they find work (`hub/feature.py`). Whatever inserts or updates rows there, objects and whole
statements alike, is noted by its session, and told under the names of the tables. A notice that is lost costs time
alone: jobs look by themselves as well. On SQLite nothing is told, since looking is cheap (`hub/running/hearing.py`).
"""

from typing import Final

from sqlalchemy import event, func, select
from sqlalchemy.orm import ORMExecuteState, Session

from hub.ground.db import WritingSession

CHANNEL: Final = "hub_work"
"""PostgreSQL's name for these notices; each database has its own."""
_WRITTEN: Final = "written"
"""Under this name a session notes the tables that it wrote to (`Session.info`)."""
_TOLD: set[str] = set()


def tell_of(*tables: str) -> None:
    """Tell of what is written to these tables, from now on."""
    _TOLD.update(tables)


@event.listens_for(WritingSession, "after_flush")
def _note_rows(session: Session, _context: object) -> None:
    for row in (*session.new, *session.dirty):
        _note(session, getattr(row, "__tablename__", ""))


@event.listens_for(WritingSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update:
        _note(state.session, getattr(getattr(state.statement, "table", None), "name", ""))


@event.listens_for(WritingSession, "before_commit")
def _tell(session: Session) -> None:
    session.flush()
    written: set[str] = session.info.pop(_WRITTEN, set())
    if written and session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, ",".join(sorted(written)))))


def _note(session: Session, table: str) -> None:
    if table in _TOLD:
        session.info.setdefault(_WRITTEN, set()).add(table)
