"""Deleting a draft that never was published: for its owner, and for good."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.layers import without
from hub.access.guard import declares, parts, viewer
from hub.audience.confirming import foretold
from hub.audience.foreseeing import Foretold, Shown, thing_gone
from hub.audience.pages import SurePage
from hub.audience.sealing import SEEN, Fact, facts_of, news, seal
from hub.features.writing.blueprint import address, blueprint, editable, locked, surroundings
from hub.features.writing.changing import CHANGED, short
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import unit_of_work
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
    seen = seal(_bound(document, told))
    revisions = "its one revision" if document.number == 1 else f"its {document.number} revisions"
    return render(
        SurePage(
            title=f"Delete “{document.title}”?",
            crumbs=crumbs,
            whose=whose,
            lede=f"The draft is deleted with {revisions}, for good: it cannot be brought back.",
            notes=(_said(told.lost), "What was once published is kept."),
            news=found,
            send=Send("Delete the draft", f"{address(document)}/delete", ((SEEN, seen),), "warning"),
            cancel_href=address(document),
        )
    )


@blueprint.post("/documents/<id:document_id>/delete")
@declares("document:delete")
def delete(document_id: str) -> BaseResponse:
    """Delete it, as it was shown."""
    shown = _own(editable(document_id))
    title, sent = short(shown.title), request.form.get(SEEN, "")
    told = foretold(thing_gone(shown))
    found = news(_bound(shown, told), sent)
    if found or not sent:
        return _ask(shown, told, found)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        document = _own(locked(uow, document_id))
        if seal(facts_of(viewer(), document)) != seal(facts_of(viewer(), shown)):
            raise Conflict(CHANGED)
        place = place_by_id(uow.session, document.place_id)
        back = f"/places/{place.path}" if place is not None and viewer().sees(place) else "/"
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
