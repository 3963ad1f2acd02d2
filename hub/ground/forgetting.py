"""Rows that are of no further use: deleted some at a time, so that nobody who writes waits long for it."""

from typing import Any, Final

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_

from hub.ground.clock import Clock
from hub.ground.db import Base, Database
from hub.ground.unit_of_work import unit_of_work

MOST: Final = 20_000
"""Rows that go in one round; a round that found so many is followed by the next."""
AT_ONCE: Final = 500
"""Rows of one transaction."""


def forget(database: Database, clock: Clock, table: type[Base], *over: ColumnElement[bool]) -> int:
    """Delete rows of a table for which all of this holds, up to `MOST` of them; returns how many went.

    They are looked for once, and it is asked of each once more as it goes: one that is used again meanwhile stays.
    """
    mapper: Any = inspect(table)
    key = tuple_(*mapper.primary_key)
    with database.reading() as session:
        found = [tuple(row) for row in session.execute(select(*mapper.primary_key).where(*over).limit(MOST))]
    gone = 0
    for at in range(0, len(found), AT_ONCE):
        with unit_of_work(database, clock) as uow:
            old: Any = delete(table).where(key.in_(found[at : at + AT_ONCE]), *over)
            done: Any = uow.session.execute(old.execution_options(synchronize_session=False))
            gone += done.rowcount
    return gone
