"""Where the table of a noun keeps what decides about its things."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | ColumnElement[str]


@dataclass(frozen=True)
class Columns:
    """Where a table keeps the attributes of the things that it lists. Every column must be NOT NULL."""

    id: Column
    place: Column
    """The place at which the thing lies; of a folder or an organisation, itself."""
    ms: Column
    organisation: Column
    owner: Column
    node_prefix: str = ""
    """Prefix that turns the id into the thing's own node (`doc:`); empty where the place is the node."""
    between: Any = None
    """A node in which the thing lies below its place, which no table keeps; empty for one that lies in none."""

    def own(self, nodes: Iterable[str]) -> list[str]:
        """The ids of those of some nodes that are things of this table."""
        prefix = self.node_prefix
        return [node.removeprefix(prefix) for node in nodes if prefix and node.startswith(prefix)]

    def on(self, node: Any) -> ColumnElement[bool]:
        """That another table's column of nodes names the thing, by which both can be joined."""
        return and_(node.startswith(self.node_prefix), self.id == func.substr(node, len(self.node_prefix) + 1))


FEW = 16
"""So many values are written as parameters of their own; more travel as one JSON array, which no limit cuts."""


class _Among(GenericFunction[bool]):
    """That a column holds one of the texts of a JSON array. One element, since these are built for each person.

    Of no type: of a truth value SQLite would be asked whether it is 1, and would look into no index.
    """

    inherit_cache = True
    name = "hub_among"


@compiles(_Among)
def _among(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, array = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM {texts_of(array, compiler)})"  # noqa: S608  # column and parameter


def texts_of(array: str, compiler: SQLCompiler) -> str:
    """The texts of a JSON array, as rows of one column, `value`, in the SQL of a database."""
    if compiler.dialect.name == "postgresql":
        return f"jsonb_array_elements_text(CAST({array} AS jsonb))"
    return f"json_each({array})"


def among(column: Column, values: Iterable[str]) -> ColumnElement[bool]:
    """That the column holds one of the values, however many they are; none means no."""
    found = sorted(values)
    if not found:
        return false()
    if len(found) <= FEW:
        # a power of two of them, so that statements of different people are of few shapes, each compiled once
        alike = 1 << (len(found) - 1).bit_length()
        return column.in_([literal(value) for value in found + found[-1:] * (alike - len(found))])
    return among_all(column, literal(json.dumps(found)))


def among_all(column: Column, array: ColumnElement[str]) -> ColumnElement[bool]:
    """That the column holds one of the texts of a JSON array."""
    return _Among(column, array)
