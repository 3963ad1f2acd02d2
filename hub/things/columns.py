"""Where the table of a noun keeps what decides about its things."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.orm import InstrumentedAttribute

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

    def own(self, nodes: Iterable[str]) -> list[str]:
        """The ids of those of some nodes that are things of this table."""
        prefix = self.node_prefix
        return [node.removeprefix(prefix) for node in nodes if prefix and node.startswith(prefix)]

    def on(self, node: Any) -> ColumnElement[bool]:
        """That another table's column of nodes names the thing, by which both can be joined."""
        return and_(node.startswith(self.node_prefix), self.id == func.substr(node, len(self.node_prefix) + 1))
