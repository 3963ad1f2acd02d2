"""Everything at or below a place that has an entry in the index, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hub.access.models import Person, Place, PlaceClosure
from hub.nouns.documents.index_entries import sizes_of
from hub.nouns.documents.models import Document

TEXT_AT_ONCE = 32_000_000
"""Characters of text that one page may load (a single document may have more)."""


@dataclass(frozen=True, slots=True)
class At:
    """How far one has come: the kind's number and the last id of that kind."""

    kind: int = 0
    last: str = ""


START = At()


@dataclass(frozen=True, slots=True)
class Below:
    """A page of entry ids; `after` is None where it is the last."""

    ids: tuple[str, ...]
    after: At | None


def _places(kind: str, place: str, last: str) -> Select[str]:
    return (
        select(Place.id)
        .join(PlaceClosure, PlaceClosure.descendant_id == Place.id)
        .where(PlaceClosure.ancestor_id == place, Place.kind == kind, Place.id > last)
        .order_by(Place.id)
    )


def _descendants(place: str) -> Select[str]:
    return select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == place)


def _statement(kind: str, place: str, last: str) -> Select[str]:
    if kind == "person":
        people = select(Person.id).where(Person.organisation_id.in_(_descendants(place)), Person.id > last)
        return people.order_by(Person.id)
    if kind == "doc":
        documents = select(Document.id).where(Document.place_id.in_(_descendants(place)), Document.id > last)
        return documents.order_by(Document.id)
    return _places(kind, place, last)


KINDS = ("organisation", "space", "person", "doc")


def page_below(session: Session, place: str, at: At, size: int) -> Below:
    """The next `size` things after `at`, fewer where their texts are long."""
    kind = KINDS[at.kind]
    own = session.scalars(_statement(kind, place, at.last).limit(size)).all()
    ids = [f"{kind}:{one}" for one in own]
    kept = cut(session, ids) if kind == "doc" else set(ids)
    page = tuple(entry_id for entry_id in ids if entry_id in kept)
    if len(page) < len(ids) or len(own) == size:
        return Below(page, At(at.kind, page[-1].partition(":")[2]))
    return Below(page, At(at.kind + 1) if at.kind + 1 < len(KINDS) else None)


def cut(session: Session, ids: Sequence[str]) -> set[str]:
    """The first of the ids, as many as may be loaded together; at least one."""
    documents = [entry_id.removeprefix("doc:") for entry_id in ids if entry_id.startswith("doc:")]
    sizes = sizes_of(session, documents) if documents else {}
    kept: set[str] = set()
    held = 0
    for entry_id in ids:
        held += 0 if entry_id in kept else sizes.get(entry_id.removeprefix("doc:"), 0)
        if kept and held > TEXT_AT_ONCE:
            break
        kept.add(entry_id)
    return kept
