"""What goes with a space or a folder when it is archived or withdrawn, and comes back when it is restored.

Policy judges each thing by its own marking and state, so what lies in a place is changed with it, thing by thing: only
what the person may change, and what it was before is kept, so that restoring brings back just that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from acl.visibility import Check, checker, joined
from hub.access.models import Place, PlaceClosure
from hub.access.places import fence, mark_place
from hub.access.viewer import Viewer
from hub.access.where import among
from hub.audience.foreseeing import Change, things_changed
from hub.audience.sealing import digest
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.models import DOCUMENTS, Document, PutAway
from hub.nouns.documents.service import set_marking_and_state
from hub.nouns.documents.steps import Step

AWAY = ("archived", "withdrawn")


@dataclass(frozen=True)
class Plan:
    """The places and documents that a step changes, each with the state that it gets."""

    places: tuple[tuple[Place, str], ...]
    documents: tuple[tuple[Document, str], ...]

    @property
    def print(self) -> str:
        """What each thing says, is and becomes, in short."""
        places = (f"{each.id} {each.ms} {state}" for each, state in self.places)
        return digest(*places, *(f"{each.id} {each.number} {each.ms} {state}" for each, state in self.documents))


def plan_of(viewer: Viewer, session: Session, place: Place, step: Step) -> Plan:
    """What a step would do to a place and to what lies in it, as far as the viewer may change that."""
    inside = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == place.id)
    before: dict[str, str] = {}
    places: ColumnElement[bool] = Place.id.in_(inside) & (Place.id != place.id)
    documents: ColumnElement[bool] = Document.place_id.in_(inside)
    if step.name == "restore":
        rows = session.execute(select(PutAway.node, PutAway.state).where(PutAway.place_id == place.id))
        before = {node: state for node, state in rows}  # noqa: C416  # rows are no pairs to mypy
        sources: Iterable[str] = AWAY
        places &= among(Place.id, (node for node in before if ":" not in node))
        documents &= among(Document.id, (node.removeprefix("doc:") for node in before if ":" in node))
    else:
        sources = step.sources
    found = session.scalars(select(Place).where(places, Place.state.in_(sources)).order_by(Place.path)).all()
    written = viewer.where(DOCUMENTS, "edit")
    texts = session.scalars(
        select(Document).where(documents, Document.state.in_(sources), written).order_by(Document.id)
    ).all()
    inner = [(each, before.get(each.id, step.target)) for each in found]
    things = [(each, before.get(f"doc:{each.id}", step.target)) for each in texts]
    manages, edits = checker(viewer.visible("manage")), checker(viewer.visible("edit"))
    return Plan(
        ((place, step.target), *(each for each in inner if _may(viewer, manages, *each))),
        tuple(each for each in things if _may(viewer, edits, *each)),
    )


def carry_out(uow: UnitOfWork, place: Place, step: Step, plan: Plan) -> None:
    """Do it: all at once fenced, and kept in mind or forgotten.

    What was put away with a place above is this step's from now on: restoring that one changes it no more.
    """
    known = set(uow.session.scalars(select(PutAway.node).where(PutAway.place_id == place.id)))
    nodes = [(each.id, each.state) for each, _ in plan.places if each.id != place.id]
    nodes += [(f"doc:{document.id}", document.state) for document, _ in plan.documents]
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
    for document, state in plan.documents:
        set_marking_and_state(uow, document, document.marking, state, alone=False)
    fence(uow, f"within:{place.id}", uow.enqueue(f"subtree:{place.id}"))


def _may(viewer: Viewer, check: Check, thing: Place | Document, state: str) -> bool:
    """Whether the viewer may change a thing as it is and as it would be: by the compiled predicate, as for lists."""
    judged = thing.judged(viewer.snapshot)
    return judged is not None and check(judged) and check(replace(judged, state=state))


def change_of(plan: Plan) -> Change:
    """The plan as a change of which it is asked whom it shows what."""
    places = [(place, joined(place.marking, state)) for place, state in plan.places]
    documents = [(document, joined(document.marking, state)) for document, state in plan.documents]
    return things_changed(places, documents)
