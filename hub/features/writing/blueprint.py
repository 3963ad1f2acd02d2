"""The blueprint that the views of writing share, and what all of them begin with."""

from flask import Blueprint

from hub.access.guard import viewer
from hub.audience.acting import look_up
from hub.nouns.documents.models import Document
from hub.nouns.spaces.queries import Line, line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.web.pages import Crumb, Whose

blueprint = Blueprint("writing", __name__, template_folder="templates")


def editable(document_id: str) -> Document:
    """The document, for somebody who may edit it; NotFound for whoever may not see it, NotPermitted for readers."""
    return viewer().require("edit", look_up(Document, document_id))


def address(document: Document) -> str:
    """The document's page."""
    return f"/documents/{document.id}"


def surroundings(document: Document) -> tuple[tuple[Crumb, ...], Whose, Line]:
    """The way to a page of a document, whose it is, and the places above it that the viewer may see."""
    line = line_of(viewer(), document.place_id)
    return (*crumbs_of(line.seen), Crumb(document.title, address(document))), whose(line), line
