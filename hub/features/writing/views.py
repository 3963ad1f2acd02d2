"""Editing a document, and bringing an older revision back."""

from dataclasses import replace

from flask import Response, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.audience.acting import acting, acts, beforehand
from hub.audience.readers import draft_sentence
from hub.audience.sealing import NOT_SHOWN, Fact, facts_of, news, seal, shown
from hub.features.documents.storing import store_upload
from hub.features.documents.views import name_of
from hub.features.writing.blueprint import address, blueprint, editable, surroundings
from hub.features.writing.difference import compare
from hub.features.writing.forms import EditForm, read_form
from hub.features.writing.pages import EditPage, Theirs
from hub.ground.errors import Invalid, NotFound
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.documents import queries
from hub.nouns.documents.models import Document, Revision
from hub.nouns.documents.service import NewDocument, StoredUpload, bring_back, file_of, revise_document
from hub.nouns.people.queries import named
from hub.web.flash import say, say_news
from hub.web.pages import Problem, Send
from hub.web.render import render

CONFLICT = 409


@blueprint.get("/documents/<id:document_id>/edit")
@declares("document:revise")
def edit(document_id: str) -> Response:
    """The document in a form."""
    document = editable(document_id)
    revision = _current(g.db, document)
    form = typed_into(EditForm(document.title, revision.body, "", document.number, None, preview=False))
    if form.based_on == document.number:
        return _page(document, revision, form)
    theirs = _theirs(g.db, document, revision, form)  # a draft of an older revision: both texts are shown
    return _page(document, revision, replace(form, based_on=document.number), theirs)


@blueprint.post("/documents/<id:document_id>/edit")
@declares("document:revise", costs="write")
@acts
def save(document_id: str) -> BaseResponse:
    """Save a new revision; what somebody else saved meanwhile comes back beside what was sent, and nothing is lost."""
    document = editable(document_id)
    check_sheet()
    revision = _current(g.db, document)
    form = read_form(request.form, request.files, as_text=not revision.file_hash)
    since = news(_standing(document))
    if form.problems or form.preview:
        return _page(document, revision, form)
    if since is not None:
        return _page(document, revision, form, found=since or (NOT_SHOWN,))
    try:
        stored = beforehand(lambda: store_upload(form.file) if form.file else None)
        if form.based_on != document.number and not _same(revision, form, stored):
            theirs = _theirs(g.db, document, revision, form)
            return _page(document, revision, replace(form, based_on=theirs.number), theirs)
        saved = _saved(document, revision, form, stored)
    except Invalid as problem:
        return _page(document, revision, replace(form, problems=(Problem(problem.field, str(problem)),)))
    say(f"Revision {saved} is saved." if saved else "Nothing was saved: nothing had changed.", _kind(saved))
    return redirect(address(document), code=303)


@blueprint.post("/documents/<id:document_id>/revisions/<int:number>/bring-back")
@declares("document:revise")
@acts
def bring_revision_back(document_id: str, number: int) -> BaseResponse:
    """An older revision becomes the current one, as a new revision."""
    document = editable(document_id)
    if (since := news(facts_of(viewer(), document))) is not None:
        say_news(since)
        return redirect(f"{address(document)}/revisions/{number}", code=303)
    before = document.number
    with acting() as uow:
        now = bring_back(uow, document, number, before, viewer().person.subject_id).number
    undo = Send("Undo", f"{address(document)}/revisions/{before}/bring-back", (shown(facts_of(viewer(), document)),))
    say(f"Revision {number} is back, as revision {now}.", undo=undo)
    return redirect(address(document), code=303)


def _kind(saved: int) -> str:
    return "success" if saved else "info"


def _saved(document: Document, now: Revision, form: EditForm, stored: StoredUpload | None) -> int:
    """Save it; the number of the new revision, 0 where nothing had changed."""
    with acting() as uow, once(uow) as answer:
        answer.location = address(document)
        if _same(now, form, stored):
            return 0
        new = NewDocument(
            title=form.name,
            marking=document.marking,
            state=document.state,
            owner=viewer().person.subject_id,
            body=form.body,
            file=stored or file_of(uow.session, now),
            note=form.note,
        )
        return revise_document(uow, document, form.based_on, new).number


def _same(now: Revision, form: EditForm, stored: StoredUpload | None) -> bool:
    file = stored.hash if stored else now.file_hash
    return (now.title, now.body, now.file_hash) == (form.name, form.body, file)


def _theirs(session: Session, document: Document, now: Revision, form: EditForm) -> Theirs:
    people = named(viewer(), {now.author}, session)
    return Theirs(
        number=now.number,
        at=now.created_at,
        by="You" if now.author == viewer().subject.id else name_of(people, now.author),
        title=now.title,
        body=now.body,
        file_name=now.file_name,
        difference=compare(now.body, form.body) if now.body and form.body else None,
        href=f"{address(document)}/revisions/{now.number}",
    )


def _current(session: Session, document: Document) -> Revision:
    revision = queries.revision_of(session, document, document.number)
    if revision is None:
        raise NotFound
    return revision


def _standing(document: Document) -> tuple[Fact, ...]:
    """What decides who reads what is saved; that the revision is the same is asked of `based_on`."""
    return tuple(fact for fact in facts_of(viewer(), document) if fact.name != "revision")


def _page(
    document: Document,
    revision: Revision,
    form: EditForm,
    theirs: Theirs | None = None,
    found: tuple[str, ...] = (),
) -> Response:
    crumbs, whose, line = surroundings(document)
    draft = document.state == "draft"
    space = line.space.name if line.space else ""
    page = EditPage(
        title=f"Edit “{document.title}”",
        crumbs=crumbs,
        problems=form.problems,
        whose=whose,
        marking=document.marking,
        state=document.state,
        action=f"{address(document)}/edit",
        cancel_href=address(document),
        as_text=not revision.file_hash,
        name=form.name,
        body=form.body,
        note=form.note,
        based_on=form.based_on,
        seen=seal(_standing(document)),
        news=(*found, *(("Choose your file again.",) if found and form.file else ())),
        file_name=revision.file_name,
        largest=parts().upload_limit,
        hint=draft_sentence(viewer(), document, space) if draft else _PUBLISHED.get(document.state, _HIDDEN),
        preview=form.preview,
        theirs=theirs,
    )
    return render(page, CONFLICT if (theirs or found) and request.method == "POST" else 200)


_PUBLISHED = {"published": "This is published: whoever can read it sees what you save at once."}
_HIDDEN = "This is not published: only those who may see it as it is will see what you save."
