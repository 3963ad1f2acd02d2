"""Taking back what was brought in: drafts that nobody has touched since go, and the places made for them if empty.

The worker does it draft by draft, as the person, with the rights that they have then; the rest stays and is named.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import Select, select

from acl.renaming import names_place
from hub.access.models import Place
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.features.imports.bringing import FILED, KEPT, UNDONE, importer
from hub.features.imports.known import inside
from hub.features.imports.models import Bringing, BroughtFile
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.documents.models import DOCUMENTS, Document
from hub.nouns.documents.queries import document_for_writing, left_alone
from hub.nouns.documents.service import delete_draft
from hub.nouns.spaces.queries import looks_empty
from hub.nouns.spaces.service import delete_place

AT_ONCE: Final = 20
TOUCHED: Final = "it was published, changed, moved, shared or commented on since"
NOT_YOURS: Final = "you may not change it any more"


def untouched(viewer: Viewer, found: Bringing) -> Select[str]:
    """The ids of those drafts of an import that are as they came in, and that its person may delete."""
    return (
        select(Document.id)
        .join(BroughtFile, BroughtFile.document_id == Document.id)
        .where(BroughtFile.import_id == found.id, BroughtFile.state == FILED)
        .where(Document.state == "draft", Document.published_at.is_(None), Document.number == 1)
        .where(Document.owner == viewer.subject.id, Document.marking == found.marking)
        .where(inside(found.place_id), viewer.where(DOCUMENTS, "edit"))
        .where(left_alone())
    )


def undo(uow: UnitOfWork, found: Bringing) -> None:
    """Leave it to the worker to take it back; nothing happens where that was asked for already."""
    if found.undo_at is None:
        found.undo_at = uow.now
        uow.record("import:undo", found.place_id)


def undoing_round(parts: Parts) -> int:
    """Take back the next drafts of what was asked for first; returns how many, 0 where nothing is to be taken back."""
    with parts.database.reading() as session:
        found = session.scalar(
            select(Bringing)
            .where(Bringing.undo_at.is_not(None), Bringing.undone_at.is_(None))
            .order_by(Bringing.undo_at)
            .limit(1)
        )
        if found is None:
            return 0
        filed = (BroughtFile.import_id == found.id, BroughtFile.state == FILED)
        numbers = session.scalars(
            select(BroughtFile.number).where(*filed).order_by(BroughtFile.number.desc()).limit(AT_ONCE)
        ).all()
    for number in numbers:
        _take_back(parts, found.id, number)
    if not numbers:
        for place_id in reversed((found.made or "").split()):
            _remove(parts, found.id, place_id)
        with unit_of_work(parts.database, parts.clock) as uow:
            uow.session.get_one(Bringing, found.id).undone_at = uow.now
    return max(len(numbers), 1)


def _take_back(parts: Parts, import_id: str, number: int) -> None:
    with unit_of_work(parts.database, parts.clock) as plain:
        row = plain.session.get_one(BroughtFile, (import_id, number), with_for_update=True)
        found, viewer = plain.session.get_one(Bringing, import_id), importer(parts, plain.session, import_id)
        document = document_for_writing(plain.session, row.document_id)
        if document is None:
            row.state = UNDONE
        elif viewer is None or not viewer.sees(document, "edit"):
            row.state, row.reason = KEPT, NOT_YOURS
        elif plain.session.scalar(untouched(viewer, found).where(Document.id == document.id)) is None:
            row.state, row.reason = KEPT, TOUCHED
        else:
            delete_draft(replace(plain, actor=viewer.person.handle), document)
            row.state, row.hidden, row.reason = UNDONE, "", ""


def _remove(parts: Parts, import_id: str, place_id: str) -> None:
    """Delete a place that was made for it, if it looks empty to the person, who manages it, and no policy names it."""
    with unit_of_work(parts.database, parts.clock) as plain:
        viewer = importer(parts, plain.session, import_id)
        place = plain.session.get(Place, place_id, with_for_update=True)
        if viewer is None or place is None or place.kind not in ("space", "folder") or not viewer.sees(place):
            return
        decision = viewer.decide("manage", place)
        named = (rule for file in viewer.snapshot.files.values() for rule in file.rules)
        if decision is None or not decision.allowed or any(names_place(rule, place.path) for rule in named):
            return
        if looks_empty(viewer, place):
            delete_place(replace(plain, actor=viewer.person.handle), place, viewer.subject.id)
