"""What of a place somebody chose to be changed, as their form says it; hidden things and absent ones are alike."""

from dataclasses import dataclass
from typing import Final

from flask import request

from hub.access.guard import viewer
from hub.access.models import Place
from hub.audience.acting import look_up_things
from hub.features.sharing.many.plan import Wanted
from hub.ground.errors import Invalid
from hub.things.thing import Lying

MOST: Final = 200
"""So many at a time: more cannot be looked through before they are changed."""
THING, WAS = "thing", "was"
PARTS: Final = 4
"""Of what an undo sends for each thing: its node, marking, state and place."""


@dataclass(frozen=True)
class Chosen:
    """The nodes that were chosen, in the order of the form, and those of these that lie in the place and are seen."""

    nodes: tuple[str, ...]
    found: dict[str, Lying]
    before: tuple[Wanted, ...] = ()
    """Of an undo, what each was."""


def chosen_in(place: Place) -> Chosen:
    """Read the form; raises Invalid where nothing was chosen, or more than can be changed at a time."""
    before = tuple(_wanted(text) for text in request.form.getlist(WAS)[: MOST + 1])
    nodes = tuple(dict.fromkeys(each.node for each in before) if before else dict.fromkeys(request.form.getlist(THING)))
    if not nodes:
        raise Invalid("Choose at least one document by the box beside its title, then press the button again.")
    if len(nodes) > MOST:
        raise Invalid(f"{len(nodes):,} were chosen: change up to {MOST} at a time.")
    rows = look_up_things(nodes)
    seen = viewer().kept([thing for thing in rows.values() if thing.place_id == place.id])
    return Chosen(nodes, {thing.node: thing for thing in seen}, before)


def _wanted(text: str) -> Wanted:
    said = (text.split(" ") + [""] * PARTS)[:PARTS]
    return Wanted(said[0], marking=said[1], state=said[2], place_id=said[3])
