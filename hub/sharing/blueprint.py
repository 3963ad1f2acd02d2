"""The blueprint that the views of sharing share, and what all of them begin with."""

from flask import Blueprint, g
from sqlalchemy import select

from hub.access.giving import most_to_give
from hub.access.guard import viewer
from hub.access.models import Place
from hub.documents.views import crumbs_of, whose
from hub.errors import NotFound
from hub.people.service import NewGrant
from hub.spaces.queries import line_of, place_by_id
from hub.unit_of_work import UnitOfWork
from hub.web.pages import Crumb, Whose

blueprint = Blueprint("sharing", __name__, template_folder="templates")


def managed(place_id: str, *kinds: str) -> Place:
    """A place of these kinds, for whoever manages it; NotFound for whoever may not see it, NotPermitted for readers."""
    place = viewer().require("manage", place_by_id(g.db, place_id))
    if place.kind not in (kinds or ("space", "folder")):
        raise NotFound
    return place


def locked(uow: UnitOfWork, place_id: str) -> Place:
    """The same within a unit of work, judged once more as it is now, and nobody else's until the work is done."""
    found = uow.session.scalar(
        select(Place).where(Place.id == place_id).with_for_update().execution_options(populate_existing=True)
    )
    return viewer().require("manage", found)


def surroundings(place: Place) -> tuple[tuple[Crumb, ...], Whose]:
    """The way to a page about a place, and whose it is."""
    line = line_of(viewer(), place.id)
    return crumbs_of(line.seen), whose(line)


def address(place: Place) -> str:
    """The place's page."""
    return f"/places/{place.path}"


def own_grant(place: Place, node: str, reason: str) -> NewGrant:
    """That the viewer manages a space at `node`, as they manage `place`: a closed one would else be closed to them."""
    person, most = viewer().person, most_to_give(viewer(), place, "manage")
    return NewGrant(
        principal=person.subject_id,
        can="manage",
        node=node,
        organisation_id=place.organisation_id or "",
        given_by=person.handle,
        reason=reason,
        marking=most.marking,
        state=most.state,
    )
