"""Adding a document: a file uploaded, or a text written here; what would be shown to more people waits as a draft."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import joined
from acl.vocabulary import MARKINGS
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, beforehand
from hub.audience.confirming import foretold
from hub.audience.foreseeing import thing_kept
from hub.audience.readers import may_edit, new_at, sentences_for
from hub.audience.sealing import NOT_SHOWN, Fact, digest, in_words, news, seal
from hub.features.documents.pages import Arrived, Unfinished, UploadPage
from hub.features.documents.service import GONE, PART, Altered, open_of
from hub.features.documents.several import add_several, one_by_one
from hub.features.documents.storing import FIELD, InParts, end_uploads, files_sent, store_upload
from hub.features.documents.views import blueprint
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import MARKING_CHOICES, STATE_CHOICES, DocumentForm, read_form
from hub.nouns.documents.service import NewDocument, StoredUpload, add_document
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render

CHANGED = 409
WORDS = {"draft": "drafts", "published": "published ones"}


@blueprint.get("/upload/<id:place_id>")
@declares("document:add", costs="check")
def upload(place_id: str) -> Response:
    """The form for a new document."""
    place = viewer().require("edit", place_by_id(g.db, place_id))
    as_text = request.args.get("as") == "text"
    empty = DocumentForm(
        name="",
        marking=place.marking,
        state="published",
        note="",
        body="",
        as_text=as_text,
        file=None,
        preview=False,
        problems=(),
    )
    return _upload_page(place, typed_into(empty))


@blueprint.post("/upload/<id:place_id>")
@declares("document:add", costs="write")
@acts
def add(place_id: str) -> BaseResponse:
    """Add the document that was sent; wrong input comes back with what to mend."""
    place = viewer().require("edit", place_by_id(g.db, place_id))
    check_sheet()
    form = read_form(request.form, files_sent(place), one_by_one=one_by_one())
    if form.file is None and request.form.get(FIELD):
        form = replace(form, problems=(Problem("file", GONE),))
    if form.problems or form.preview:
        return _upload_page(place, form)
    if not may_edit(viewer(), new_at(viewer(), place.id, form.marking, form.state)):
        said = f"Policy does not let you keep {form.marking} documents here as {WORDS[form.state]}: choose another"
        return _upload_page(place, replace(form, problems=(Problem("marking", said),)))
    waits = form.state == "published" and _shows_more(place, form.marking)
    bound = [*_place_facts(place), *(_reader_facts(_audience(place, form.marking)) if _is_shown(form, waits) else ())]
    if (since := news(bound)) is not None:
        return _upload_page(place, form, since or (NOT_SHOWN,))
    if form.several:
        return add_several(place, replace(form, state="draft") if waits else form, waits=waits)
    try:
        path = _add(place, replace(form, state="draft") if waits else form, "/publish" if waits else "")
    except Altered as problem:  # raised before anything is written: there is no file any more that is here already
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            end_uploads(uow, [form.file])
        return _upload_page(place, replace(form, file=None, problems=(Problem(problem.field, str(problem)),)))
    except Invalid as problem:
        return _upload_page(place, replace(form, problems=(Problem(problem.field, str(problem)),)))
    return redirect(path, code=303)


def _is_shown(form: DocumentForm, waits: bool) -> bool:
    """Whether others may read it at once, as the form has told, and are not foretold on another page."""
    return form.state == "published" and not waits


def _place_facts(place: Place) -> tuple[Fact, ...]:
    """Where the form said that the document would lie."""
    return (
        Fact("place", digest(place.name, place.path), lambda: f"The place is “{place.name}” at {place.path} now."),
        Fact("state", place.state, lambda: f"The place is {in_words(place.state)} now."),
    )


def _reader_facts(audience: Sequence[tuple[str, str]]) -> tuple[Fact, ...]:
    """Who the form said would read what is published, by its marking."""

    def told(marking: str, sentence: str) -> Fact:
        return Fact(f"readers {marking}", digest(sentence), lambda: f"Of what is {marking} it now holds: {sentence}")

    return tuple(told(marking, sentence) for marking, sentence in audience)


def _shows_more(place: Place, marking: str) -> bool:
    """Whether somebody would see it published who would not see it as a draft: then it waits until that is agreed to.

    Where policy lets the viewer keep no draft, it cannot wait: the form has said who reads what is published.
    """
    if not may_edit(viewer(), new_at(viewer(), place.id, marking, "draft")):
        return False
    draft, published = joined(marking, "draft"), joined(marking, "published")
    return bool(foretold(thing_kept(place.id, draft, published, viewer().subject.id)).gained.people)


def _add(place: Place, form: DocumentForm, then: str) -> str:
    """Add it; returns where to go, `then` being what is asked next."""
    person = viewer().person
    stored = beforehand(lambda: _store(form))
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
    with acting() as uow, once(uow) as answer:
        end_uploads(uow, [form.file])
        document = add_document(uow, place_for_writing(uow.session, place.id), new)
        answer.location = f"{url_for('.show', document_id=document.id)}{then}"
    return answer.location


def _store(form: DocumentForm) -> StoredUpload | None:
    return None if form.as_text or form.file is None else store_upload(form.file)


def _upload_page(place: Place, form: DocumentForm, since: tuple[str, ...] = ()) -> Response:
    line = line_of(viewer(), place.id)
    here = url_for(".upload", place_id=place.id)
    audience = _audience(place)
    again = Problem("file", "Choose the file again: it was not kept")
    file = form.file
    arrived = Arrived(file.upload_id, file.filename or "", file.size) if isinstance(file, InParts) else None
    return render(
        UploadPage(
            crumbs=crumbs_of(line.seen),
            problems=(*form.problems, *((again,) if since and file and not arrived else ())),
            news=since,
            seen=seal((*_place_facts(place), *_reader_facts(audience))),
            whose=whose(line),
            place=place.name,
            place_href=f"/places/{place.path}",
            action=here,
            as_text=form.as_text,
            file_href=here,
            text_href=f"{here}?as=text",
            bring_href=f"/bring/{place.id}",
            markings=MARKING_CHOICES,
            states=_states(place, form),
            largest=parts().upload_limit,
            part=PART,
            name=form.name,
            marking=form.marking,
            state=form.state,
            body=form.body,
            note=form.note,
            preview=form.preview,
            upload=arrived,
            unfinished=() if form.as_text else _unfinished(place, arrived),
            audience=audience,
        ),
        CHANGED if since else 200,
    )


def _unfinished(place: Place, arrived: Arrived | None) -> tuple[Unfinished, ...]:
    """What the viewer began to send and did not finish, here or elsewhere."""
    found = open_of(g.db, viewer().person.id, parts().clock.now())
    return tuple(
        Unfinished(
            name=each.name,
            came=each.came,
            size=each.size,
            here=each.place_id == place.id,
            href=f"/upload/{each.place_id}" if viewer().place(each.place_id) else "",
            discard=Send("Discard", f"/uploads/{each.id}/discard", kind="link"),
        )
        for each in found
        if arrived is None or each.id != arrived.id
    )


def _audience(place: Place, *markings: str) -> tuple[tuple[str, str], ...]:
    """Who reads what is published at a place, for each marking, of these or of all, that the viewer may give there."""
    made = (new_at(viewer(), place.id, marking, "published") for marking in markings or MARKINGS)
    found = [new for new in made if new is not None and may_edit(viewer(), new)]
    return tuple(zip((new.marking for new in found), sentences_for(viewer(), place.id, found), strict=True))


def _states(place: Place, form: DocumentForm) -> tuple[Choice, ...]:
    """What is written here begins as a draft, unless policy lets the viewer keep none."""
    if form.as_text:
        return () if may_edit(viewer(), new_at(viewer(), place.id, place.marking, "draft")) else STATE_CHOICES[:1]
    return STATE_CHOICES
