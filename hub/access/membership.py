"""Whose spaces are whose: to which spaces somebody belongs, and what the others are to them."""

from collections.abc import Iterable
from sys import intern

from acl.visibility import Check
from hub.access.judged import NEW, judge_at
from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.access.viewer import Viewer

MEMBER, READER, OUTSIDER = "member", "reader", "outsider"
"""They belong to it; they may read what lies in it; they see no more of it than its home page."""


def given_to(viewer: Viewer) -> frozenset[str]:
    """The nodes where the viewer is a member, as far as they may see what is there. No query.

    That is: where a grant names them, a group of theirs or their organisation, or a line of policy allows them, or a
    group of theirs, something just there. Lines for an organisation, for all staff, or for what lies above do not
    count: they say who may look, not who belongs.
    """
    asked = viewer.asked
    try:
        return viewer.statement(_given)
    finally:
        viewer.asked = asked  # whose a space is decides nothing about who may see it


def _given(viewer: Viewer) -> frozenset[str]:
    today, subject = viewer.today.isoformat(), viewer.subject
    named = {intern(rule.where.removeprefix("node:")) for rule in subject.grants if _in_force(rule.until, today)}
    for word in subject.holds:
        if word == subject.id or word.startswith("group:"):
            for (line, _), nodes in viewer.snapshot.merged_where(word, subject.trusts).items():
                if line.effect == "allow" and _in_force(line.until, today):
                    named |= nodes
    return frozenset(named)


def sees_inside(viewer: Viewer, place: Place) -> bool:
    """Whether something published in a place, marked like the place itself, would be shown to the viewer."""
    return _shows_inside(viewer, viewer.sight().check, place)


def standings(viewer: Viewer, places: Iterable[Place | KnownPlace]) -> dict[str, str]:
    """What each space among places that the viewer sees is to them, by id: MEMBER, READER or OUTSIDER. No query."""
    given, check = given_to(viewer), viewer.sight().check
    return {
        space.id: MEMBER if space.id in given else READER if _shows_inside(viewer, check, space) else OUTSIDER
        for space in places
        if space.kind == "space"
    }


def _shows_inside(viewer: Viewer, check: Check, place: Place | KnownPlace) -> bool:
    snapshot = viewer.snapshot
    inside = judge_at(place.id, NEW, owner="", marking=place.marking, state="published", snapshot=snapshot)
    return inside is not None and check(inside)


def _in_force(until: str, today: str) -> bool:
    return until == "-" or today <= until
