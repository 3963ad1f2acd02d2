"""A kind of thing as one value: all that the hub asks of a noun, so that nothing above the nouns needs to name one."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from acl.store import Snapshot
from acl.visibility import Object
from hub.ground.unit_of_work import UnitOfWork
from hub.things.words import counted

ID = r"[a-z][a-z0-9]{11}"
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


class Thing(Protocol):
    """A row that policy speaks of."""

    @property
    def id(self) -> Any:
        """Its id, which no other thing of its kind ever had."""

    @property
    def node(self) -> str:
        """The node that is given to people, and that lines of policy name: `doc:ID`, of a place its id."""

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The attributes that decide about it; None while the snapshot lacks its place."""


class Lying(Thing, Protocol):
    """A thing that lies in a place, which is counted there, put away and moved with it."""

    @property
    def place_id(self) -> Any:
        """Where it lies."""

    @property
    def organisation_id(self) -> Any:
        """Whose place that is."""

    @property
    def owner(self) -> Any:
        """The `who` word of its owner; empty for nobody."""

    @property
    def marking(self) -> Any:
        """One of the markings."""

    @property
    def state(self) -> Any:
        """One of the states."""

    @property
    def ms(self) -> Any:
        """Both, joined."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved what a thing says now (a `who` word), and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What is shown of a thing wherever it is listed."""

    title: str
    href: str
    lies_at: str
    """The place that it lies at; of a place, the one above it. Empty for an organisation."""
    changed: datetime
    owner: str = ""
    """The `who` word of its owner, where it has one that is shown."""
    type: str = ""
    """A word of the vocabulary of types, where its kind has types."""


Bodies = Callable[[Session, Mapping[str, Any]], Mapping[str, str]]
"""The plain text by which some things, given by own id, are found beside their titles. A query at most."""
Number = Callable[[Any], int]
"""Which revision of what it says a thing is at."""
LastSaved = Callable[[Session, Any], Saved]
"""Who saved that. A query at most."""
Mark = Callable[[UnitOfWork, Any, str, str], None]
"""Gives a thing another marking and state, as with its place: fenced, indexed and recorded."""
Move = Callable[[UnitOfWork, Any, Any], None]
"""Puts a thing into another place, given as its row: fenced, indexed and recorded."""
Writers = Callable[[Session, Any], Collection[str]]
"""The `who` words of those who wrote in a thing. A query at most."""
Sizes = Callable[[Session, Sequence[str]], Mapping[str, int]]
"""How many characters the texts of some things have, by id, so that nobody loads too many at once."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a noun is to the hub."""

    prefix: str
    """Of the ids of its entries, and of its nodes unless `columns` says otherwise: `doc` for `doc:ID`."""
    word: str
    """One of them: “document”."""
    many: str
    model: type[Any]
    """Its table; things of a kind that shares one are told apart by `only`, and have its prefix in their `kind`."""
    columns: Columns
    face: Callable[[Any], Face]
    only: ColumnElement[bool] = true()  # noqa: RUF009  # a constant of SQL
    listed: ColumnElement[bool] = true()  # noqa: RUF009
    """Which of them have an entry, while policy can judge them."""
    bodies: Bodies | None = None
    """None where it has no entries in the index, and is found by what lies in it."""
    sizes: Sizes | None = None
    """None where none of them is long."""
    pages: str = ""
    """What the addresses of its pages begin with, before the own id (`/documents/`), where it lies in places."""
    titled: Column | None = None
    """What lists are in the order of, where they lie in places (`Lying`); None for places themselves and for people.

    What lies in places is counted there in who will see a change, and put away and moved with its place.
    """
    number: Number | None = None
    """None where it keeps no revisions."""
    last_saved: LastSaved | None = None
    """None likewise."""
    mark: Mark | None = None
    """None where it stays as it is when its place is archived, withdrawn and restored."""
    move: Move | None = None
    """None where it lies where it lies, and moves with its place alone."""
    writers: Writers | None = None
    """None where nobody writes in it but its owner."""

    @property
    def lies(self) -> bool:
        """Whether they lie in places."""
        return self.titled is not None

    def audience_href(self, node: str) -> str:
        """The address of the page that says who can see one of them, which lies in a place."""
        return f"/audience/{self.word}/{node.removeprefix(self.columns.node_prefix)}"

    def place_of(self, thing: Thing) -> str:
        """The place that a thing lies at, or is."""
        return str(getattr(thing, str(self.columns.place.key)))

    def says(self, thing: Any) -> str:
        """Something that is another one once what a thing says is changed."""
        return str(self.number(thing)) if self.number else self.face(thing).changed.isoformat()

    def rows(self, session: Session, ids: Sequence[str]) -> dict[str, Thing]:
        """Those of the things with these own ids that have entries, by own id. One query."""
        wanted = select(self.model).where(self.only, self.listed, self.columns.id.in_(ids))
        return {row.id: row for row in session.scalars(wanted)}

    def below(self, places: Select[Any], after: str) -> Select[Any]:
        """The ids of those that lie at some places, or are one of them, in order, from behind an id."""
        columns = self.columns
        return select(columns.id).where(self.only, columns.place.in_(places), columns.id > after).order_by(columns.id)

    def count(self, session: Session) -> int:
        """How many have an entry."""
        return session.scalar(select(func.count(self.columns.id)).where(self.only, self.listed)) or 0


class Kinds:
    """All kinds of a hub, in the order in which they lean on one another."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds
        self._by_prefix = {kind.prefix: kind for kind in kinds}
        self.indexed = tuple(kind for kind in kinds if kind.bodies is not None)
        """Those that have entries in the index."""
        self.lying = tuple(kind for kind in kinds if kind.lies)
        """Those that lie in places."""
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
        """Things of kinds that lie in places, counted by prefix: "14 documents and 2 toys"; of none, "0 documents"."""
        some = [kind for kind in self.lying if counts.get(kind.prefix)] or list(self.lying[:1])
        said = [counted(counts.get(kind.prefix, 0), kind.word, kind.many) for kind in some]
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
    by_model: dict[type[Any], list[tuple[Kind, Sequence[str]]]] = {}
    for kind, ids in wanted:
        by_model.setdefault(kind.model, []).append((kind, ids))
    found: dict[str, Thing] = {}
    for model, asked in by_model.items():
        ids = sorted({own for _, each in asked for own in each})
        rows = {row.id: row for row in session.scalars(select(model).where(model.id.in_(ids)))} if ids else {}
        found |= {f"{kind.prefix}:{own}": rows[own] for kind, each in asked for own in each if own in rows}
    return found
