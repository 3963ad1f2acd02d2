"""Whose records these are, and whether the viewer keeps them.

Reading what one's people said wherever they said it is more than administering an organisation gives, so it is a word
of policy of its own; and it is for the organisation's own staff, whatever lines say.
"""

from flask import g

from hub.access.guard import viewer
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.errors import NotFound
from hub.nouns.spaces.queries import place_by_path

KEEP = "keep-records"


def keeps(looker: Viewer, place: Place) -> bool:
    """Whether somebody keeps the records of an organisation."""
    person = looker.person
    return person.kind == "staff" and person.organisation_id == place.id and looker.sees(place, KEEP)


def kept(slug: str) -> Place:
    """The organisation, if the viewer keeps its records; for everybody else it is not there: raises NotFound."""
    place = place_by_path(g.db, slug)
    if place is None or place.kind != "organisation":
        viewer().visible(KEEP)
        raise NotFound
    decision = viewer().decide(KEEP, place) if keeps(viewer(), place) else None
    if decision is None or not decision.allowed:
        raise NotFound
    return place
