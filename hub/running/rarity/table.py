"""The table of rarity as searches use it: read once for each of its versions, in each process."""

from types import MappingProxyType
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hub.running.rarity.models import PublicWords
from search.rarity import SHIPPED, Rarity

VERSION: Final = select(PublicWords.version).where(PublicWords.id == 1).scalar_subquery()
"""The version in force, as a part of another query; NULL where nothing was counted yet."""

_read: WeakKeyDictionary[Engine, tuple[int, Rarity]] = WeakKeyDictionary()


def rarity_of(session: Session, version: int | None) -> Rarity:
    """The table of a version, or a newer one. A query where this process has not read it yet."""
    if version is None:
        return SHIPPED
    engine = session.get_bind().engine
    known = _read.get(engine)
    if known is None or known[0] != version:
        row = session.execute(select(PublicWords.version, PublicWords.texts, PublicWords.counts)).one()
        known = _read[engine] = row.version, Rarity(row.texts, MappingProxyType(read_counts(row.counts)))
    return known[1]


def read_counts(text: str) -> dict[str, int]:
    """Stems and numbers as the row holds them."""
    return {stem: int(number) for stem, number in (line.rsplit(" ", 1) for line in text.splitlines())}


def written_counts(counts: dict[str, int]) -> str:
    """The same as the row is to hold them, in one order: equal counts are equal rows."""
    return "\n".join(f"{stem} {number}" for stem, number in sorted(counts.items()) if number > 0)
