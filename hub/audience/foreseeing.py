"""Who will see this: what a proposed change shows to whom, counted exactly before anything is saved."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import Session

from acl.audience import Because, Sight
from acl.layers import without
from acl.lines import Lines
from acl.rules import Rule
from acl.visibility import joined
from acl.vocabulary import HOME, MARKINGS
from hub.access.crowd import Crowd, called
from hub.access.judged import nodes_at
from hub.access.models import Person
from hub.access.snapshots import InForce
from hub.access.subjects import guests_of
from hub.audience.changes import (
    Change,
    Seat,
    Shown,
    audience_change,
    grant_ended,
    grants_given,
    place_changed,
    place_made,
    places_moved,
    policy_changed,
    thing_added,
    thing_changed,
    thing_gone,
    thing_kept,
    things_become,
    things_changed,
)
from hub.audience.counting import Counting
from hub.audience.looking import Looking, grants_on
from hub.things.columns import among
from hub.things.kind import Kind
from hub.things.kinds import Kinds

__all__ = [
    "Change",
    "Foretold",
    "Seat",
    "Shown",
    "audience_change",
    "foresee",
    "foretold_of",
    "gained_and_lost",
    "grant_ended",
    "grants_given",
    "place_changed",
    "place_made",
    "places_moved",
    "policy_changed",
    "readers",
    "shown_of",
    "thing_added",
    "thing_changed",
    "thing_gone",
    "thing_kept",
    "things_become",
    "things_changed",
]


@dataclass(frozen=True)
class Foretold:
    """What a change shows to whom, and what it takes from whom."""

    gained: Shown
    lost: Shown
    heard: Shown
    """Who may write in the place of which that is asked, and might not before."""
    silenced: Shown
    """Who may not any more."""

    @property
    def gives(self) -> bool:
        """Whether somebody sees more or may write by it."""
        return bool(self.gained.everybody or self.heard.everybody)

    @property
    def takes(self) -> bool:
        """Whether somebody sees less or may not write any more."""
        return bool(self.lost.everybody or self.silenced.everybody)

    @property
    def print(self) -> str:
        """Which things and which people, in short: another count is another question."""
        told = map(_print, (self.gained, self.lost, self.heard, self.silenced))
        return hashlib.sha256("|".join(told).encode()).hexdigest()[:32]


def foresee(
    session: Session, snapshots: InForce, kinds: Kinds, today: date, change: Change, *, told: Person | None = None
) -> Shown:
    """What a change shows, to whom: exactly those who may read afterwards what they may not read now.

    With `told`, only things that this person may read now (or that are new) are counted: it must not tell them of
    others.
    """
    looking = Looking(session, snapshots, kinds, today, change)
    return Counting(looking, _witness(looking, told), told.subject_id if told else "").shown()


def foretold_of(
    session: Session, snapshots: InForce, kinds: Kinds, today: date, change: Change, *, told: Person | None = None
) -> Foretold:
    """What a change shows, to whom; and what it takes, from whom: as `foresee` of the way there and back.

    And who may write, of a change of which that is asked.
    """
    looking = Looking(session, snapshots, kinds, today, change)
    witness, word = _witness(looking, told), told.subject_id if told else ""
    there, back = Counting(looking, witness, word), Counting(looking.turned(), witness, word, back=True)
    before, after = (_writers(looking, sight.lines) for sight in (looking.before, looking.after))
    heard, silenced = (
        Shown(kinds, {}, people, looking.crowd.directory, others=looking.crowd.others)
        for people in (without(after, before), without(before, after))
    )
    return Foretold(there.shown(), back.shown(), heard, silenced)


def gained_and_lost(
    session: Session, snapshots: InForce, kinds: Kinds, today: date, change: Change, *, told: Person | None = None
) -> tuple[Shown, Shown]:
    """The first two of the same."""
    foretold = foretold_of(session, snapshots, kinds, today, change, told=told)
    return foretold.gained, foretold.lost


def _writers(looking: Looking, lines: Lines) -> int:
    """Who may write on what is published in the place of which that is asked, and is not their own.

    Whoever comes or goes as a writer below it does so here too: what it gives is handed down, and so are denies.
    """
    place, found = looking.change.writing, 0
    if lines.tree.get(place) is not None:
        sight = Sight(lines, looking.crowd, looking.today, "comment")
        for marking in MARKINGS:
            found |= sight.at(place, joined(marking, "published")).seen()
    return found


def _print(shown: Shown) -> str:
    people = [
        [",".join(shown.directory.ids_of(some)), *called(shown.others, some, alone=True)]
        for some in (shown.people, shown.page_people)
    ]
    counts = sorted(shown.counts.items())
    things = (counts, sorted(shown.seats), sorted(shown.owned), sorted(shown.nodes), sorted(shown.pages))
    return f"{people}|{things}"


def _witness(looking: Looking, told: Person | None) -> int:
    """The bit of whoever is told; everybody where nothing is kept back."""
    number = looking.crowd.directory.number.get(told.id) if told else None
    return looking.crowd.everyone if told is None else 0 if number is None else 1 << number


def readers(
    session: Session, snapshots: InForce, today: date, node: str, seat: Seat, owner: str
) -> tuple[list[Because], Crowd]:
    """Who can read one thing now: each rule that is somebody's reason, and whose; and the crowd that they belong to.

    `node` is `doc:ID`, a space's `home:ID` or a folder's id; `owner` the `who` word of its owner.
    """
    return readers_of_each(session, snapshots, today, seat[0], ((node, seat[1], owner),))[0]


def readers_of_each(
    session: Session, snapshots: InForce, today: date, place: str, things: Sequence[tuple[str, str, str]]
) -> list[tuple[list[Because], Crowd]]:
    """The same of several things at one place, or of which one is the place: (node, `ms`, owner) each."""
    nodes = [node for node, _, _ in things]
    sight, crowd = _sight(session, snapshots, today, nodes, place, _given(session, snapshots, today, nodes, place))
    organisation = sight.lines.tree.organisation_of(place)
    return [(sight.because(node, place, ms, crowd.owner(owner, organisation)), crowd) for node, ms, owner in things]


def sight_at(
    session: Session, snapshots: InForce, today: date, node: str, place: str, owner: str
) -> tuple[Sight, int, Crowd]:
    """What holds for one thing, whatever it is marked: the sight of it, the bit of its owner, and the crowd."""
    grants = _given(session, snapshots, today, [node], place)
    return sight_of(session, snapshots, today, node, place, owner, grants)


def sight_of(
    session: Session, snapshots: InForce, day: date, node: str, place: str, owner: str, grants: Iterable[Rule]
) -> tuple[Sight, int, Crowd]:
    """The same with what is given on the thing, on its place and above it."""
    sight, crowd = _sight(session, snapshots, day, [node], place, grants)
    return sight, crowd.owner(owner, sight.lines.tree.organisation_of(place)), crowd


def _given(session: Session, snapshots: InForce, today: date, nodes: Sequence[str], place: str) -> list[Rule]:
    tree = snapshots.latest(session).tree
    grants = grants_on(session, {*nodes, *tree.chain(place), *nodes_at(place)}, today)
    if HOME + tree.organisation_of(place) in nodes:  # whose guest they are is no secret from guests
        grants += guests_of(session, place)
    return grants


def _sight(
    session: Session, snapshots: InForce, day: date, nodes: Sequence[str], place: str, grants: Iterable[Rule]
) -> tuple[Sight, Crowd]:
    crowd, snapshot = snapshots.crowd(session), snapshots.latest(session)
    chain, organisation = snapshot.tree.chain(place), snapshot.tree.organisation_of(place)
    lines = Lines.of(snapshot, grants)
    crowd.look_up(rule.who for each in (*nodes, *chain) for rule in lines.at(each, organisation))
    return Sight(lines, crowd, day), crowd


def shown_of(kind: Kind, shown: Shown) -> ColumnElement[bool]:
    """The condition on the things of a kind that a change shows, as counted."""
    columns = kind.columns
    by_ms: dict[str, set[str]] = {}
    for place, ms in shown.seats:
        by_ms.setdefault(ms, set()).add(place)
    whole = [and_(columns.ms == ms, among(columns.place, places)) for ms, places in sorted(by_ms.items())]
    if shown.owned:
        key: Any = columns.place + "|" + columns.ms + "|" + columns.owner
        places = {place for place, _, _ in shown.owned}
        whole.append(and_(among(columns.place, places), among(key, map("|".join, shown.owned))))
    unnamed, singly = or_(false(), *whole), columns.own(shown.singly)
    unnamed = and_(unnamed, ~among(columns.id, singly)) if singly else unnamed
    return or_(unnamed, among(columns.id, columns.own(shown.nodes)))
