"""What goes with a space or a folder when it is archived or withdrawn, and comes back when it is restored.

Policy judges each thing by its own marking and state, so what lies in a place is changed with it, thing by thing: only
what the person may change, and what it was before is kept, so that restoring brings back just that.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, true
from sqlalchemy.orm import Session

from acl.visibility import Check, checker, joined
from hub.access.models import Place, PlaceClosure
from hub.access.places import fence, mark_place
from hub.access.viewer import Viewer
from hub.audience.foreseeing import Change, things_changed
from hub.audience.sealing import digest
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.steps import Step
from hub.nouns.spaces.models import PutAway
from hub.things.columns import among
from hub.things.kind import Kind
from hub.things.kinds import Kinds
from hub.things.thing import Lying

AWAY = ("archived", "withdrawn")


@dataclass(frozen=True)
class Plan:
    """The places, and what lies in them, that a step changes, each with the state that it gets."""

    kinds: Kinds
    places: tuple[tuple[Place, str], ...]
    things: tuple[tuple[Kind, Lying, str], ...]

    @property
    def print(self) -> str:
        """What each thing says, is and becomes, in short."""
        places = (f"{each.id} {each.ms} {state}" for each, state in self.places)
        return digest(*places, *(f"{each.id} {kind.says(each)} {each.ms} {state}" for kind, each, state in self.things))

    @property
    def things_in_words(self) -> str:
        """How many things: "3 documents"."""
        return self.kinds.in_words(Counter(kind.prefix for kind, _, _ in self.things))


def plan_of(viewer: Viewer, session: Session, place: Place, step: Step) -> Plan:
    """What a step would do to a place and to what lies in it, as far as the viewer may change that."""
    inside = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == place.id)
    before: dict[str, str] = {}
    places: ColumnElement[bool] = Place.id.in_(inside) & (Place.id != place.id)
    if step.name == "restore":
        rows = session.execute(select(PutAway.node, PutAway.state).where(PutAway.place_id == place.id))
        before = {node: state for node, state in rows}  # noqa: C416  # rows are no pairs to mypy
        sources: Iterable[str] = AWAY
        places &= among(Place.id, (node for node in before if ":" not in node))
    else:
        sources = step.sources
    found = session.scalars(select(Place).where(places, Place.state.in_(sources)).order_by(Place.path)).all()
    inner = [(each, before.get(each.id, step.target)) for each in found]
    only = before if step.name == "restore" else None
    things = [
        (kind, each, before.get(each.node, step.target))
        for kind in viewer.kinds.lying
        if kind.mark is not None
        for each in session.scalars(_inside(viewer, kind, inside, only).where(kind.model.state.in_(sources)))
    ]
    manages, edits = checker(viewer.visible("manage")), checker(viewer.visible("edit"))
    return Plan(
        viewer.kinds,
        ((place, step.target), *(each for each in inner if _may(viewer, manages, *each))),
        tuple((kind, each, state) for kind, each, state in things if _may(viewer, edits, each, state)),
    )


def _inside(viewer: Viewer, kind: Kind, places: Select[str], nodes: Iterable[str] | None) -> Select[Any]:
    """What of a kind lies in some places, of these nodes where some are named, and may be changed by the viewer."""
    columns = kind.columns
    named = true() if nodes is None else among(columns.id, columns.own(nodes))
    wanted = select(kind.model).where(kind.only, columns.place.in_(places), named, viewer.where(columns, "edit"))
    return wanted.order_by(columns.id)


def carry_out(uow: UnitOfWork, place: Place, step: Step, plan: Plan) -> None:
    """Do it: all at once fenced, and kept in mind or forgotten.

    What was put away with a place above is this step's from now on: restoring that one changes it no more.
    """
    known = set(uow.session.scalars(select(PutAway.node).where(PutAway.place_id == place.id)))
    nodes = [(each.id, each.state) for each, _ in plan.places if each.id != place.id]
    nodes += [(thing.node, thing.state) for _, thing, _ in plan.things]
    above = select(PlaceClosure.ancestor_id).where(PlaceClosure.descendant_id == place.id, PlaceClosure.depth > 0)
    moved_on = among(PutAway.node, (place.id, *(node for node, _ in nodes)))
    uow.session.execute(delete(PutAway).where(PutAway.place_id.in_(above), moved_on))
    if step.name == "restore":
        done = [node for node, _ in nodes]
        uow.session.execute(delete(PutAway).where(PutAway.place_id == place.id, among(PutAway.node, done)))
    else:
        kept = (PutAway(node=node, place_id=place.id, state=state) for node, state in nodes if node not in known)
        uow.session.add_all(kept)
    for each, state in plan.places:
        mark_place(uow, each, each.marking, state)
    for kind, thing, state in plan.things:
        if kind.mark is not None:
            kind.mark(uow, thing, thing.marking, state)
    fence(uow, f"within:{place.id}", uow.enqueue(f"subtree:{place.id}"))


def _may(viewer: Viewer, check: Check, thing: Place | Lying, state: str) -> bool:
    """Whether the viewer may change a thing as it is and as it would be: by the compiled predicate, as for lists."""
    judged = thing.judged(viewer.snapshot)
    return judged is not None and check(judged) and check(replace(judged, state=state))


def change_of(plan: Plan) -> Change:
    """The plan as a change of which it is asked whom it shows what."""
    places = [(place, joined(place.marking, state)) for place, state in plan.places]
    return things_changed(places, ((thing, joined(thing.marking, state)) for _, thing, state in plan.things))
