"""Pages of documents: reading one, its revisions and files, adding one."""

from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person, Place
from hub.access.why import why
from hub.documents import queries
from hub.documents.forms import MARKING_CHOICES, STATE_CHOICES, DocumentForm, read_form
from hub.documents.models import Document, Revision
from hub.documents.pages import DocumentPage, FilePanel, RevisionPage, RevisionRow, UploadPage
from hub.documents.service import NewDocument, StoredUpload, add_document
from hub.documents.words import type_in_words
from hub.errors import Invalid, NotFound
from hub.files import CHUNK
from hub.people.queries import people_by_subject
from hub.spaces.queries import Line, line_of, place_by_id
from hub.unit_of_work import unit_of_work
from hub.web.pages import Crumb, Problem, Whose
from hub.web.render import render

blueprint = Blueprint("documents", __name__, template_folder="templates")

SHOWN_TEXT = 20_000
"""Characters of a file's text that its page shows."""


@blueprint.get("/documents/<id:document_id>")
@declares("document:show")
def show(document_id: str) -> Response:
    """The document as it is now."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    revision = queries.revision_of(g.db, document, document.number)
    if revision is None:
        raise NotFound
    revisions = queries.revisions_of(g.db, document)
    people = people_by_subject(g.db, {document.owner, *(r.author for r in revisions)})
    line = line_of(viewer(), document.place_id)
    return render(
        DocumentPage(
            title=document.title,
            crumbs=crumbs_of(line.seen),
            whose=whose(line),
            marking=document.marking,
            state=document.state,
            owner=_name(people, document.owner),
            owner_href=_person_href(people, document.owner),
            created=document.created_at,
            changed=document.changed_at,
            number=document.number,
            permalink=f"{parts().public_url}/documents/{document.id}",
            body=revision.body,
            file=_file_panel(document, revision, url_for(".download", document_id=document.id)),
            revisions=tuple(_revision_row(document, r, people) for r in revisions),
            why=why(viewer(), document),
        )
    )


@blueprint.get("/documents/<id:document_id>/revisions/<int:number>")
@declares("document:show")
def show_revision(document_id: str, number: int) -> Response:
    """The document as it stood."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    revision = queries.revision_of(g.db, document, number)
    if revision is None:
        raise NotFound
    line = line_of(viewer(), document.place_id)
    people = people_by_subject(g.db, {revision.author})
    here = url_for(".show", document_id=document.id)
    href = url_for(".download_revision", document_id=document.id, number=number)
    return render(
        RevisionPage(
            title=revision.title,
            crumbs=(*crumbs_of(line.seen), Crumb(document.title, here)),
            whose=whose(line),
            marking=document.marking,
            state=document.state,
            number=number,
            latest=document.number,
            at=revision.created_at,
            by=_name(people, revision.author),
            by_href=_person_href(people, revision.author),
            note=revision.note,
            permalink=f"{parts().public_url}{here}/revisions/{number}",
            document_href=here,
            older_href=f"{here}/revisions/{number - 1}" if number > 1 else "",
            newer_href=f"{here}/revisions/{number + 1}" if number < document.number else "",
            body=revision.body,
            file=_file_panel(document, revision, href),
        )
    )


@blueprint.get("/documents/<id:document_id>/file")
@declares("document:download")
def download(document_id: str) -> Response:
    """The current revision's file."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    return _send(queries.revision_of(g.db, document, document.number))


@blueprint.get("/documents/<id:document_id>/revisions/<int:number>/file")
@declares("document:download")
def download_revision(document_id: str, number: int) -> Response:
    """An older revision's file."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    return _send(queries.revision_of(g.db, document, number))


@blueprint.get("/upload/<id:place_id>")
@declares("document:add")
def upload(place_id: str) -> Response:
    """The form for a new document."""
    place = viewer().require("edit", place_by_id(g.db, place_id))
    as_text = request.args.get("as") == "text"
    empty = DocumentForm(
        name="", marking=place.marking, state="published", note="", body="", as_text=as_text, file=None, problems=()
    )
    return _upload_page(place, empty)


@blueprint.post("/upload/<id:place_id>")
@declares("document:add")
def add(place_id: str) -> BaseResponse:
    """Add the document that was sent; wrong input comes back with what to mend."""
    place = viewer().require("edit", place_by_id(g.db, place_id))
    form = read_form(request.form, request.files)
    if form.problems:
        return _upload_page(place, form)
    try:
        document_id = _add(place, form)
    except Invalid as problem:
        found = DocumentForm(**{**form.__dict__, "problems": (Problem(problem.field, str(problem)),)})
        return _upload_page(place, found)
    return redirect(url_for(".show", document_id=document_id), code=303)


def _add(place: Place, form: DocumentForm) -> str:
    person = viewer().person
    stored = _store(form)
    title = form.name or (PurePath(stored.name).stem if stored else "")
    new = NewDocument(
        title=title,
        marking=form.marking,
        state=form.state,
        owner=person.subject_id,
        body=form.body,
        file=stored,
        note=form.note,
    )
    with unit_of_work(parts().database, parts().clock, person.handle) as uow:
        there = uow.session.get_one(Place, place.id)
        return add_document(uow, there, new).id


def _store(form: DocumentForm) -> StoredUpload | None:
    if form.as_text or form.file is None:
        return None
    stream = form.file.stream
    kept = parts().files.put(iter(lambda: stream.read(CHUNK), b""), limit=parts().upload_limit)
    name = PurePath((form.file.filename or "file").replace("\\", "/")).name
    return StoredUpload(kept.hash, name, kept.size)


def _upload_page(place: Place, form: DocumentForm) -> Response:
    line = line_of(viewer(), place.id)
    here = url_for(".upload", place_id=place.id)
    return render(
        UploadPage(
            crumbs=crumbs_of(line.seen),
            problems=form.problems,
            whose=whose(line),
            place=place.name,
            place_href=f"/places/{place.path}",
            action=here,
            as_text=form.as_text,
            file_href=here,
            text_href=f"{here}?as=text",
            markings=MARKING_CHOICES,
            states=STATE_CHOICES,
            largest=parts().upload_limit,
            name=form.name,
            marking=form.marking,
            state=form.state,
            body=form.body,
            note=form.note,
        )
    )


def crumbs_of(places: list[Place]) -> tuple[Crumb, ...]:
    """The way to a thing through places that the viewer may see."""
    return tuple(Crumb(p.name, f"/places/{p.path}") for p in places)


def whose(line: Line) -> Whose:
    """Whose space it is."""
    organisation, space = line.organisation, line.space
    return Whose(
        organisation=organisation.name if organisation else "",
        organisation_href=f"/places/{organisation.path}" if organisation else "",
        space=space.name if space else "",
        space_href=f"/places/{space.path}" if space else "",
    )


def _file_panel(document: Document, revision: Revision, href: str) -> FilePanel | None:
    if not revision.file_hash:
        return None
    read = queries.text_of(g.db, revision)
    text = read.text if read and read.readable else ""
    return FilePanel(
        name=revision.file_name,
        href=href,
        kind=type_in_words(document.type),
        size=revision.file_size,
        unreadable=read.reason if read and not read.readable else "",
        text=text[:SHOWN_TEXT],
        text_is_cut=len(text) > SHOWN_TEXT or bool(read and read.cut),
    )


def _revision_row(document: Document, revision: Revision, people: dict[str, Person]) -> RevisionRow:
    here = url_for(".show_revision", document_id=document.id, number=revision.number)
    return RevisionRow(
        number=revision.number,
        href=here,
        at=revision.created_at,
        by=_name(people, revision.author),
        by_href=_person_href(people, revision.author),
        note=revision.note,
        file_href=f"{here}/file" if revision.file_hash else "",
        current=revision.number == document.number,
    )


def _name(people: dict[str, Person], subject_id: str) -> str:
    person = people.get(subject_id)
    return person.name if person else subject_id.partition(":")[2]


def _person_href(people: dict[str, Person], subject_id: str) -> str:
    person = people.get(subject_id)
    return f"/people/{person.handle}" if person and viewer().sees(person) else ""


def _send(revision: Revision | None) -> Response:
    """A file, always as an attachment of no type: nothing in it ever runs on the hub's own address."""
    if revision is None or not revision.file_hash:
        raise NotFound
    chunks: Iterator[bytes] = parts().files.read(revision.file_hash)
    response = Response(chunks, mimetype="application/octet-stream", direct_passthrough=True)
    response.content_length = revision.file_size
    response.headers["Content-Disposition"] = disposition(revision.file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """An attachment's Content-Disposition (RFC 6266): a plain name for old readers, the whole one in UTF-8."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " .-_()") else "_" for c in name).strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
