"""The blueprint that the views of sharing share, and what all of them begin with."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, g
from sqlalchemy import select

from acl.gate import Gate
from hub.access.giving import most_to_give
from hub.access.guard import viewer
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.access.viewer import Judged
from hub.ground.errors import Conflict, NotFound
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import NewGrant
from hub.nouns.spaces.queries import line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.web.pages import Crumb, Whose

CHANGED = "Somebody changed this place meanwhile. Look at it as it is now, then decide again."

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


def check_kept(thing: Judged, ended: Iterable[Grant], new: NewGrant | None = None) -> None:
    """Raise Conflict where the viewer would not manage a thing any more without some grants, and with a new one.

    Whoever takes that from themselves by a slip could not take it back, and of a closed space nobody else could.
    """
    looker, gone = viewer(), {f"grants:{grant.id}" for grant in ended}
    left = [rule for rule in looker.subject.grants if rule.file not in gone]
    if new is not None and new.principal in looker.subject.holds:
        left.append(as_rule(Grant(**new.__dict__, id="new")))
    judged = thing.judged(looker.snapshot)
    then = Gate(looker.snapshot, looker.today)
    if judged is None or not then.decide(replace(looker.subject, grants=tuple(left)), "manage", judged).allowed:
        raise Conflict(
            "You would not manage this any more, and could not take that back. Ask another manager to do it."
        )


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
