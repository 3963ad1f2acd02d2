"""Several files added at once: each is decided for itself, and what was accepted stays where another one fails."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from flask import Response, jsonify, request
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from hub.access.guard import viewer
from hub.access.models import Place
from hub.audience.acting import acting, beforehand
from hub.features.documents.pages import AddedPage, SentFile
from hub.features.documents.service import Altered
from hub.features.documents.storing import end_uploads, name_of, store_upload
from hub.ground.errors import Invalid, NoRoom
from hub.keeping.once import once
from hub.nouns.documents.forms import DocumentForm
from hub.nouns.documents.models import DOCUMENTS, Document
from hub.nouns.documents.service import LONGEST_TITLE, NewDocument, StoredUpload, add_document
from hub.nouns.spaces.queries import line_of, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import files_href
from hub.things.words import counted
from hub.web.pages import Send
from hub.web.render import render

JSON: Final = "application/json"
EMPTY: Final = "it is empty. Perhaps it was not saved yet: save it, then add it again"
KNOWN: Final = "there is a document of this name here already. Open that, and upload the file as its next revision"
TWICE: Final = "you chose two files of this name"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file with the title that it gets: kept, or refused."""

    title: str
    kept: StoredUpload | None = None
    why: str = ""
    altered: bool = False
    """Whether it is another file than was said, and has to begin anew."""


def one_by_one() -> bool:
    """Whether a script sends the files of a form one after another, and asks what became of each."""
    return request.headers.get("Accept") == JSON


def add_several(place: Place, form: DocumentForm, *, waits: bool) -> Response:
    """Add what can be added; `waits` says that they stay drafts until it is seen whom publishing shows them to."""
    files = beforehand(lambda: [_keep(file) for file in form.several])
    known = _known(place, [file.title for file in files])
    added: list[Document] = []
    left: list[SentFile] = []
    with acting() as uow, once(uow) as answer:
        answer.location = f"{files_href(place)}?sort=-changed"
        end_uploads(uow, (sent for sent, file in zip(form.several, files, strict=True) if file.kept or file.altered))
        into, taken = place_for_writing(uow.session, place.id), set[bytes]()
        for file in files:
            why, key = file.why, _alike(file.title)
            if not why and key in known:
                left.append(SentFile(file.title, f"/documents/{known[key]}", KNOWN))
                continue
            if why or key in taken:
                left.append(SentFile(file.title, why=why or TWICE))
                continue
            taken.add(key)
            added.append(add_document(uow, into, _new(file, form)))
    rows = tuple(SentFile(document.title, f"/documents/{document.id}") for document in added)
    if one_by_one():
        return jsonify(
            added=[{"title": d.title, "href": f"/documents/{d.id}", "thing": d.node if waits else ""} for d in added],
            left=[{"title": each.title, "href": each.href, "why": each.why} for each in left],
        )
    return _page(place, rows, tuple(left), [document.node for document in added] if waits else [])


def _keep(file: FileStorage) -> _Sent:
    """Keep one of them, or say why not."""
    title = PurePath(name_of(file)).stem[:LONGEST_TITLE].strip() or "Untitled"
    try:
        kept = store_upload(file)
    except (Invalid, NoRoom) as problem:
        why = f"{str(problem)[0].lower()}{str(problem)[1:].rstrip('.')}"
        return _Sent(title, why=why, altered=isinstance(problem, Altered))
    return _Sent(title, kept) if kept.size else _Sent(title, why=EMPTY)


def _known(place: Place, titles: list[str]) -> dict[bytes, str]:
    """The ids of the documents right at a place that have one of these titles and may be seen by the viewer."""
    session = viewer().session
    alike = func.lower(Document.title).in_([func.lower(title) for title in titles])
    there = select(Document.title, Document.id).where(Document.place_id == place.id, alike, viewer().where(DOCUMENTS))
    return {_alike(title): own for title, own in session.execute(there)}


def _alike(title: str) -> bytes:
    """The same of titles that differ in the size of letters A to Z: on SQLite no others have another size."""
    return title.encode().lower()


def _new(file: _Sent, form: DocumentForm) -> NewDocument:
    return NewDocument(
        title=file.title,
        marking=form.marking,
        state=form.state,
        owner=viewer().person.subject_id,
        file=file.kept,
        note=form.note,
    )


def _page(place: Place, added: tuple[SentFile, ...], left: tuple[SentFile, ...], drafts: list[str]) -> Response:
    line = line_of(viewer(), place.id)
    said = f"{counted(len(added), 'document', 'documents')} added" if added else "Nothing is added"
    return render(
        AddedPage(
            title=f"{said}, {len(left)} not" if added and left else said,
            crumbs=crumbs_of(line.seen),
            whose=whose(line),
            place=place.name,
            place_href=files_href(place),
            again_href=f"/upload/{place.id}",
            added=added,
            left=left,
            publish=publish_button(place, drafts),
        )
    )


def publish_button(place: Place, drafts: list[str]) -> Send | None:
    """The button that publishes drafts of a place together, once it is seen whom that shows them to."""
    fields = tuple(("thing", node) for node in drafts)
    return Send("Publish them", f"/files/{place.id}/publish", fields, "primary") if drafts else None
