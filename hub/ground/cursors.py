"""Cursors of PostgreSQL that tell what columns came back to whoever looks: to nobody, most of the time.

SQLAlchemy asks for the columns after each statement, and then goes by what it knows of one that it has compiled.
Each of them is an object made for that: together an eighth of what a page of many small statements costs.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from psycopg import Column, Cursor
from psycopg.rows import TupleRow


class LazyCursor(Cursor[TupleRow]):
    """The library's own cursor, but for that."""

    @property
    def description(self) -> Sequence[Column] | None:  # type: ignore[override]  # DB-API asks for a sequence
        """The columns of the result at hand, made when they are looked at; None where the statement has no rows."""
        result = self.pgresult
        return Described(self) if result is not None and result.nfields else super().description

    def columns(self) -> Sequence[Column]:
        """The same, made at once."""
        return super().description or ()


class Described(Sequence[Column]):
    """The columns of one result, for as long as its cursor has it."""

    def __init__(self, cursor: LazyCursor) -> None:
        self._cursor, self._result = cursor, cursor.pgresult

    @cached_property
    def _columns(self) -> Sequence[Column]:
        if self._cursor.pgresult is not self._result:
            raise LookupError("the cursor has gone on to another result")
        return self._cursor.columns()

    def __len__(self) -> int:
        return len(self._columns)

    def __getitem__(self, index: Any) -> Any:
        """A column by its number, from 0; or some."""
        return self._columns[index]
