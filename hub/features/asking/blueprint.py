"""The blueprint that both sides of a request share."""

from flask import Blueprint

from hub.access.guard import parts
from hub.features.asking.queries import Thing

blueprint = Blueprint("asking", __name__, template_folder="templates")


def name_of(thing: Thing) -> str:
    """Its title or name."""
    return parts().kinds.face(thing).title


def address_of(thing: Thing) -> str:
    """Its page."""
    return parts().kinds.face(thing).href


def kind_of(thing: Thing) -> str:
    """document, space or folder."""
    kind = parts().kinds.of(thing)
    return kind.word if kind else ""
