"""A Visibility as a SQLAlchemy WHERE, over the columns of whichever table holds the things."""

import json
from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, not_, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from acl.store import Remembered
from acl.visibility import Always, And, In, Never, Not, Or, Visibility
from hub.access.models import PlaceClosure
from hub.things.columns import Columns, among, texts_of


def where(visibility: Visibility, columns: Columns) -> ColumnElement[bool]:
    """The condition that holds for exactly the rows that the visibility admits."""
    match visibility:
        case Always():
            return true()
        case Never():
            return false()
        case Not(part):
            return not_(where(part, columns))
        case And(parts):
            return and_(*(where(p, columns) for p in parts))
        case Or(parts):
            return or_(*(where(p, columns) for p in parts))
        case In("within", values):
            return _lies_in(values, columns, through_closed=True)
        case In("reach", values):
            return _lies_in(values, columns, through_closed=False)
        case In("ms" | "org" as field, values):
            return _alike(field, values, columns)
        case In("owner", values):
            return among(columns.owner, values)
    raise TypeError(f"not a Visibility: {visibility!r}")


_ALIKE: Final[Remembered[tuple[Columns, ColumnElement[bool]]]] = Remembered(2_048)


def _alike(field: Literal["ms", "org"], values: frozenset[str], columns: Columns) -> ColumnElement[bool]:
    """What many people's conditions have in common, built once for all: half of what a process keeps of each person."""
    key = field, values, id(columns)  # they compare as SQL, so are no keys; held, their ids stay theirs
    found = _ALIKE.get(key)
    if found is None:
        found = columns, among(columns.ms if field == "ms" else columns.organisation, values)
        _ALIKE.put(key, found)
    return found[1]


class _Below(GenericFunction[bool]):
    """That a column's place lies at or below one of the places of a JSON array."""

    inherit_cache = True
    name = "hub_below"


class _OpenBelow(_Below):
    """The same, with no private space between."""

    inherit_cache = True
    name = "hub_open_below"


@compiles(_Below)
def _below(element: _Below, compiler: SQLCompiler, **kw: Any) -> str:
    column, array = (compiler.process(each, **kw) for each in element.clauses)
    ways = f"place_closure.ancestor_id IN (SELECT value FROM {texts_of(array, compiler)})"  # noqa: S608  # parameters
    if isinstance(element, _OpenBelow):
        ways += f" AND {compiler.process(PlaceClosure.open == true(), **kw)}"
    return f"{column} IN (SELECT place_closure.descendant_id FROM place_closure WHERE {ways})"  # noqa: S608


def _lies_in(nodes: frozenset[str], columns: Columns, *, through_closed: bool) -> ColumnElement[bool]:
    below, places = _Below if through_closed else _OpenBelow, _places(nodes)
    lies = below(columns.place, literal(places)) if places else false()
    between = among(columns.between, filter(None, nodes)) if columns.between is not None else false()
    return or_(lies, between, among(columns.id, columns.own(nodes)))


@lru_cache(32)
def _places(nodes: frozenset[str]) -> str:
    """The places among some nodes as a JSON array, written once for a page's tables; empty where there are none."""
    places = sorted(node for node in nodes if ":" not in node)
    return json.dumps(places) if places else ""


def counted(statement: Select[Any], most: int) -> Select[Any]:
    """A statement that counts another's rows, but no more than `most`."""
    return select(func.count()).select_from(statement.limit(most).subquery())
