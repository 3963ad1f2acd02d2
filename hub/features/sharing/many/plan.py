"""What one act would do to several things of a place: each decided for itself by the gate, with the reason if not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete

from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES
from hub.access.guard import viewer
from hub.access.judged import judge_at
from hub.access.models import Place
from hub.audience.foreseeing import Change, things_become
from hub.audience.readers import as_it_would_be, may_edit
from hub.audience.sealing import Fact, digest, in_words
from hub.features.sharing.many.verbs import Verb
from hub.features.sharing.moving_things import fits
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.models import PutAway
from hub.nouns.spaces.queries import place_for_writing
from hub.things.columns import among
from hub.things.kind import Kind
from hub.things.kinds import Kinds
from hub.things.thing import Lying

NOT_YOURS: Final = "you may not change it"
NOT_THERE: Final = "policy does not let you put it there"
NO_SUCH_STATE: Final = "policy does not let you keep it {} and {}"
CHANGED: Final = "Some of what you chose has changed."


@dataclass(frozen=True)
class Wanted:
    """What is to become of a thing: where it is to lie, its marking and its state; empty where that stays."""

    node: str
    place_id: str = ""
    marking: str = ""
    state: str = ""


@dataclass(frozen=True)
class Row:
    """A thing that will be changed, and what it becomes."""

    kind: Kind
    thing: Lying
    place_id: str
    marking: str
    state: str

    @property
    def was(self) -> str:
        """How it is now, as an undo sends it."""
        return f"{self.thing.node} {self.thing.marking} {self.thing.state} {self.thing.place_id}"


@dataclass(frozen=True)
class Left:
    """A thing that stays as it is, and why: a clause that goes on after its title."""

    thing: Lying
    why: str


@dataclass(frozen=True)
class Plan:
    """What will be changed, what will not, and how many of what was chosen are not there: absent or hidden."""

    kinds: Kinds
    rows: tuple[Row, ...]
    left: tuple[Left, ...]
    missing: int

    @property
    def in_words(self) -> str:
        """How many will be changed: "5 documents"."""
        return self.kinds.in_words(Counter(row.kind.prefix for row in self.rows))

    @property
    def fact(self) -> Fact:
        """What of them decides, as it is now."""
        rows = sorted(f"{row.was} {row.kind.says(row.thing)}" for row in self.rows)
        return Fact("things", digest(*rows), lambda: CHANGED)

    @property
    def change(self) -> Change:
        """All of it, as a change of which it is asked whom it shows what."""
        return things_become((row.thing, row.place_id, joined(row.marking, row.state)) for row in self.rows)


def plan_of(found: dict[str, Lying], wanted: Iterable[Wanted], verb: Verb, targets: dict[str, Place]) -> Plan:
    """Decide about each; `targets` are the places that things may go to, by id, found to be seen by the viewer."""
    rows: list[Row] = []
    left: list[Left] = []
    missing = 0
    for each in wanted:
        thing = found.get(each.node)
        kind = viewer().kinds.of(thing) if thing is not None else None
        if thing is None or kind is None:
            missing += 1
            continue
        state = verb.step.target if verb.step else each.state
        row = Row(kind, thing, each.place_id or thing.place_id, each.marking or thing.marking, state or thing.state)
        why = _why_not(row, verb, targets)
        if why:
            left.append(Left(thing, why))
        else:
            rows.append(row)
    return Plan(viewer().kinds, tuple(rows), tuple(left), missing)


def _why_not(row: Row, verb: Verb, targets: dict[str, Place]) -> str:
    """Why a thing cannot become that; empty where it can."""
    thing, moves = row.thing, row.place_id != row.thing.place_id
    marks = (row.marking, row.state) != (thing.marking, thing.state)
    if verb.step is not None and thing.state not in verb.step.sources:
        return f"it is {in_words(thing.state)}"
    if not moves and not marks:
        return "it is so already"
    if row.marking not in MARKINGS or row.state not in STATES:
        return NO_SUCH_STATE.format(row.state, row.marking)
    return (_no_move(row, targets) if moves else "") or (_no_mark(row) if marks else "")


def _no_move(row: Row, targets: dict[str, Place]) -> str:
    target = targets.get(row.place_id)
    if row.kind.move is None:
        return f"no {row.kind.word} can be moved by itself"
    decision = viewer().decide("manage", row.thing)
    if decision is None or not decision.allowed:
        return NOT_YOURS
    same = target is not None and target.organisation_id == row.thing.organisation_id
    return "" if same and fits(row.thing, target) else NOT_THERE


def _no_mark(row: Row) -> str:
    thing, looker = row.thing, viewer()
    if row.kind.mark is None:
        return f"no {row.kind.word} is changed by itself"
    if not may_edit(looker, as_it_would_be(looker, thing, thing.marking, thing.state)):
        return NOT_YOURS
    then = judge_at(
        row.place_id, thing.node, owner=thing.owner, marking=row.marking, state=row.state, snapshot=looker.snapshot
    )
    return "" if may_edit(looker, then) else NO_SUCH_STATE.format(in_words(row.state), row.marking)


def carry_out(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    """Do it. What was put away with a place and is changed by itself now, restoring that place changes no more."""
    marked = [row.thing.node for row in rows if row.state != row.thing.state]
    if marked:
        uow.session.execute(delete(PutAway).where(among(PutAway.node, marked)))
    for row in rows:
        if row.kind.move is not None and row.place_id != row.thing.place_id:
            row.kind.move(uow, row.thing, place_for_writing(uow.session, row.place_id))
        if row.kind.mark is not None and (row.marking, row.state) != (row.thing.marking, row.thing.state):
            row.kind.mark(uow, row.thing, row.marking, row.state)
