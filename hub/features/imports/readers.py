"""Who can see what was imported: policy asked once for each person, about one document of each place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.explain import explain
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.nouns.documents.models import Document

_AT_ONCE = 500  # ids of one query


@dataclass(frozen=True)
class Readers:
    """How many people of one organisation can read how much of it."""

    organisation: str
    path: str
    all_of_it: int
    some_of_it: int
    people: int
    guests: int
    """Of those who can read something."""
    because: str
    """Where the rule stands by which the first of them reads, and its reason."""


def readers_of(parts: Parts, document_ids: Iterable[str]) -> list[Readers]:
    """Each organisation with someone who can read something of it, the one with the most first."""
    everyone, whole, some, guests = (Counter[str]() for _ in range(4))
    because: dict[str, str] = {}
    with parts.database.reading() as session:
        samples = _samples(session, document_ids)
        for person in session.scalars(select(Person).where(Person.status == "active").order_by(Person.handle)):
            key, viewer = person.organisation_id, parts.viewer(session, person)
            everyone[key] += 1
            if not (seen := viewer.kept(samples)):
                continue
            (whole if len(seen) == len(samples) else some)[key] += 1
            guests[key] += person.kind == "guest"
            if key not in because:
                because[key] = _why(viewer, seen[0])
        names = {place.id: place for place in session.scalars(select(Place).where(Place.id.in_(list(because))))}
    found = [
        Readers(place.name, place.path, whole[key], some[key], everyone[key], guests[key], because[key])
        for key, place in names.items()
    ]
    return sorted(found, key=lambda readers: (-readers.all_of_it, -readers.some_of_it, readers.organisation))


def _samples(session: Session, document_ids: Iterable[str]) -> list[Document]:
    """One document for each place, marking and owner: no line of policy can tell new ones apart further."""
    samples: dict[tuple[str, str, str], Document] = {}
    wanted = sorted(document_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        for document in session.scalars(select(Document).where(Document.id.in_(wanted[start : start + _AT_ONCE]))):
            samples.setdefault((document.place_id, document.ms, document.owner), document)
    return list(samples.values())


def _why(viewer: Viewer, document: Document) -> str:
    decision = viewer.decide("read", document)
    if decision is None or decision.rule is None:
        return ""
    source, reason = explain(decision, "read").source, decision.rule.reason.strip(" -")
    return f"{source}: {reason}" if reason else source
