"""Deleting a draft that never was published: for its owner, and for good."""

from flask import Response, redirect
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.documents.models import Document
from hub.documents.pages import SurePage
from hub.documents.service import delete_draft
from hub.errors import Conflict
from hub.spaces.queries import place_by_id
from hub.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render
from hub.writing.blueprint import address, blueprint, editable, locked, surroundings
from hub.writing.changing import short


@blueprint.get("/documents/<id:document_id>/delete")
@declares("document:delete")
def ask_delete(document_id: str) -> Response:
    """What deleting means."""
    document = _own(editable(document_id))
    crumbs, whose, _ = surroundings(document)
    revisions = "its one revision" if document.number == 1 else f"its {document.number} revisions"
    return render(
        SurePage(
            title=f"Delete “{document.title}”?",
            crumbs=crumbs,
            whose=whose,
            lede=f"The draft is deleted with {revisions}, for good: it cannot be brought back.",
            notes=("It was never published, so nobody else will miss it. What was once published is kept.",),
            send=Send("Delete the draft", f"{address(document)}/delete", kind="warning"),
            cancel_href=address(document),
        )
    )


@blueprint.post("/documents/<id:document_id>/delete")
@declares("document:delete")
def delete(document_id: str) -> BaseResponse:
    """Delete it."""
    title = short(_own(editable(document_id)).title)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        document = _own(locked(uow, document_id))
        place = place_by_id(uow.session, document.place_id)
        back = f"/places/{place.path}" if place is not None and viewer().sees(place) else "/"
        delete_draft(uow, document)
    say(f"The draft “{title}” is deleted.")
    return redirect(back, code=303)


def _own(document: Document) -> Document:
    """The document, if it is the viewer's own draft that never was published."""
    if document.owner != viewer().subject.id or document.state != "draft" or document.published_at is not None:
        raise Conflict("Only its owner can delete a draft, and only one that was never published. Withdraw it instead.")
    return document
