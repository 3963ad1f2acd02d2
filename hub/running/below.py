"""Everything at or below a place that has an entry in the index, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import PlaceClosure
from hub.things.kinds import Kinds

TEXT_AT_ONCE = 32_000_000
"""Characters of text that one page may load (a single document may have more)."""


@dataclass(frozen=True, slots=True)
class At:
    """How far one has come: the number of the kind among those that are indexed, and the last id of that kind."""

    kind: int = 0
    last: str = ""


START = At()


@dataclass(frozen=True, slots=True)
class Below:
    """A page of entry ids; `after` is None where it is the last."""

    ids: tuple[str, ...]
    after: At | None


def page_below(session: Session, kinds: Kinds, place: str, at: At, size: int) -> Below:
    """The next `size` things after `at`, fewer where their texts are long."""
    kind = kinds.indexed[at.kind]
    places = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == place)
    own = session.scalars(kind.below(places, at.last).limit(size)).all()
    ids = [f"{kind.prefix}:{one}" for one in own]
    kept = cut(session, kinds, ids)
    page = tuple(entry_id for entry_id in ids if entry_id in kept)
    if len(page) < len(ids) or len(own) == size:
        return Below(page, At(at.kind, page[-1].partition(":")[2]))
    return Below(page, At(at.kind + 1) if at.kind + 1 < len(kinds.indexed) else None)


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
