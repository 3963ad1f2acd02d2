"""Moving a document to another space or folder, also of another organisation by somebody who manages both ends."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import Object
from hub.access.guard import declares, parts, viewer
from hub.access.judged import judge_at
from hub.access.models import Place
from hub.audience import foreseeing as audience
from hub.audience.confirming import UNDO, Question, ask_first
from hub.audience.sealing import SEEN, facts_of, seal
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.pages import MovePage
from hub.features.sharing.queries import places_for_document
from hub.features.sharing.service import is_denied_by_name
from hub.ground.errors import Conflict, NotPermitted
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document
from hub.nouns.documents.queries import document_by_id, document_for_writing, grants_on_document
from hub.nouns.documents.service import move_document
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send
from hub.web.render import render

LONGEST_WORDS = 100
DENIED = (
    "The policy of the organisation that it belongs to denies something about just this document, and that line cannot "
    "follow it to another organisation: ask the administrators of its organisation first, or choose a place within it"
)
LEAVING = (
    "It will belong to {0}, whose policy decides from then on who reads it.",
    "What was given to people on the document itself ends, and so do its owner’s rights, unless they are staff there.",
)


@blueprint.get("/move/document/<id:document_id>")
@declares("document:move")
def where_to_put(document_id: str) -> Response:
    """The places that it could go to."""
    return _page(_managed(document_id))


@blueprint.post("/move/document/<id:document_id>")
@declares("document:move")
def put_there(document_id: str) -> BaseResponse:
    """Move it, once it is agreed what that shows to whom."""
    document = _managed(document_id)
    to = request.form.get("to", "")
    target = place_by_id(g.db, to) if to else None
    if not _fits(document, target):
        return _page(document, (Problem("to", "Choose a place from the list"),))
    leaves, before = _leaves(document, target), document.place_id
    if leaves and is_denied_by_name(viewer().snapshot, document, parts().today):
        return _page(document, (Problem("to", DENIED),))
    ended = [grant.id for grant in grants_on_document(g.db, document)] if leaves else []
    change = audience.thing_changed(document, place_id=to, ended=ended)
    asked = ask_first(change, _question(document, target))
    if asked is not None:
        return asked
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        found = viewer().require("manage", document_for_writing(uow.session, document_id))
        there = place_for_writing(uow.session, to)
        if not _fits(found, there):
            raise NotPermitted("Somebody changed that place meanwhile. Choose again.")
        if seal(facts_of(viewer(), found)) != seal(facts_of(viewer(), document)):
            raise Conflict("Somebody changed this document meanwhile. Look at it as it is now, then decide again.")
        move_document(uow, found, there)
        seen = seal(facts_of(viewer(), found))
    undo = (
        None if leaves else Send("Undo", f"/move/document/{document.id}", (("to", before), (SEEN, seen), (UNDO, "yes")))
    )
    say("The document is moved. Search shows it again once it has been indexed there.", undo=undo)
    return redirect(f"/documents/{document.id}" if viewer().sees(found) else "/", code=303)


def _managed(document_id: str) -> Document:
    return viewer().require("manage", document_by_id(g.db, document_id))


def _fits(document: Document, target: Place | None) -> bool:
    """Whether the viewer may write where it goes, and edit the document as it would be there."""
    if target is None or target.kind not in ("space", "folder"):
        return False
    action = "manage" if _leaves(document, target) else "edit"
    if not viewer().sees(target, action):
        return False
    then = _as_moved(document, target)
    decision = viewer().judge(action, then) if then else None
    return decision is not None and decision.allowed


def _leaves(document: Document, target: Place | None) -> bool:
    """Whether it goes to another organisation."""
    return target is not None and target.organisation_id != document.organisation_id


def _question(document: Document, target: Place | None) -> Question:
    line = line_of(viewer(), document.place_id)
    name, leaves = target.name if target else "", _leaves(document, target)
    other = line_of(viewer(), target.id).organisation if target and leaves else None
    owner = other.name if other else "the other organisation"
    return Question(
        title=f"Move “{document.title}” to “{name}”?",
        button="Move it",
        cancel_href=f"/documents/{document.id}",
        crumbs=crumbs_of(line.seen),
        whose=whose(line),
        thing=document,
        undoes=UNDO in request.form,
        always=leaves,
        notes=tuple(note.format(owner) for note in LEAVING) if leaves else (),
    )


def _as_moved(document: Document, target: Place) -> Object | None:
    return judge_at(
        target.id,
        f"doc:{document.id}",
        owner=document.owner,
        marking=document.marking,
        state=document.state,
        snapshot=viewer().snapshot,
    )


def _page(document: Document, problems: tuple[Problem, ...] = ()) -> Response:
    line = line_of(viewer(), document.place_id)
    here = f"/documents/{document.id}"
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    return render(
        MovePage(
            title=f"Move “{document.title}”",
            crumbs=(*crumbs_of(line.seen), Crumb(document.title, here)),
            problems=problems,
            whose=whose(line),
            action=f"/move/document/{document.id}",
            seen=seal(facts_of(viewer(), document)),
            cancel_href=here,
            path=line.seen[-1].path if line.seen else "a place that you may not see",
            slug="",
            find=find,
            places=tuple(Choice(p.id, p.name, p.path) for p in places_for_document(viewer(), document, find)),
        )
    )
