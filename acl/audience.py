"""Policy turned round: who sees a thing, instead of what a person sees.

A set of people is an `int` with one bit for each of them, so that a rule is applied to everyone in one operation.
Rules are found by the node that they name, and what holds at a place is worked out once for each place and each
marking and state: from the platform down, allows stopping at closed spaces. The answer is that of the gate, for
every person at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from acl.cells import EVERYONE_BUT, SPECIAL
from acl.directory import ROOT, PlaceTree
from acl.groups import audience_rules
from acl.rules import Rule
from acl.store import Snapshot
from acl.vocabulary import covers, marked

OWN_ORGANISATION, DOCUMENT_OWNER = SPECIAL


class Crowd(Protocol):
    """The people of whom it is asked: a bit for each, always the same one. Who is not active has none."""

    @property
    def everyone(self) -> int:
        """All of them, guests included."""
        ...

    def holders(self, word: str) -> int:
        """Those who hold a `who` word such as `all-staff`, `group:leeds/legal` or `guest:acme/maria-lopez`."""
        ...

    def staff_of(self, organisation: str) -> int:
        """The staff of the organisation with this node."""
        ...


class Standing(NamedTuple):
    """What holds for things alike: whom lines allow, whom they deny, and whether lines speak of a thing's owner."""

    allowed: int
    denied: int
    owner_allowed: bool
    owner_denied: bool

    def seen(self, owner: int = 0) -> int:
        """Who may; `owner` is the bit of its owner, if they are staff of its organisation (else 0)."""
        allowed = self.allowed | owner if self.owner_allowed else self.allowed
        return allowed & ~(self.denied | owner if self.owner_denied else self.denied)


NOTHING: Final = Standing(0, 0, owner_allowed=False, owner_denied=False)


def gained(before: Standing, after: Standing, owner: int = 0) -> int:
    """Who may afterwards and might not before."""
    return after.seen(owner) & ~before.seen(owner)


def told_apart(before: Standing, after: Standing, staff: int) -> int:
    """Those of the staff for whom it matters whether a thing is their own; 0 where owners need not be looked at."""
    return (gained(before, after, staff) ^ gained(before, after)) & staff


@dataclass(frozen=True)
class Lines:
    """Every rule by the node that it names: of the policy files, of the spaces' audiences, and of these grants.

    With `tree` the files of the snapshot speak of another tree than its own: `moved` says that paths differ too.
    """

    snapshot: Snapshot
    tree: PlaceTree
    grants: Mapping[str, tuple[Rule, ...]]
    moved: bool = False

    @classmethod
    def of(
        cls, snapshot: Snapshot, grants: Iterable[Rule], tree: PlaceTree | None = None, *, moved: bool = False
    ) -> "Lines":
        """The lines of a snapshot with these grants, whose `where` names a node."""
        at: dict[str, list[Rule]] = {}
        there = tree or snapshot.tree
        for rule in grants:
            node = there.resolve(rule.where, rule.scope)
            if node is not None:
                at.setdefault(node, []).append(rule)
        return cls(snapshot, there, {node: tuple(rules) for node, rules in at.items()}, moved)

    @cached_property
    def _named(self) -> Mapping[str, list[str]]:
        """Scope -> the names of its files."""
        found: dict[str, list[str]] = {}
        for name, file in self.snapshot.files.items():
            found.setdefault(file.scope, []).append(name)
        return found

    @cached_property
    def _resolved(self) -> dict[str, Mapping[str, tuple[Rule, ...]]]:
        return {}

    def files_for(self, organisation: str) -> Iterator[Mapping[str, tuple[Rule, ...]]]:
        """The rules by node of each file that may speak of an organisation's things."""
        for scope in dict.fromkeys((ROOT, organisation)):
            for name in self._named.get(scope, ()):
                yield self._at(name)

    def every_file(self) -> Iterator[Mapping[str, tuple[Rule, ...]]]:
        """The rules by node of all files."""
        yield from map(self._at, self.snapshot.files)

    def at(self, node: str, organisation: str) -> Iterator[Rule]:
        """The rules that name a node and may speak of things of this organisation (empty: of none)."""
        for file in self.files_for(organisation):
            yield from file.get(node, ())
        place = self.tree.get(node.removeprefix("home:"))
        for rule in (*(audience_rules(place, self.tree) if place else ()), *self.grants.get(node, ())):
            if rule.scope in (ROOT, organisation) and self.tree.resolve(rule.where, rule.scope) == node:
                yield rule

    def _at(self, name: str) -> Mapping[str, tuple[Rule, ...]]:
        if not self.moved:
            return self.snapshot.rules_at(name)
        found = self._resolved.get(name)
        if found is None:
            held: dict[str, list[Rule]] = {}
            for rule in self.snapshot.files[name].rules:
                node = self.tree.resolve(rule.where, rule.scope)
                if node is not None:
                    held.setdefault(node, []).append(rule)
            found = self._resolved[name] = {node: tuple(rules) for node, rules in held.items()}
        return found


class Because(NamedTuple):
    """A rule, and those whom it lets in: of the rules that allow someone, the gate names the first."""

    rule: Rule
    people: int


class _Part(NamedTuple):
    effect: str
    marking: str
    state: str


class _Layer:
    """What the rules that name one node add to what holds above it."""

    __slots__ = ("above", "closed", "found", "owners", "people")

    def __init__(self, above: "_Layer | None", *, closed: bool) -> None:
        self.above, self.closed = above, closed
        self.people: dict[_Part, int] = {}
        self.owners: set[_Part] = set()
        self.found: dict[str, Standing] = {}

    def standing(self, ms: str) -> Standing:
        """What holds here for things of this marking and state."""
        found = self.found.get(ms)
        if found is None:
            above = self.above.standing(ms) if self.above else NOTHING
            marking, state = ms.rsplit(".", 1)
            found = self.found[ms] = self._standing(marking, state, above)
        return found

    def _standing(self, marking: str, state: str, above: Standing) -> Standing:
        allowed, denied, owner_allowed, owner_denied = above
        if self.closed:
            allowed, owner_allowed = 0, False
        for part, people in self.people.items():
            if not marked(marking, part.marking) or part.state not in ("any", state):
                continue
            if part.effect == "allow":
                allowed, owner_allowed = allowed | people, owner_allowed or part in self.owners
            else:
                denied, owner_denied = denied | people, owner_denied or part in self.owners
        return Standing(allowed, denied, owner_allowed, owner_denied)


class Sight:
    """Who may do `action` on a day, by these lines. Scopes of rules are the platform or organisations."""

    def __init__(self, lines: Lines, crowd: Crowd, today: date, action: str = "read") -> None:
        self.lines, self.crowd, self.action = lines, crowd, action
        self._today = today.isoformat()
        self._layers: dict[tuple[str, str], _Layer] = {}

    def at(self, place: str, ms: str) -> Standing:
        """What holds for a thing of that marking and state that lies at a place and that no line names."""
        return self._layer(place, self.lines.tree.organisation_of(place)).standing(ms)

    def of(self, node: str, place: str, ms: str) -> Standing:
        """What holds for one thing, by its own node (`doc:ID`, `home:ID`, a folder's id) and its place."""
        organisation = self.lines.tree.organisation_of(place)
        above = self._layer(place, organisation)
        if node == place:
            return above.standing(ms)
        return self._made(node, organisation, above, closed=False).standing(ms)

    def because(self, node: str, place: str, ms: str, owner: int = 0) -> list[Because]:
        """Each rule that is somebody's reason, in the order in which the gate names them, and whose reason it is.

        `owner` is the bit of the owner, if they are staff of the thing's organisation.
        """
        tree = self.lines.tree
        organisation, seen = tree.organisation_of(place), self.of(node, place, ms).seen(owner)
        reach = dict.fromkeys((node, *tree.chain(place)))
        allowed = {*tree.reach(place), node}
        marking, state = ms.rsplit(".", 1)
        rules = [
            rule
            for each in reach
            if each in allowed
            for rule in self.lines.at(each, organisation)
            if rule.effect == "allow" and self._holds(rule) and marked(marking, rule.marking)
            if rule.state in ("any", state)
        ]
        found = []
        for rule in sorted(rules, key=lambda r: (r.file, r.line)):
            people = (owner if rule.who == DOCUMENT_OWNER else self._people(rule.who, organisation)) & seen
            if people:
                found.append(Because(rule, people))
                seen &= ~people
        return found

    def _layer(self, place: str, organisation: str) -> _Layer:
        found = self._layers.get((place, organisation))
        if found is None:
            here = self.lines.tree.get(place)
            if here is None:
                raise KeyError(place)
            above = self._layer(here.parent, organisation) if here.parent is not None else None
            found = self._layers[place, organisation] = self._made(place, organisation, above, closed=here.closed)
        return found

    def _made(self, node: str, organisation: str, above: _Layer | None, *, closed: bool) -> _Layer:
        layer = _Layer(above, closed=closed)
        for rule in self.lines.at(node, organisation):
            if not self._holds(rule):
                continue
            part = _Part(rule.effect, rule.marking, rule.state)
            if rule.who == DOCUMENT_OWNER:
                layer.owners.add(part)
            layer.people[part] = layer.people.get(part, 0) | self._people(rule.who, organisation)
        return above if above is not None and not closed and not layer.people else layer

    def _holds(self, rule: Rule) -> bool:
        """Whether a rule speaks of the action and of the day."""
        return covers(rule.can, self.action, rule.effect) and (rule.until == "-" or self._today <= rule.until)

    def _people(self, who: str, organisation: str) -> int:
        if who == DOCUMENT_OWNER:
            return 0
        if who == OWN_ORGANISATION:
            return self.crowd.staff_of(organisation)
        if who.startswith(EVERYONE_BUT):
            return self.crowd.everyone & ~self.crowd.holders(who.removeprefix(EVERYONE_BUT))
        return self.crowd.holders(who)
