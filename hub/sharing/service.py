"""Use cases of sharing. Who may is decided by the caller's gate; here, that nobody gives more than they hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from acl.rules import Rule
from acl.store import Snapshot
from acl.visibility import Object, checker
from acl.vocabulary import MARKINGS, STATES
from hub.access.judged import judge_at
from hub.access.models import Grant, Place
from hub.access.places import move_place
from hub.access.viewer import Viewer
from hub.errors import Conflict, NotPermitted
from hub.people.service import NewGrant, end_grant, give
from hub.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Most:
    """The most that someone may give at a place: columns of a grant."""

    marking: str
    state: str


def most_to_give(viewer: Viewer, place: Place, can: str) -> Most:
    """What of a place's things a manager may give `can` on: no marking and no state that they do not manage there.

    Raises NotPermitted where nothing is left. Readers and commenters are given what is published, editors and
    managers what is not published too, as far as the giver manages it.
    """
    viewer.asked = True
    check = checker(viewer.visible("manage"))

    def holds(marking: str, state: str) -> bool:
        thing = _thing(viewer.snapshot, place, marking, state)
        return thing is not None and check(thing)

    wanted = tuple(STATES) if can in ("edit", "manage") else ("published",)
    for states, word in ((wanted, "any" if len(wanted) > 1 else "published"), (("published",), "published")):
        held = 0
        while held < len(MARKINGS) and all(holds(MARKINGS[held], state) for state in states):
            held += 1
        if held:
            return Most("any" if held == len(MARKINGS) else f"up to {MARKINGS[held - 1]}", word)
    raise NotPermitted("You can see this, but policy does not let you share what lies in it.")


def _thing(snapshot: Snapshot, place: Place, marking: str, state: str) -> Object | None:
    """A thing at a place that nobody owns."""
    return judge_at(place.id, "doc:new", owner="", marking=marking, state=state, snapshot=snapshot)


def share(uow: UnitOfWork, old: Iterable[Grant], new: NewGrant) -> Grant:
    """Give what was agreed to, in place of what the same principal had on the place before."""
    for grant in old:
        end_grant(uow, grant)
    return give(uow, new)


def check_unnamed(snapshot: Snapshot, place: Place) -> None:
    """Raise Conflict where accepted lines of policy name a place, or one beneath it, by its address.

    With another address such a line would name nothing, and were it a deny, would keep nobody out any more.
    """
    for file in snapshot.files.values():
        if any(_names(rule, place.path) for rule in file.rules):
            raise Conflict(
                "Lines of policy name this address, or one beneath it, and would lose their hold. "
                "Ask your organisation's administrators to change them first."
            )


def _names(rule: Rule, path: str) -> bool:
    return rule.where == path or rule.where.startswith(f"{path}/")


def move(uow: UnitOfWork, snapshot: Snapshot, place: Place, parent: Place, slug: str) -> None:
    """Put a place elsewhere, or give it another address; raises Invalid or Conflict."""
    check_unnamed(snapshot, place)
    move_place(uow, place, parent, slug)
