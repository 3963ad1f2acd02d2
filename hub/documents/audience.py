"""Who will see this: what a proposed change shows to whom, counted exactly before anything is saved.

The documents at and below the place that changes are counted by place, marking and state in one query, since no line
of policy can tell those alike apart, but for two: a line that names one document (such documents are judged one by
one), and a line for a document's owner (then, and only where it matters, the count is taken by owner too).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from acl.audience import NOTHING, Because, Lines, Sight, Standing, gained, told_apart
from acl.directory import ROOT, PlaceTree
from acl.rules import Rule
from hub.access.crowd import Crowd
from hub.access.models import Grant, Person, PlaceClosure
from hub.access.snapshots import Snapshots
from hub.access.subjects import as_rule
from hub.access.where import among
from hub.documents.changes import (
    DOC,
    Change,
    Seat,
    Shown,
    Single,
    audience_change,
    document_added,
    document_changed,
    grant_ended,
    grants_given,
    places_moved,
    policy_changed,
)
from hub.documents.models import Document

__all__ = [
    "Change",
    "Seat",
    "Shown",
    "audience_change",
    "document_added",
    "document_changed",
    "foresee",
    "grant_ended",
    "grants_given",
    "places_moved",
    "policy_changed",
    "readers",
    "shown_documents",
]

GRANT_COLUMNS = (
    Grant.id,
    Grant.principal,
    Grant.can,
    Grant.node,
    Grant.organisation_id,
    Grant.marking,
    Grant.state,
    Grant.until,
    Grant.reason,
)
"""What a grant's rule is made of: rows are many times quicker than objects."""


def foresee(
    session: Session, snapshots: Snapshots, today: date, change: Change, *, told: Person | None = None
) -> Shown:
    """What a change shows, to whom: exactly those who may read afterwards what they may not read now.

    With `told`, only documents that this person may read now (or that are new) are counted: it must not tell them of
    others.
    """
    looking = _Looking(session, snapshots, today, change)
    number = looking.crowd.directory.number.get(told.id) if told else None
    witness = looking.crowd.everyone if told is None else 0 if number is None else 1 << number
    return _Counting(looking, witness).shown()


def readers(
    session: Session, snapshots: Snapshots, today: date, node: str, seat: Seat, owner: str
) -> tuple[list[Because], Crowd]:
    """Who can read one thing now: each rule that is somebody's reason, and whose; and the crowd that they belong to.

    `node` is `doc:ID`, a space's `home:ID` or a folder's id; `owner` the `who` word of its owner.
    """
    looking = _Looking(session, snapshots, today, Change(singles=(Single(node.removeprefix(DOC), owner, seat, seat),)))
    organisation = looking.before.lines.tree.organisation_of(seat[0])
    return looking.before.because(node, *seat, looking.crowd.owner(owner, organisation)), looking.crowd


class _Looking:
    """The lines before and after, and the people; every query that needs no documents."""

    def __init__(self, session: Session, snapshots: Snapshots, today: date, change: Change) -> None:
        self.session, self.change, self.today = session, change, today
        self.crowd = snapshots.crowd(session)
        snapshot = snapshots.latest(session)
        after = snapshot.with_files(change.files, snapshot.generation) if change.files else snapshot
        tree = snapshot.tree.with_changes(change.places, ()) if change.places else snapshot.tree
        self.below = _below(change.top)
        found = {grant.id: as_rule(grant) for grant in self._grants(snapshot.tree, tree)}
        kept = [rule for key, rule in found.items() if key not in change.ended]
        before = Lines.of(snapshot, found.values())
        then = Lines.of(after, (*kept, *change.given), tree, moved=change.moved)
        self._look_up(before, then)
        self.before, self.after = Sight(before, self.crowd, today), Sight(then, self.crowd, today)

    def _grants(self, before: PlaceTree, after: PlaceTree) -> Iterable[Any]:
        """The grants in force on what the change may touch, or above it."""
        change = self.change
        nodes = {DOC + single.id for single in change.singles}
        for tree in (before, after):
            seats = [seat[0] for single in change.singles for seat in (single.before, single.after) if seat]
            for place in (change.top, *seats):
                nodes.update(tree.chain(place) if tree.get(place) else ())
        nodes |= {f"home:{node}" for node in nodes}
        on = [among(Grant.node, nodes)]
        if change.top:
            inside = select(DOC + Document.id).where(_lies(Document.place_id, self.below))
            on += [_lies(Grant.node, self.below), Grant.node.startswith(DOC) & Grant.node.in_(inside)]
        in_force = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= self.today)
        return self.session.execute(select(*GRANT_COLUMNS).where(in_force, or_(*on))).all()

    def _look_up(self, *lines: Lines) -> None:
        """The groups that could matter, in one query."""
        words: set[str] = set()
        for each in lines:
            words.update(rule.who for rules in each.grants.values() for rule in rules)
            for file in self.files(each):
                words.update(rule.who for rules in file.values() for rule in rules)
        self.crowd.look_up(words)

    def files(self, lines: Lines) -> Iterable[Mapping[str, tuple[Rule, ...]]]:
        """The rules by node of each file that may speak of what is touched."""
        if self.change.top == ROOT:
            return lines.every_file()
        seats = (seat[0] for single in self.change.singles for seat in (single.before, single.after) if seat)
        places = {place for place in (self.change.top, *seats) if lines.tree.get(place)}
        organisations = sorted({lines.tree.organisation_of(place) for place in places})
        return [file for organisation in organisations for file in lines.files_for(organisation)]

    def named(self) -> set[str]:
        """The documents that some line names, wherever they lie."""
        found: set[str] = set()
        for sight in (self.before, self.after):
            for at in (*self.files(sight.lines), sight.lines.grants):
                found.update(node.removeprefix(DOC) for node in at if node.startswith(DOC))
        return found


def _below(top: str) -> Any:
    """The places at and below one, as a query of ids; None for the platform, below which everything lies."""
    return select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == top) if top != ROOT else None


def _lies(column: Any, below: Any) -> ColumnElement[bool]:
    return true() if below is None else column.in_(below)


@dataclass
class _Group:
    """Documents alike: what holds for them, who gains by that, and for whom it matters whether they own one."""

    before: Standing
    after: Standing
    gain: int
    apart: int
    told: bool
    """Whether the witness may read them now, their own ones apart."""


class _Counting:
    """Counts by seat, then by owner where it matters, then one by one."""

    def __init__(self, looking: _Looking, witness: int) -> None:
        self.look, self.witness = looking, witness
        self.all_told = witness == looking.crowd.everyone
        self.documents, self.people = 0, 0
        self.seats: set[Seat] = set()
        self.owned: set[tuple[str, str, str]] = set()
        self.ids: set[str] = set()
        self.known: dict[tuple[int, int, str], _Group] = {}

    def shown(self) -> Shown:
        """Count everything."""
        singles = {single.id: single for single in self._named_singly()} if self.look.change.top else {}
        singles |= {single.id: single for single in self.look.change.singles}
        if self.look.change.top:
            self._count_groups(singles.values())
        for single in singles.values():
            self._count_one(single)
        return Shown(
            self.documents,
            self.people,
            self.look.crowd.directory,
            frozenset(self.seats),
            frozenset(self.owned),
            frozenset(self.ids),
            frozenset(singles),
        )

    def _named_singly(self) -> Iterable[Single]:
        wanted = among(Document.id, self.look.named())
        rows = self.look.session.execute(
            select(Document.id, Document.owner, Document.place_id, Document.ms).where(
                wanted, _lies(Document.place_id, self.look.below)
            )
        )
        return [Single(key, owner, (place, ms), (place, ms)) for key, owner, place, ms in rows]

    def _count_groups(self, singles: Iterable[Single]) -> None:
        rows = self.look.session.execute(
            select(Document.place_id, Document.ms, func.count())
            .where(_lies(Document.place_id, self.look.below))
            .group_by(Document.place_id, Document.ms)
        )
        counts = {(place, ms): count for place, ms, count in rows}
        apart: dict[Seat, _Group] = {}
        for single in singles:
            if single.before in counts:
                counts[single.before] -= 1
        for seat, count in counts.items():
            group = self._group(*seat)
            if group.apart:
                apart[seat] = group
            elif group.gain and group.told and count:
                self.documents += count
                self.people |= group.gain
                self.seats.add(seat)
        if apart:
            self._count_owners(apart, {single.id for single in singles})

    def _count_owners(self, groups: Mapping[Seat, _Group], singly: set[str]) -> None:
        places, mss = {seat[0] for seat in groups}, {seat[1] for seat in groups}
        wanted = and_(among(Document.place_id, places), among(Document.ms, mss))
        if singly:
            wanted = and_(wanted, ~among(Document.id, singly))
        rows = self.look.session.execute(
            select(Document.place_id, Document.ms, Document.owner, func.count())
            .where(wanted)
            .group_by(Document.place_id, Document.ms, Document.owner)
        )
        for place, ms, owner, count in rows:
            group = groups.get((place, ms))
            if group is None:
                continue
            own = self.look.crowd.owner(owner, self.look.before.lines.tree.organisation_of(place)) & group.apart
            gain = gained(group.before, group.after, own) if own else group.gain
            if gain and (self._is_told(group.before, own) if own else group.told):
                self.documents += count
                self.people |= gain
                self.owned.add((place, ms, owner))

    def _count_one(self, single: Single) -> None:
        before, own = _standing(self.look.before, single, single.before), self._owner(single, single.before)
        after, then = _standing(self.look.after, single, single.after), self._owner(single, single.after)
        gain = after.seen(then) & ~before.seen(own)
        if gain and (single.before is None or self._is_told(before, own)):
            self.documents += 1
            self.people |= gain
            self.ids.add(single.id)

    def _owner(self, single: Single, seat: Seat | None) -> int:
        if seat is None:
            return 0
        tree = (self.look.before if self.look.before.lines.tree.get(seat[0]) else self.look.after).lines.tree
        return self.look.crowd.owner(single.owner, tree.organisation_of(seat[0]))

    def _group(self, place: str, ms: str) -> _Group:
        if self.look.before.lines.tree.get(place) is None:  # a document of no known place is shown to nobody
            return _Group(NOTHING, NOTHING, 0, 0, told=False)
        before, after = self.look.before.at(place, ms), self.look.after.at(place, ms)
        organisation = self.look.before.lines.tree.organisation_of(place)
        key = id(before), id(after), organisation  # both are kept by their sights
        found = self.known.get(key)
        if found is None:
            staff = self.look.crowd.staff_of(organisation)
            apart = told_apart(before, after, staff)
            if not self.all_told:
                apart |= (before.seen(staff) ^ before.seen()) & staff & self.witness
            gain = gained(before, after)
            found = self.known[key] = _Group(before, after, gain, apart, self._is_told(before, 0))
        return found

    def _is_told(self, before: Standing, own: int) -> bool:
        return self.all_told or bool(before.seen(own) & self.witness)


def _standing(sight: Sight, single: Single, seat: Seat | None) -> Standing:
    return NOTHING if seat is None or sight.lines.tree.get(seat[0]) is None else sight.of(DOC + single.id, *seat)


def shown_documents(shown: Shown) -> ColumnElement[bool]:
    """The condition on documents that a change shows, as counted."""
    by_ms: dict[str, set[str]] = {}
    for place, ms in shown.seats:
        by_ms.setdefault(ms, set()).add(place)
    whole = [and_(Document.ms == ms, among(Document.place_id, places)) for ms, places in sorted(by_ms.items())]
    if shown.owned:
        key = Document.place_id + "|" + Document.ms + "|" + Document.owner
        places = {place for place, _, _ in shown.owned}
        whole.append(and_(among(Document.place_id, places), among(key, map("|".join, shown.owned))))
    unnamed = and_(or_(false(), *whole), ~among(Document.id, shown.singly)) if shown.singly else or_(false(), *whole)
    return or_(unnamed, among(Document.id, shown.ids))
