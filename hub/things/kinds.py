"""All kinds of things of a hub, and the rows of things of several kinds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from hub.things.kind import Kind
from hub.things.thing import Face, Thing
from hub.things.words import counted

ID = r"[a-z][a-z0-9]{11}"


class Kinds:
    """All kinds of a hub, in the order in which they lean on one another."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds
        self._by_prefix = {kind.prefix: kind for kind in kinds}
        self.indexed = tuple(kind for kind in kinds if kind.bodies is not None)
        """Those that have entries in the index."""
        self.lying = tuple(kind for kind in kinds if kind.lies)
        """Those that lie in places."""
        self.filed = tuple(kind for kind in self.lying if kind.filed)
        """Those of them that are listed among the files of their place."""
        self.kept = tuple(dict.fromkeys(kept for kind in kinds for kept in kind.kept))
        """What history keeps of them."""
        self._by_model: dict[type[Any], dict[str, Kind]] = {}
        for kind in kinds:
            self._by_model.setdefault(kind.model, {})[kind.prefix] = kind

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds)

    def __getitem__(self, prefix: str) -> Kind:
        return self._by_prefix[prefix]

    def of(self, thing: object) -> Kind | None:
        """The kind of a row; None of one that is none of these."""
        some = self._by_model.get(type(thing), {})
        return next(iter(some.values())) if len(some) == 1 else some.get(getattr(thing, "kind", ""))

    def face(self, thing: object) -> Face:
        """What is shown of a row of one of these kinds; raises LookupError for any other."""
        kind = self.of(thing)
        if kind is None:
            raise LookupError(type(thing).__name__)
        return kind.face(thing)

    def node_at(self, address: str) -> str:
        """The node that an address names by its letters alone: `doc:ID` of `/documents/ID/…`; empty for none.

        Of what lies in places. A node names itself, and an id without more is one of the first kind.
        """
        for kind in self.lying:
            begin = rf"/?{re.escape(kind.pages.strip('/'))}/|{kind.prefix}:"
            found = re.fullmatch(rf"(?:{begin}){'?' if kind is self.lying[0] else ''}({ID})(?:/.*)?", address)
            if found:
                return f"{kind.prefix}:{found[1]}"
        return ""

    def lying_as(self, node: str) -> Kind | None:
        """The kind of what lies in a place and has this node; None of a place and its page, and of any other."""
        kind = self._by_prefix.get(node.partition(":")[0])
        return kind if kind is not None and kind.lies else None

    def in_words(self, counts: Mapping[str, int]) -> str:
        """Things, counted by prefix: "14 documents and 2 toys"; of none, "0 documents".

        What lies in no place is counted by its page: "3 people’s pages".
        """
        some = [kind for kind in self._kinds if counts.get(kind.prefix)] or list(self.lying[:1])
        said = [counted(counts.get(kind.prefix, 0), *kind.counted_as) for kind in some]
        return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)

    def is_indexed(self, thing_id: str) -> bool:
        """Whether an id (`doc:ID`) is one of a kind that has entries."""
        kind = self._by_prefix.get(thing_id.partition(":")[0])
        return kind is not None and kind.bodies is not None

    def by_kind(self, thing_ids: Iterable[str]) -> list[tuple[Kind, list[str]]]:
        """Ids of things (`doc:ID`), each as the own part, by kind; but those of no kind that there is."""
        found: dict[str, list[str]] = {}
        for thing_id in thing_ids:
            prefix, _, own = thing_id.partition(":")
            found.setdefault(prefix, []).append(own)
        return [(self[prefix], own) for prefix, own in found.items() if prefix in self._by_prefix]


def lying_at(session: Session, kinds: Kinds, nodes: Iterable[str]) -> dict[str, Any]:
    """The rows of what lies in places and has these nodes, by node: a query for each kind among them."""
    wanted = [(kind, own) for kind, own in kinds.by_kind(nodes) if kind.lies]
    return rows_of(session, wanted)


def rows_of(session: Session, wanted: Collection[tuple[Kind, Sequence[str]]]) -> dict[str, Thing]:
    """The things with these own ids, by id (`doc:ID`): one query for each table."""
    by_model: dict[Any, list[tuple[Kind, Sequence[str]]]] = {}
    for kind, ids in wanted:
        by_model.setdefault(kind.model, []).append((kind, ids))
    found: dict[str, Thing] = {}
    for model, asked in by_model.items():
        ids = sorted({own for _, each in asked for own in each})
        rows = {row.id: row for row in session.scalars(_of_ids(model), {"ids": ids})} if ids else {}
        found |= {f"{kind.prefix}:{own}": rows[own] for kind, each in asked for own in each if own in rows}
    return found


@cache
def _of_ids(model: Any) -> Select[Any]:
    return select(model).where(model.id.in_(bindparam("ids", expanding=True)))
