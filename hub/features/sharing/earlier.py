"""Who could see this at the end of an earlier day: for those who manage it, and looked after what it lay in then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from acl.audience import Because
from acl.directory import ROOT
from acl.misses import spoken
from hub.access.crowd import Crowd
from hub.access.guard import parts, viewer
from hub.access.known_crowd import AsKnown
from hub.access.models import Place
from hub.access.past import Then, begins, stood
from hub.audience.foreseeing import sight_of
from hub.ground.clock import day_of
from hub.ground.dates import read_day
from hub.ground.errors import Invalid
from hub.things.models import Past
from hub.web.pages import Problem

LATER = "Choose a day that has been, or leave it empty to see who can see it now"
ELSEWHERE = (
    "At the end of {day} it lay in a place that you do not look after, or that is there no more. "
    "Who could see it then is told to those who look after that place."
)


@dataclass(frozen=True, slots=True)
class AskedDay:
    """A day as it was typed, and what is wrong with it; no day for now."""

    typed: str = ""
    day: date | None = None
    problems: tuple[Problem, ...] = ()


def read_asked(given: Mapping[str, str]) -> AskedDay:
    """The day that is asked for in an address, as `day`."""
    typed = given.get("day", "").strip()
    try:
        day = read_day(typed, "day") if typed else None
    except Invalid as error:
        return AskedDay(typed, problems=(Problem("day", str(error)),))
    if day is not None and day > parts().today:
        return AskedDay(typed, problems=(Problem("day", LATER),))
    return AskedDay(day.isoformat() if day else "", day)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of one thing at the end of a day: how it stood and all that decided, or a sentence why not."""

    said: str = ""
    was: Past | None = None
    then: Then | None = None


def earlier(node: str, place_id: str, day: date, *, place: bool = False) -> Earlier:
    """Look it up for a node that lies at a place now, or is that `place` itself."""
    session = viewer().session
    was, said = stood(session, node, day), spoken(day.isoformat())
    if was is None:
        begun = begins(session, node, day)
        if begun is None:
            return Earlier(f"It was not here at the end of {said}.")
        since = spoken(day_of(begun).isoformat())
        return Earlier(f"History begins on {since}, so nobody can tell who could see it at the end of {said}.")
    then = Then(session, day, was.organisation_id)
    if not _looks_after(then.latest(session).tree.chain(place_id if place else was.place_id), place_id):
        return Earlier(ELSEWHERE.format(day=said))
    return Earlier(was=was, then=then)


def readers_then(then: Then, node: str, seat: tuple[str, str], owner: str) -> tuple[list[Because], Crowd, AsKnown]:
    """Who could read one thing: each rule that was somebody's reason, and whose; as far as the viewer may know."""
    session = viewer().session
    place, ms = seat
    grants = then.grants_on(session, {node, place, *then.latest(session).tree.chain(place)})
    known = AsKnown(then, viewer(), frozenset({owner, *(rule.who for rule in grants)}))
    sight, bit, crowd = sight_of(session, known, then.day, node, place, owner, grants)
    return sight.because(node, place, ms, bit), crowd, known


def _looks_after(chain: list[str], place_id: str) -> bool:
    """Whether the viewer manages all those places of a chain that are not above the thing now."""
    other = set(chain) - {ROOT, *viewer().snapshot.tree.chain(place_id)}
    rows = viewer().session.scalars(select(Place).where(Place.id.in_(other))).all() if other else []
    return len(rows) == len(other) and all(viewer().sees(row, "manage") for row in rows)
