"""The lines of policy before and after a proposed change, and the people of whom they speak."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from acl.audience import Sight
from acl.directory import ROOT
from acl.lines import Gift, Lines
from acl.rules import Rule
from acl.store import Snapshot
from acl.vocabulary import PEOPLE
from hub.access.judged import nodes_at
from hub.access.models import Grant, Place, PlaceClosure
from hub.access.snapshots import InForce
from hub.access.subjects import as_rule
from hub.audience.changes import Change, Single, page_of
from hub.things.columns import Columns, among
from hub.things.kinds import Kinds

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
_ALIKE = (Grant.node, Grant.organisation_id, Grant.can, Grant.marking, Grant.state, Grant.until)


class Looking:
    """The lines before and after, and the people; every query that needs no things but those named."""

    def __init__(self, session: Session, snapshots: InForce, kinds: Kinds, today: date, change: Change) -> None:
        self.session, self.kinds, self.change, self.today = session, kinds, change, today
        self.crowd = snapshots.crowd(session)
        snapshot = snapshots.latest(session)
        files = {**change.files, **change.carried}
        after = snapshot.with_files(files, snapshot.generation) if files else snapshot
        tree = snapshot.tree.with_changes(change.places, ()) if change.places else snapshot.tree
        ended = self._rules(change.ended)
        self.changed = _changed(snapshot, after, change, ended)
        self.trees = snapshot.tree, tree
        self.tops = self._tops()
        self.below = _below(self.tops)
        apart = (*self._things(self._named_by_what_changes()), *self._pages(), *change.singles)
        self.singles = {single.node: single for single in apart}
        gifts = self._gifts()
        before = Lines.of(snapshot, ended, gifts=gifts)
        then = Lines.of(after, change.given, tree, moved=change.moved, gifts=gifts)
        self._look_up(before, then)
        self.before = Sight(before, self.crowd, today)
        self._named: list[dict[str, Single]] = []
        self._counted: list[list[tuple[str, str, str, int, int]]] = []
        like = None if change.moved else self.before
        self.after = Sight(then, self.crowd, today, like=like, changed=self.changed)

    def turned(self) -> "Looking":
        """The way back: what is lost by the change is what would be gained if it were undone."""
        back = copy(self)
        back.before, back.after = self.after, self.before
        back.trees = self.trees[::-1]
        back.singles = {key: single.turned() for key, single in self.singles.items()}
        return back

    def named_at(self, places: set[str], *, always: bool) -> Iterable[Single]:
        """The things at these places that some line names; with `always` it is asked even where there are none.

        Asked once for both ways.
        """
        if not self._named and (places or always):
            self._named.append({single.node: single for single in self._all_named(always=always)})
        return [s for found in self._named for s in found.values() if s.before and s.before[0] in places]

    def counted(self, word: str) -> list[tuple[str, str, str, int, int]]:
        """Of each kind, place that is touched, marking and state: how many things, and how many that `word` owns.

        Asked once for both ways, whatever the lines leave to be asked.
        """
        if not self._counted:
            rows = self.of_all_kinds(
                lambda c: (
                    select(c.place, c.ms, func.count(), func.count().filter(c.owner == word))
                    .where(self.lies(c.place))
                    .group_by(c.place, c.ms)
                )
            )
            self._counted.append([(kind, place, ms, count, own) for kind, place, ms, count, own in rows])
        return self._counted[0]

    def of_all_kinds(self, wanted: Callable[[Columns], Select[*tuple[Any, ...]]]) -> Iterable[Any]:
        """The rows of the same statement about each kind that lies in places, its prefix first: in one query.

        Where what is said of an organisation's people changes, of their pages too.
        """
        each = [(kind, wanted(kind.columns).where(kind.only)) for kind in self.kinds.lying]
        if any(top.startswith(PEOPLE) for top in self.tops):
            pages = ((kind, kind.columns.between) for kind in self.kinds if kind.columns.between is not None)
            each += [(kind, wanted(replace(kind.columns, place=at)).where(kind.listed)) for kind, at in pages]
        told = [said.with_only_columns(literal(kind.prefix), *said.selected_columns) for kind, said in each]
        return self.session.execute(union_all(*told) if told[1:] else told[0])

    def _all_named(self, *, always: bool) -> Iterable[Single]:
        named: set[str] = set()
        for lines in (self.before.lines, self.after.lines):
            for at in (*self._files(lines), lines.grants, lines.gifts):
                named.update(node for node in at if self.kinds.lying_as(node))
        return self._things(named, self.lies, always=always)

    def may_name(self, place: str, organisation: str) -> bool:
        """Whether any line, before or after, could be found at a place of an organisation: false is certain."""
        lines = self.before.lines
        if place in self.changed or lines.may_name(place, organisation):
            return True
        return self.change.moved and self.after.lines.may_name(place, organisation)

    def lies(self, column: Any) -> ColumnElement[bool]:
        """That a place is one that is touched, or below one."""
        if self.below is None:
            return true()
        people = [top for top in self.tops if top.startswith(PEOPLE)]
        return or_(column.in_(self.below), among(column, people)) if people else column.in_(self.below)

    def _tops(self) -> frozenset[str]:
        """The places at and below which documents may be touched: of lines of policy, those that changed lines name."""
        change, tree = self.change, self.trees[0]
        if not change.files:
            return frozenset({change.top} if change.top else ())
        return frozenset({ROOT} if ROOT in self.changed else (node for node in self.changed if tree.get(node)))

    def _named_by_what_changes(self) -> set[str]:
        """The things that lines of policy name which come or go."""
        return {node for node in self.changed if self.kinds.lying_as(node)} if self.change.files else set()

    def _pages(self) -> Iterable[Single]:
        """The pages of the spaces and folders that are touched; of lines of policy it is not asked for them."""
        if not self.change.top or self.change.files:
            return []
        rows = self.session.execute(
            select(Place.id, Place.kind, Place.owner, Place.ms).where(
                Place.kind.in_(("space", "folder")), self.lies(Place.id)
            )
        )
        return [page_of(place, kind, owner, ms) for place, kind, owner, ms in rows]

    def _things(
        self, nodes: set[str], where: Callable[[Any], ColumnElement[bool]] = lambda _: true(), *, always: bool = False
    ) -> Iterable[Single]:
        """Those of what lies in places with these nodes, where what is said of their place is so."""
        if not nodes and not always:
            return []
        rows = self.of_all_kinds(
            lambda c: select(c.id, c.owner, c.place, c.ms).where(among(c.id, c.own(nodes)), where(c.place))
        )
        return [Single(f"{prefix}:{key}", owner, (place, ms), (place, ms)) for prefix, key, owner, place, ms in rows]

    def _seats(self) -> set[str]:
        """The places of things that are judged one by one."""
        return {seat[0] for single in self.singles.values() for seat in (single.before, single.after) if seat}

    def _gifts(self) -> Mapping[str, tuple[Gift, ...]]:
        """The grants in force on what may be touched, or above it, but for those that end: by the node they are on."""
        found: dict[str, list[Gift]] = {}
        wanted: ColumnElement[bool] = true()
        if ROOT not in self.tops:
            nodes = set(self.singles)
            for tree in self.trees:
                for place in self.tops | self._seats():
                    nodes.update(tree.chain(place) if tree.get(place) else ())
            wanted = among(Grant.node, nodes)
            if self.tops:
                inside = (kind.columns.on(Grant.node) & self.lies(kind.columns.place) for kind in self.kinds.lying)
                wanted = or_(wanted, self.lies(Grant.node), *(select(1).where(each).exists() for each in inside))
        kept = ~among(Grant.id, self.change.ended) if self.change.ended else true()
        rows = self.session.execute(
            select(*_ALIKE, func.aggregate_strings(Grant.principal, " "))
            .where(_in_force(self.today), kept, wanted)
            .group_by(*_ALIKE)
        )
        for node, organisation, can, marking, state, until, who in rows:
            gift = Gift(organisation, can, marking, state, until.isoformat() if until else "-", tuple(who.split(" ")))
            found.setdefault(node, []).append(gift)
        return {node: tuple(gifts) for node, gifts in found.items()}

    def _rules(self, ids: Iterable[str]) -> list[Rule]:
        return _rules(self.session, among(Grant.id, ids), self.today) if ids else []

    def _look_up(self, *lines: Lines) -> None:
        """The groups that could matter, in one query.

        Of a place, some may be named on hidden things alone: where not everybody is known it is asked in any case.
        """
        words: set[str] = set()
        for each in lines:
            words.update(rule.who for rules in each.grants.values() for rule in rules)
            words.update(word for gifts in each.gifts.values() for gift in gifts for word in gift.who)
            for file in self._files(each):
                words.update(rule.who for rules in file.values() for rule in rules)
        self.crowd.look_up(words, always=bool(self.tops and self.crowd.others))

    def _files(self, lines: Lines) -> Iterable[Mapping[str, tuple[Rule, ...]]]:
        """The rules by node of each file that may speak of what is touched."""
        if ROOT in self.tops:
            return lines.every_file()
        places = {place for place in self.tops | self._seats() if lines.tree.get(place)}
        organisations = sorted({lines.tree.organisation_of(place) for place in places})
        return [file for organisation in organisations for file in lines.files_for(organisation)]


def grants_on(session: Session, nodes: Iterable[str], today: date) -> list[Rule]:
    """The grants in force on these nodes, as rules."""
    return _rules(session, among(Grant.node, nodes), today)


def _rules(session: Session, wanted: ColumnElement[bool], today: date) -> list[Rule]:
    rows: Iterable[Any] = session.execute(select(*GRANT_COLUMNS).where(wanted, _in_force(today)))
    return [as_rule(row) for row in rows]


def _in_force(today: date) -> ColumnElement[bool]:
    return Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= today)


def _changed(before: Snapshot, after: Snapshot, change: Change, ended: Iterable[Rule]) -> frozenset[str]:
    """The nodes that lines name which come or go, and the places that change."""
    found = {rule.where.removeprefix("node:") for rule in (*change.given, *ended)}
    for place in change.places:
        found.update(nodes_at(place.id))
    for name in change.files:
        then, now = _meant(before, name), _meant(after, name)
        found.update(node for node in then.keys() | now.keys() if then.get(node) != now.get(node))
    return frozenset(found)


def _meant(snapshot: Snapshot, name: str) -> dict[str, frozenset[Rule]]:
    """What a file says of each node, wherever in it."""
    if name not in snapshot.files:
        return {}
    return {
        node: frozenset(replace(rule, reason="", line=0) for rule in rules)
        for node, rules in snapshot.rules_at(name).items()
    }


def _below(tops: frozenset[str]) -> Any:
    """The places at and below these, as a query of ids; None for the platform, below which everything lies."""
    if ROOT in tops:
        return None
    return select(PlaceClosure.descendant_id).where(among(PlaceClosure.ancestor_id, tops))
