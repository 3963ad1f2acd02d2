"""Lists of what lies in places, of all kinds together, in whichever order, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from hub.ground.db import Moment
from hub.things.kind import Kind
from hub.things.kinds import Kinds, lying_at
from hub.things.thing import Lying

Key = Callable[[Kind], ColumnElement[Any]]
"""By what a list is ordered: a value of each thing of a kind."""
Condition = Callable[[Kind], ColumnElement[bool]]
"""Which things of a kind are in a list, and that whoever looks may see them."""

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STATES: Final = MappingProxyType({"draft": 0, "published": 1, "archived": 2, "withdrawn": 3})


def by_title(kind: Kind) -> ColumnElement[Any]:
    """The title, large and small letters alike."""
    return func.lower(kind.titled)


def by_change(kind: Kind) -> ColumnElement[Any]:
    """When it was changed; those that do not say so come first."""
    changed: ColumnElement[Any] = kind.changed if kind.changed is not None else literal(_LONG_AGO, Moment())
    return changed


def by_type(kind: Kind) -> ColumnElement[Any]:
    """What it is: its type, or the word for its kind."""
    return kind.typed if kind.typed is not None else literal(kind.word)  # type: ignore[return-value]


def by_state(kind: Kind) -> ColumnElement[Any]:
    """How far it has come: from draft to withdrawn."""
    return case(dict(_STATES), value=kind.model.state, else_=len(_STATES))


KEYS: Final[Mapping[str, Key]] = MappingProxyType(
    {"title": by_title, "changed": by_change, "type": by_type, "state": by_state}
)


@dataclass(frozen=True)
class Order:
    """By which key, and whether from its end."""

    key: Key = by_title
    down: bool = False


def count_of(kinds: Sequence[Kind], which: Condition, most: int) -> Select[*tuple[int, ...]]:
    """A statement that says how many there are of each kind, but no more than `most` of one."""
    some = (_those(kind, which, kind.columns.id).limit(most).subquery() for kind in kinds)
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in some))


def nodes_of(kinds: Sequence[Kind], which: Condition, order: Order) -> Select[*tuple[Any, ...]]:
    """A statement for a page of them: `most` after so many that it is to `skip`.

    What is alike by the key is in the order of its title, then of its id: pages are stable. Where there is one kind of
    such things it gives these, with more their nodes.
    """
    if len(kinds) == 1:
        (kind,) = kinds
        key = order.key(kind)
        listed = _those(kind, which, kind.model).order_by(
            key.desc() if order.down else key, by_title(kind), kind.columns.id
        )
        return _paged(listed)
    every = union_all(
        *(
            _those(
                kind,
                which,
                literal(kind.columns.node_prefix).concat(kind.columns.id).label("node"),
                order.key(kind).label("key"),
                by_title(kind).label("title"),
            )
            for kind in kinds
        )
    ).subquery()
    first = every.c.key.desc() if order.down else every.c.key
    return _paged(select(every.c.node).order_by(first, every.c.title, every.c.node))


def page_of(
    session: Session, kinds: Kinds, some: Sequence[Kind], nodes: Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> list[Lying]:
    """The things of a page of some kinds, by the statement of `nodes_of` and its values.

    A query, and where there are several kinds one more for each that is on it.
    """
    wanted = session.scalars(nodes, values).all()
    if len(some) == 1:
        return list(wanted)
    rows = lying_at(session, kinds, wanted)
    return [rows[node] for node in wanted if node in rows]


def _paged(listed: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return listed.offset(bindparam("skip", type_=Integer)).limit(bindparam("most", type_=Integer))


def _those(kind: Kind, which: Condition, *what: Any) -> Select[*tuple[Any, ...]]:
    return select(*what).select_from(kind.model).where(kind.only, which(kind))
