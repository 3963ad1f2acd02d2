"""Pages of documents: reading one, its revisions and its files."""

from flask import Blueprint, Response, g, request, url_for

from hub.access.guard import declares, parts, viewer
from hub.access.why import why
from hub.audience.readers import may_edit
from hub.audience.sealing import facts_of, shown
from hub.features.documents.menu import what_may_be_done
from hub.features.documents.pages import DocumentPage, FilePanel, RevisionPage, RevisionRow, RevisionsPage
from hub.features.documents.sending import send_file
from hub.ground.errors import NotFound
from hub.ground.extraction.shown import may_be_shown
from hub.keeping.trail import opened
from hub.nouns.documents import queries
from hub.nouns.documents.models import Document, Revision
from hub.nouns.documents.words import file_in_words
from hub.nouns.people.admissions import admitted
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.spaces.pins import pin_button
from hub.nouns.spaces.queries import Line, line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.talk.links import comments_on
from hub.web.pages import Crumb, Send, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

blueprint = Blueprint("documents", __name__, template_folder="templates")

SHOWN_TEXT = 20_000
"""Characters of a file's text that its page shows."""
NEWEST = 5
"""So many revisions stand on the document's own page."""
ON_A_PAGE = 50
SENSITIVE = "OFFICIAL-SENSITIVE"


def typed_about(document_id: str) -> tuple[Document | None, str]:
    """What a form is about whose address names a document, to be judged by the caller."""
    return queries.document_by_id(g.db, document_id), ""


@blueprint.get("/documents/<id:document_id>")
@declares("document:show")
def show(document_id: str) -> Response:
    """The document as it is now."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    revision = queries.revision_of(g.db, document, document.number)
    if revision is None:
        raise NotFound
    newest = queries.revisions_of(g.db, document, most=NEWEST)
    people = named(viewer(), {document.owner, *(r.author for r in newest)})
    line = line_of(viewer(), document.place_id)
    here = url_for(".show", document_id=document.id)
    return render(
        DocumentPage(
            title=document.title,
            crumbs=crumbs_of(line.seen),
            whose=whose(line),
            marking=document.marking,
            loud=_is_loud(document, line),
            state=document.state,
            owner=people.get(document.owner, NOBODY),
            created=document.created_at,
            changed=document.changed_at,
            number=document.number,
            permalink=f"{parts().public_url}{here}",
            body=revision.body,
            file=_file_panel(document, revision, url_for(".download", document_id=document.id)),
            revisions=tuple(_revision_row(document, r, people) for r in newest),
            revisions_href=f"{here}/revisions",
            star=opened(f"doc:{document.id}"),
            pin=pin_button(viewer(), line.space, document.node),
            here=document.place_id,
            done=what_may_be_done(viewer(), document, line, is_file=bool(revision.file_hash)),
            talk=comments_on(g.db, document.node, f"{here}/comments"),
            admitted=admitted(viewer(), document),
            why=why(viewer(), document, page=here, edited=True),
        )
    )


def _is_loud(document: Document, line: Line) -> bool:
    """Whether a marking is what one would not expect here: whoever may not see its place expects nothing."""
    place = next((place for place in line.seen if place.id == document.place_id), None)
    return document.marking == SENSITIVE or place is None or place.marking != document.marking


@blueprint.get("/documents/<id:document_id>/revisions")
@declares("document:show")
def list_revisions(document_id: str) -> Response:
    """All revisions of a document, a page at a time."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    page = page_number(request.args.get("page"))
    found = queries.revisions_of(g.db, document, most=ON_A_PAGE, skip=(page - 1) * ON_A_PAGE)
    if not found:
        raise NotFound
    people = named(viewer(), {revision.author for revision in found})
    line = line_of(viewer(), document.place_id)
    here = url_for(".show", document_id=document.id)
    return render(
        RevisionsPage(
            title=f"Revisions of “{document.title}”",
            crumbs=(*crumbs_of(line.seen), Crumb(document.title, here)),
            whose=whose(line),
            document_href=here,
            compare_href=f"{here}/compare" if document.number > 1 else "",
            revisions=tuple(_revision_row(document, revision, people) for revision in found),
            links=page_links(page, ON_A_PAGE, document.number, lambda number: f"{here}/revisions?page={number}"),
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
    people = named(viewer(), {revision.author})
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
            by=name_of(people, revision.author),
            by_href=person_href(people, revision.author),
            note=revision.note,
            permalink=f"{parts().public_url}{here}/revisions/{number}",
            document_href=here,
            older_href=f"{here}/revisions/{number - 1}" if number > 1 else "",
            newer_href=f"{here}/revisions/{number + 1}" if number < document.number else "",
            compare_href=f"{here}/compare?from={number}&to={document.number}" if number < document.number else "",
            bring_back=bring_back_button(document, number),
            body=revision.body,
            file=_file_panel(document, revision, href),
        )
    )


def bring_back_button(document: Document, number: int) -> Send | None:
    """The button by which an older revision becomes the current one, for those who may edit."""
    if number == document.number or not viewer().sees(document, "edit"):
        return None
    href = f"/documents/{document.id}/revisions/{number}/bring-back"
    return Send("Bring this revision back", href, (shown(facts_of(viewer(), document)),))


@blueprint.get("/documents/<id:document_id>/file")
@declares("document:download")
def download(document_id: str) -> Response:
    """The current revision's file."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    return send_file(queries.revision_of(g.db, document, document.number))


@blueprint.get("/documents/<id:document_id>/revisions/<int:number>/file")
@declares("document:download")
def download_revision(document_id: str, number: int) -> Response:
    """An older revision's file."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    return send_file(queries.revision_of(g.db, document, number))


@blueprint.get("/documents/<id:document_id>/view")
@declares("document:download")
def view_file(document_id: str) -> Response:
    """The current revision's file, shown by the browser where that is safe."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    return send_file(queries.revision_of(g.db, document, document.number), show=True)


@blueprint.get("/documents/<id:document_id>/revisions/<int:number>/view")
@declares("document:download")
def view_revision_file(document_id: str, number: int) -> Response:
    """An older revision's file, likewise."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    return send_file(queries.revision_of(g.db, document, number), show=True)


def _file_panel(document: Document, revision: Revision, href: str) -> FilePanel | None:
    if not revision.file_hash:
        return None
    read = queries.text_of(g.db, revision)
    text = read.text if read and read.readable else ""
    return FilePanel(
        name=revision.file_name,
        href=href,
        view_href=f"{href.removesuffix('/file')}/view" if may_be_shown(document.type, revision.file_name) else "",
        kind=file_in_words(document.type, revision.file_name),
        size=revision.file_size,
        author=(read.author or "") if read else "",
        unreadable=read.reason if read and not read.readable else "",
        text=text[:SHOWN_TEXT],
        text_is_cut=len(text) > SHOWN_TEXT or bool(read and read.cut),
        hidden=read.hidden if read and read.hidden and may_edit(viewer(), document.judged(viewer().snapshot)) else "",
    )


def _revision_row(document: Document, revision: Revision, people: dict[str, Who]) -> RevisionRow:
    here = url_for(".show_revision", document_id=document.id, number=revision.number)
    return RevisionRow(
        number=revision.number,
        href=here,
        at=revision.created_at,
        by=name_of(people, revision.author),
        by_href=person_href(people, revision.author),
        note=revision.note,
        file_href=f"{here}/file" if revision.file_hash else "",
        current=revision.number == document.number,
    )


def name_of(people: dict[str, Who], subject_id: str) -> str:
    """The name and organisation of the person behind a `who` word."""
    return str(people.get(subject_id, NOBODY))


def person_href(people: dict[str, Who], subject_id: str) -> str:
    """The page of the person behind a `who` word, if the viewer may see it."""
    return people.get(subject_id, NOBODY).href
