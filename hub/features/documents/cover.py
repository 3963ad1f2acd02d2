"""The cover text of a space: a document like any other, so that policy, revisions and drafts are those of documents."""

from dataclasses import dataclass

from flask import redirect
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.audience.readers import may_edit, new_at
from hub.features.documents.views import blueprint
from hub.ground.errors import NotFound, NotPermitted
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.models import MARKDOWN, Document, Revision
from hub.nouns.documents.service import LONGEST_TITLE, NewDocument, add_document
from hub.nouns.spaces.pins import name_cover
from hub.nouns.spaces.queries import place_by_id, place_for_writing

BEGINNING = "Say here what this space is for, who works in it, and where to begin."


@dataclass(frozen=True, slots=True)
class Cover:
    """The current revision of a text that is named as a cover, for whoever may read it."""

    document: Document
    body: str


def cover_of(viewer: Viewer, node: str) -> Cover | None:
    """The text of a node, if the viewer may read it and it is one; in two queries."""
    prefix, _, own = node.partition(":")
    if prefix != "doc":
        return None
    document = viewer.session.get(Document, own)
    if document is None or document.type != MARKDOWN or not viewer.sees(document):
        return None
    revision = viewer.session.get(Revision, (document.id, document.number))
    return Cover(document, revision.body) if revision is not None else None


@blueprint.post("/cover/<id:place_id>")
@declares("place:change")
def begin_cover(place_id: str) -> BaseResponse:
    """Begin a cover text, which nobody else sees until it is published, and open it for writing."""
    space = viewer().require("manage", place_by_id(viewer().session, place_id))
    if space.kind != "space":
        raise NotFound
    check_sheet()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
        document = add_document(uow, place_for_writing(uow.session, space.id), _first(space))
        name_cover(uow, space, document.node)
        answer.location = f"/documents/{document.id}/edit"
    return redirect(answer.location, code=303)


def _first(space: Place) -> NewDocument:
    """Its first revision, a draft; raises NotPermitted where policy lets the viewer keep none."""
    if not may_edit(viewer(), new_at(viewer(), space.id, space.marking, "draft")):
        raise NotPermitted(f"Policy does not let you keep drafts marked {space.marking} here.")
    return NewDocument(
        title=f"About {space.name}"[:LONGEST_TITLE],
        marking=space.marking,
        state="draft",
        owner=viewer().person.subject_id,
        body=space.description.strip() or BEGINNING,
    )
