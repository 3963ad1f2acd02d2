"""What somebody sees by one visibility: worked out once for a snapshot, and used by each request until the next one."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement

from acl.store import Snapshot
from acl.visibility import Visibility, checker
from hub.access.known_place import KnownPlace, known_place
from hub.access.where import where
from hub.things.columns import Columns

Built = TypeVar("Built")


class Sight:
    """A visibility with its check of things in memory, its conditions on tables, and the places that it shows.

    Immutable but for what it remembers, which only saves time; safe between threads.
    """

    __slots__ = ("_built", "_places", "_snapshot", "_wheres", "check", "visibility")

    def __init__(self, snapshot: Snapshot, visibility: Visibility) -> None:
        self.visibility = visibility
        self.check = checker(visibility)
        self._snapshot = snapshot
        self._places: dict[str, KnownPlace | None] = {}
        self._wheres: dict[int, tuple[Columns, ColumnElement[bool]]] = {}
        self._built: dict[Hashable, Any] = {}

    def where(self, columns: Columns) -> ColumnElement[bool]:
        """The condition that holds for exactly the rows of a table that are seen."""
        found = self._wheres.get(id(columns))  # they compare as SQL, so are no keys; held, their ids stay theirs
        if found is None:
            found = self._wheres[id(columns)] = columns, where(self.visibility, columns)
        return found[1]

    def built(self, key: Hashable, build: Callable[[], Built]) -> Built:
        """What is built for whoever has this sight, under a key that is the same each time."""
        if key not in self._built:
            self._built[key] = build()
        found: Built = self._built[key]
        return found

    def place(self, place_id: str) -> KnownPlace | None:
        """A place whose own page is seen; None whether it is absent or hidden."""
        if place_id in self._places:
            return self._places[place_id]
        found = known_place(self._snapshot, place_id)
        if found is None:
            return None  # not remembered: people may type whatever they like
        judged = found.judged(self._snapshot)
        seen = self._places[found.id] = found if judged is not None and self.check(judged) else None
        return seen
