"""The most that someone may give at a place: nobody gives more than they hold."""

from dataclasses import dataclass

from acl.visibility import checker
from acl.vocabulary import MARKINGS, STATES, marked
from hub.access.judged import NEW, judge_at
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.errors import NotPermitted


@dataclass(frozen=True)
class Most:
    """The most that someone may give at a place: columns of a grant."""

    marking: str
    state: str


def most_to_give(
    viewer: Viewer,
    place: Place,
    can: str,
    *,
    node: str = NEW,
    owner: str = "",
    highest: str = MARKINGS[-1],
    by: str = "manage",
) -> Most:
    """What of a place's things a manager may give `can` on: no marking and no state that they do not manage there.

    Of one thing at the place instead, by its `node` and `owner`; and nothing marked above `highest`. What they hold it
    `by` is another action for the space that they make themselves. Raises
    NotPermitted where nothing is left. Readers and commenters are given what is published, editors and managers what is
    not published too, as far as the giver manages it.
    """
    viewer.asked = True
    check = checker(viewer.visible(by))
    markings = MARKINGS[: MARKINGS.index(highest) + 1]

    def holds(marking: str, state: str) -> bool:
        thing = judge_at(place.id, node, owner=owner, marking=marking, state=state, snapshot=viewer.snapshot)
        return thing is not None and check(thing)

    wanted = tuple(STATES) if can in ("edit", "manage") else ("published",)
    for states, word in ((wanted, "any" if len(wanted) > 1 else "published"), (("published",), "published")):
        held = 0
        while held < len(markings) and all(holds(markings[held], state) for state in states):
            held += 1
        if held:
            return Most("any" if held == len(MARKINGS) else f"up to {markings[held - 1]}", word)
    raise NotPermitted("You can see this, but policy does not let you share what is in it.")


def may_give(viewer: Viewer, place: Place, marking: str, state: str, *, node: str = NEW, owner: str = "") -> bool:
    """Whether someone manages at a place everything that these columns of a grant speak of; so of one thing at it."""
    viewer.asked = True
    check = checker(viewer.visible("manage"))
    spoken = [(m, s) for m in MARKINGS for s in STATES if marked(m, marking) and state in ("any", s)]
    things = [judge_at(place.id, node, owner=owner, marking=m, state=s, snapshot=viewer.snapshot) for m, s in spoken]
    return all(thing is not None and check(thing) for thing in things)
