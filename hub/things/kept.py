"""What history keeps of a table, and the two statements by which it is brought up to how the table is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Executable,
    ScalarSelect,
    String,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    not_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import visitors

from hub.ground.db import Moment
from hub.things.columns import Columns, among_all
from hub.things.models import Past

_HISTORY = cast("Table", Past.__table__)
_VALUES = ("kind", "place_id", "organisation_id", "owner", "ms", "audience", "voices", "path", "blocked")
_NONE: Mapping[str, Any] = {"audience": "", "voices": "", "path": "", "blocked": False}
Keys = set[tuple[str, ...]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Kept:
    """A table of which history is kept: a row in force is a node, and each of these values says how it stands."""

    model: type[Any]
    prefix: str
    """Of the nodes, which go on with the row's keys, joined by colons; a node of a table without has no colon."""
    keys: tuple[InstrumentedAttribute[Any], ...]
    values: Mapping[str, Any]
    """By name of a column of `Past`; none is ever NULL."""
    only: ColumnElement[bool] = field(default_factory=true)
    """Which rows are in force."""
    same: ColumnElement[bool]
    """That a row of `Past` is about a row of the table, by which both can be joined."""
    kinds: tuple[str, ...] = ()
    """What `kind` may say of its rows; where nothing is said, the prefix."""
    whole: bool = False
    """That its rows lean on one another, as places do: none goes on from a moment before another's."""

    @cached_property
    def stands(self) -> Mapping[str, ColumnElement[Any]]:
        """How a row stands, by column of `Past`."""
        found = {"kind": self.prefix.rstrip(":"), **_NONE, **self.values}
        return {name: _expression(found[name]) for name in _VALUES}

    @cached_property
    def node(self) -> ColumnElement[str]:
        """The node of a row."""
        first, *more = self.keys
        made = literal(self.prefix) + first if self.prefix else first.expression
        for key in more:
            made = made + ":" + key
        return made

    @cached_property
    def for_all(self) -> tuple[Executable, Executable]:
        """What ends in history, and what goes on in it: `p_now` is the moment, `p_found` is written."""
        return self._statements(self.past(), true())

    @cached_property
    def for_some(self) -> tuple[Executable, Executable]:
        """The same of the rows of which `p_nodes`, and `p_0` and so on for each key, are the JSON arrays.

        Of a table with two keys these are perhaps some more, which does no harm.
        """
        ours = (among_all(key, bindparam(f"p_{at}", type_=String)) for at, key in enumerate(self.keys))
        return self._statements(among_all(Past.node, bindparam("p_nodes", type_=String)), and_(*ours))

    def given(self, keys: Keys) -> dict[str, str]:
        """What `for_some` is to be given for rows with these keys."""
        each = {f"p_{at}": json.dumps(sorted({key[at] for key in keys})) for at in range(len(self.keys))}
        return {"p_nodes": json.dumps(sorted(self.prefix + ":".join(key) for key in keys)), **each}

    @cached_property
    def names(self) -> frozenset[str]:
        """The columns of the table that history depends on."""
        read = (*self.stands.values(), self.only, *(key.expression for key in self.keys))
        return frozenset(column.key for column in self.table.columns if any(_reads(each, column) for each in read))

    @property
    def table(self) -> Table:
        """The table itself."""
        return self.model.__table__  # type: ignore[no-any-return]

    def key_of(self, row: object) -> tuple[str, ...]:
        """The keys of a row."""
        return tuple(getattr(row, key.key) for key in self.keys)

    def past(self) -> ColumnElement[bool]:
        """The rows of history that are about the table."""
        return Past.kind.in_(self.kinds or (self.prefix.rstrip(":"),))

    def goes_on(self) -> ColumnElement[bool]:
        """That what a row of history says is how the thing stands."""
        alike = (getattr(Past, name) == stands for name, stands in self.stands.items())
        return exists(select(1).select_from(self.model).where(self.same, self.only, *alike).correlate(Past))

    def has_open(self) -> ColumnElement[bool]:
        """That history goes on for a row."""
        return exists(select(1).where(Past.node == self.node, Past.to_at.is_(None)).correlate(self.model))

    def _statements(self, past: ColumnElement[bool], present: ColumnElement[bool]) -> tuple[Executable, Executable]:
        moment: ColumnElement[datetime] = bindparam("p_now", type_=Moment)
        if self.whole:
            moment = _later(moment, self._last_begun())
        ending = (
            update(_HISTORY)
            .where(Past.to_at.is_(None), past, not_(self.goes_on()))
            .values(to_at=_later(moment, Past.from_at))
        )
        last = select(func.max(Past.to_at)).where(Past.node == self.node).correlate(self.model).scalar_subquery()
        found = bindparam("p_found", type_=Boolean)
        standing = select(self.node, *self.stands.values(), _later(moment, last), found)
        standing = standing.where(self.only, present, not_(self.has_open()))
        return ending, insert(_HISTORY).from_select(["node", *self.stands, "from_at", "found"], standing)

    def _last_begun(self) -> ScalarSelect[datetime]:
        """When history last began anything of the table: asked kind by kind, each of which an index answers.

        Of all kinds in one question PostgreSQL reads the whole history.
        """
        each = (select(func.max(Past.from_at).label("begun")).where(Past.kind == kind) for kind in self.kinds)
        return select(func.max(union_all(*each).subquery().c.begun)).scalar_subquery()


def _later(moment: ColumnElement[datetime], other: Any) -> ColumnElement[datetime]:
    """The other moment where that is later; it may be NULL."""
    return case((other > moment, other), else_=moment)


def kept_of(model: type[Any], columns: Columns, only: ColumnElement[bool]) -> Kept:
    """A noun's table, of which `Columns` names what decides."""
    return Kept(
        model=model,
        prefix=columns.node_prefix,
        keys=(columns.id,),  # type: ignore[arg-type]  # an attribute, of every noun
        values={
            "place_id": columns.place,
            "organisation_id": columns.organisation,
            "owner": columns.owner,
            "ms": columns.ms,
        },
        only=only,
        same=columns.on(Past.node),
    )


def _reads(expression: ColumnElement[Any], column: Any) -> bool:
    return any(isinstance(part, Column) and part.compare(column) for part in visitors.iterate(expression))


def _expression(given: Any) -> ColumnElement[Any]:
    if isinstance(given, InstrumentedAttribute):
        return given.expression
    return given if isinstance(given, ColumnElement) else literal(given)
