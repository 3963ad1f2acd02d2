"""The blueprint that the views of sharing share, and what all of them begin with."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint

from acl.gate import Gate
from hub.access.guard import viewer
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.access.viewer import Judged
from hub.audience.acting import look_up
from hub.audience.sealing import Fact, facts_of
from hub.ground.errors import Conflict, NotFound
from hub.nouns.people.service import NewGrant
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.web.pages import Crumb, Whose

blueprint = Blueprint("sharing", __name__, template_folder="templates")


def managed(place_id: str, *kinds: str) -> Place:
    """A place of these kinds, for whoever manages it; NotFound for whoever may not see it, NotPermitted for readers."""
    place = viewer().require("manage", look_up(Place, place_id))
    if place.kind not in (kinds or ("space", "folder")):
        raise NotFound
    return place


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


def open_to(place: Place) -> tuple[Fact, ...]:
    """What of a place bears on what a membership shows."""
    return tuple(fact for fact in facts_of(viewer(), place) if fact.name in ("marking", "state", "audience"))
