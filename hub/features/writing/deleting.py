"""Deleting a draft that never was published: for its owner, and for good."""

from flask import Response, g, redirect
from werkzeug.wrappers import Response as BaseResponse

from acl.layers import without
from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.confirming import foretold
from hub.audience.foreseeing import Foretold, Shown, thing_gone
from hub.audience.pages import SurePage
from hub.audience.sealing import Fact, facts_of, news, shown
from hub.features.writing.blueprint import address, blueprint, editable, surroundings
from hub.features.writing.changing import short
from hub.ground.errors import Conflict
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import delete_draft
from hub.nouns.spaces.queries import place_by_id
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render


@blueprint.get("/documents/<id:document_id>/delete")
@declares("document:delete")
def ask_delete(document_id: str) -> Response:
    """What deleting means."""
    document = _own(editable(document_id))
    return _ask(document, foretold(thing_gone(document)))


def _ask(document: Document, told: Foretold, found: tuple[str, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(document)
    revisions = "its one revision" if document.number == 1 else f"its {document.number} revisions"
    return render(
        SurePage(
            title=f"Delete “{document.title}”?",
            crumbs=crumbs,
            whose=whose,
            lede=f"The draft is deleted with {revisions}, for good: it cannot be brought back.",
            notes=(_said(told.lost), "What was once published is kept."),
            news=found,
            send=Send("Delete the draft", f"{address(document)}/delete", (shown(_bound(document, told)),), "warning"),
            cancel_href=address(document),
        )
    )


@blueprint.post("/documents/<id:document_id>/delete")
@declares("document:delete")
@acts
def delete(document_id: str) -> BaseResponse:
    """Delete it, as it was shown."""
    document = _own(editable(document_id))
    told = foretold(thing_gone(document))
    if (since := news(_bound(document, told))) is not None:
        return _ask(document, told, since)
    title, place = short(document.title), place_by_id(g.db, document.place_id)
    back = f"/places/{place.path}" if place is not None and viewer().sees(place) else "/"
    with acting() as uow:
        delete_draft(uow, document)
    say(f"The draft “{title}” is deleted.")
    return redirect(back, code=303)


def _bound(document: Document, told: Foretold) -> tuple[Fact, ...]:
    others = Fact("readers", told.print, lambda: "Others can read it now than when you were asked.")
    return (*facts_of(viewer(), document), others)


def _said(lost: Shown) -> str:
    """Who else loses it."""
    me = lost.directory.number.get(viewer().person.id)
    others = without(lost.people, 1 << me if me is not None else 0)
    return f"It is lost to {lost.in_words(others)} who can read it now." if others else "Nobody else can read it."


def _own(document: Document) -> Document:
    """The document, if it is the viewer's own draft that never was published."""
    if document.owner != viewer().subject.id or document.state != "draft" or document.published_at is not None:
        raise Conflict("Only its owner can delete a draft, and only one that was never published. Withdraw it instead.")
    return document
