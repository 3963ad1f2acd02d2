"""Everything at or below a place that has an entry in the index, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from hub.access.models import PlaceClosure
from hub.things.kind import Kind
from hub.things.kinds import Kinds

TEXT_AT_ONCE = 32_000_000
"""Characters of text that one page may load (a single document may have more)."""


@dataclass(frozen=True, slots=True)
class At:
    """How far one has come: the number of the kind among those that are indexed, and where the last of it lies."""

    kind: int = 0
    open: bool = False
    place: str = ""
    last: str = ""


START = At()


@dataclass(frozen=True, slots=True)
class Below:
    """A page of entry ids; `after` is None where it is the last."""

    ids: tuple[str, ...]
    after: At | None


def page_below(session: Session, kinds: Kinds, place: str, at: At, size: int) -> Below:
    """The next `size` things after `at`, fewer where their texts are long.

    What moves from a later place to an earlier one meanwhile is on no page: its own message brings it.
    """
    kind = kinds.indexed[at.kind]
    rows = session.execute(here(kind, place, at).limit(size)).all() if at.place else []
    if len(rows) < size:
        rows = [*rows, *session.execute(beyond(kind, place, at).limit(size - len(rows))).all()]
    ids = tuple(f"{kind.prefix}:{own}" for own, *_ in rows)
    page = ids[: len(cut(session, kinds, ids))]
    if len(page) < len(rows) or len(rows) == size:
        own, spot, is_open = rows[len(page) - 1]
        return Below(page, At(at.kind, is_open, spot, own))
    return Below(page, At(at.kind + 1) if at.kind + 1 < len(kinds.indexed) else None)


Lying = Select[str, str, bool]
"""Own id, place, and whether the place is open, seen from above."""


def here(kind: Kind, place: str, at: At) -> Lying:
    """Those of a kind that lie where the last one lies, and come after it."""
    return _below(kind, place).where(PlaceClosure.descendant_id == at.place, kind.columns.id > at.last)


def beyond(kind: Kind, place: str, at: At) -> Lying:
    """Those of a kind that lie at or below a place, at a later spot than the last one."""
    return _below(kind, place).where(tuple_(PlaceClosure.open, PlaceClosure.descendant_id) > (at.open, at.place))


def _below(kind: Kind, place: str) -> Lying:
    """Place by place, as two indexes have them: `ix_place_closure_down`, and that of the kind by place and id.

    A page so reads what it holds and sorts nothing, however much lies below.
    """
    own, spot, is_open = kind.columns.id, PlaceClosure.descendant_id, PlaceClosure.open
    found: Lying = select(own, spot, is_open)
    return (
        found.join_from(PlaceClosure, kind.model, kind.columns.place == spot)
        .where(kind.only, PlaceClosure.ancestor_id == place)
        .order_by(is_open, spot, own)
    )


def cut(session: Session, kinds: Kinds, ids: Sequence[str]) -> set[str]:
    """The first of the ids, as many as may be loaded together; at least one."""
    sizes: dict[str, int] = {}
    for kind, own in kinds.by_kind(ids):
        if kind.sizes is not None:
            sizes |= {f"{kind.prefix}:{one}": size for one, size in kind.sizes(session, own).items()}
    kept: set[str] = set()
    held = 0
    for entry_id in ids:
        held += 0 if entry_id in kept else sizes.get(entry_id, 0)
        if kept and held > TEXT_AT_ONCE:
            break
        kept.add(entry_id)
    return kept
