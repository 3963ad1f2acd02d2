"""A Visibility as a SQLAlchemy WHERE, over the columns of whichever table holds the things."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true

from acl.visibility import Always, And, In, Never, Not, Or, Visibility
from hub.access.models import PlaceClosure
from hub.things.columns import Columns, among


def where(visibility: Visibility, columns: Columns) -> ColumnElement[bool]:  # noqa: C901  # one case for each form
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
        case In("ms", values):
            return among(columns.ms, values)
        case In("org", values):
            return among(columns.organisation, values)
        case In("owner", values):
            return among(columns.owner, values)
    raise TypeError(f"not a Visibility: {visibility!r}")


def _lies_in(nodes: frozenset[str], columns: Columns, *, through_closed: bool) -> ColumnElement[bool]:
    places = [n for n in nodes if ":" not in n]
    return or_(
        columns.place.in_(_below(places, through_closed=through_closed)) if places else false(),
        among(columns.id, columns.own(nodes)),
    )


def _below(places: list[str], *, through_closed: bool) -> Select[Any]:
    found = select(PlaceClosure.descendant_id).where(among(PlaceClosure.ancestor_id, places))
    return found if through_closed else found.where(PlaceClosure.open)


def counted(statement: Select[Any], most: int) -> Select[Any]:
    """A statement that counts another's rows, but no more than `most`."""
    return select(func.count()).select_from(statement.limit(most).subquery())
