"""The blueprint that both sides of a request share."""

from flask import Blueprint

from hub.features.asking.queries import Thing
from hub.nouns.documents.models import Document

blueprint = Blueprint("asking", __name__, template_folder="templates")


def name_of(thing: Thing) -> str:
    """Its title or name."""
    return thing.title if isinstance(thing, Document) else thing.name


def address_of(thing: Thing) -> str:
    """Its page."""
    return f"/documents/{thing.id}" if isinstance(thing, Document) else f"/places/{thing.path}"


def kind_of(thing: Thing) -> str:
    """document, space or folder."""
    return "document" if isinstance(thing, Document) else thing.kind
