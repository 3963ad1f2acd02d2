"""Policy turned round: who sees a thing, instead of what a person sees.

A set of people is an `int` with one bit for each of them, so that a rule is applied to everyone in one operation.
Rules are found by the node that they name, and what holds at a place is worked out once for each place and each
marking and state: from the platform down, allows stopping at closed spaces. The answer is that of the gate, for
every person at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from typing import Final, NamedTuple, Protocol

from acl.cells import EVERYONE_BUT, SPECIAL
from acl.directory import ROOT, PlaceTree
from acl.groups import audience_rules
from acl.rules import Rule, telling
from acl.store import Snapshot
from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES, covers, marked

OWN_ORGANISATION, DOCUMENT_OWNER = SPECIAL
MARKINGS_AND_STATES: Final = tuple(joined(*pair) for pair in product(MARKINGS, STATES))
_ONE: Final = (MARKINGS_AND_STATES[0],) * len(MARKINGS_AND_STATES)


class Crowd(Protocol):
    """The people of whom it is asked: a bit for each, always the same one. Who is not active has none."""

    @property
    def everyone(self) -> int:
        """All of them, guests included."""
        ...

    def holders(self, word: str) -> int:
        """Those who hold a `who` word such as `all-staff`, `group:leeds/legal` or `guest:acme/maria-lopez`."""
        ...

    def holders_of_any(self, words: Iterable[str]) -> int:
        """Those who hold one of these words."""
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
        return without(allowed, self.denied | owner if self.owner_denied else self.denied)


def without(people: int, others: int) -> int:
    """The people of a set who are not in the other: six times quicker than `people & ~others`."""
    return people ^ (people & others)


NOTHING: Final = Standing(0, 0, owner_allowed=False, owner_denied=False)


def gained(before: Standing, after: Standing, owner: int = 0) -> int:
    """Who may afterwards and might not before."""
    return without(after.seen(owner), before.seen(owner))


def told_apart(before: Standing, after: Standing, staff: int) -> int:
    """Those of the staff for whom it matters whether a thing is their own; 0 where owners need not be looked at."""
    if not (before.owner_allowed or before.owner_denied or after.owner_allowed or after.owner_denied):
        return 0
    return (gained(before, after, staff) ^ gained(before, after)) & staff


class Gift(NamedTuple):
    """Grants on one node that differ only in whom they name: what an allow line says, for many at once."""

    scope: str
    can: str
    marking: str
    state: str
    until: str
    """The last valid day, or `-`."""
    who: tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """Every rule by the node that it names: of the policy files, of the spaces' audiences, and of these grants.

    With `tree` the files of the snapshot speak of another tree than its own: `moved` says that paths differ too.
    """

    snapshot: Snapshot
    tree: PlaceTree
    grants: Mapping[str, tuple[Rule, ...]]
    moved: bool = False
    gifts: Mapping[str, tuple[Gift, ...]] = field(default_factory=dict)
    """More grants, by node: those of which nobody will ask for the reason."""

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        grants: Iterable[Rule],
        tree: PlaceTree | None = None,
        *,
        moved: bool = False,
        gifts: Mapping[str, tuple[Gift, ...]] | None = None,
    ) -> "Lines":
        """The lines of a snapshot with these grants, whose `where` names a node."""
        at: dict[str, list[Rule]] = {}
        there = tree or snapshot.tree
        for rule in grants:
            node = there.resolve(rule.where, rule.scope)
            if node is not None:
                at.setdefault(node, []).append(rule)
        return cls(snapshot, there, {node: tuple(rules) for node, rules in at.items()}, moved, gifts or {})

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

    @cached_property
    def _speaking(self) -> dict[str, tuple[Mapping[str, tuple[Rule, ...]], ...]]:
        return {}

    def files_for(self, organisation: str) -> tuple[Mapping[str, tuple[Rule, ...]], ...]:
        """The rules by node of each file that may speak of an organisation's things."""
        found = self._speaking.get(organisation)
        if found is None:
            names = (name for scope in dict.fromkeys((ROOT, organisation)) for name in self._named.get(scope, ()))
            found = self._speaking[organisation] = tuple(map(self._at, names))
        return found

    def every_file(self) -> Iterator[Mapping[str, tuple[Rule, ...]]]:
        """The rules by node of all files."""
        yield from map(self._at, self.snapshot.files)

    def may_name(self, node: str, organisation: str) -> bool:
        """Whether any rule or gift could be found at a node: false is certain."""
        if node in self.gifts or node in self.grants or any(node in file for file in self.files_for(organisation)):
            return True
        place = self.tree.get(node.removeprefix("home:"))
        return place is not None and bool(place.audience)

    def at(self, node: str, organisation: str) -> Iterator[Rule]:
        """The rules that name a node and may speak of things of this organisation (empty: of none)."""
        for file in self.files_for(organisation):
            yield from file.get(node, ())
        place = self.tree.get(node.removeprefix("home:"))
        audience = audience_rules(place, self.tree) if place and place.audience else ()
        for rule in (*audience, *self.grants.get(node, ())):
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


class _Added(NamedTuple):
    """What the rules that name one node add to what holds above it: to things of which marking and state, for whom."""

    part: _Part
    people: int
    owners: bool


@lru_cache(4_096)
def _speaks_of(part: _Part, ms: str) -> bool:
    marking, state = ms.rsplit(".", 1)
    return marked(marking, part.marking) and part.state in ("any", state)


Shape = tuple[str, ...]
"""For each marking and state of MARKINGS_AND_STATES the first one that all lines so far treat alike."""


@lru_cache(4_096)
def _refined(above: Shape, parts: tuple[_Part, ...]) -> Mapping[str, str]:
    """Those that were alike above and of which the same parts speak are alike still."""
    first: dict[tuple[str, tuple[bool, ...]], str] = {}
    found = {}
    for ms, alike in zip(MARKINGS_AND_STATES, above, strict=True):
        found[ms] = first.setdefault((alike, tuple(_speaks_of(part, ms) for part in parts)), ms)
    return found


@lru_cache(4_096)
def classes(one: Shape, other: Shape) -> Mapping[str, tuple[str, ...]]:
    """The markings and states that are alike in both shapes: the first of each class -> all of it."""
    found: dict[tuple[str, str], list[str]] = {}
    for ms, key in zip(MARKINGS_AND_STATES, zip(one, other, strict=True), strict=True):
        found.setdefault(key, []).append(ms)
    return {alike[0]: tuple(alike) for alike in found.values()}


class Layer:
    """What holds at a node: what its own rules add to what holds above it.

    `like` is the layer of the same place in another sight: where the same holds, its very standing is given.
    """

    __slots__ = ("above", "added", "alike", "closed", "found", "like", "shape")

    def __init__(
        self, above: "Layer | None", added: tuple[_Added, ...], *, closed: bool, like: "Layer | None" = None
    ) -> None:
        self.above, self.added, self.closed, self.like = above, added, closed, like
        self.found: dict[str, Standing] = {}
        self.alike = _refined(above.shape if above else _ONE, tuple([each.part for each in added]))
        self.shape: Shape = tuple(self.alike.values())

    def standing(self, ms: str) -> Standing:
        """What holds here for things of this marking and state."""
        alike = self.alike.get(ms, ms)
        found = self.found.get(alike)
        if found is None:
            found = self.found[alike] = self._standing(alike)
        return found

    def _standing(self, ms: str) -> Standing:
        above, theirs = self.handed_down(ms), self.like
        if theirs is None:
            return self._on(above, ms)
        if self.repeats(theirs, ms):
            return theirs.standing(ms)
        mine = self._on(above, ms)
        return same if mine == (same := theirs.standing(ms)) else mine

    def repeats(self, other: "Layer", ms: str) -> bool:
        """Whether the same comes from above and the same is added to it: then the same holds. Nothing is worked out."""
        return self.added is other.added and self.handed_down(ms) == other.handed_down(ms)

    def _on(self, above: Standing, ms: str) -> Standing:
        allowed, denied, owner_allowed, owner_denied = above
        silent = True
        for part, people, owners in self.added:
            if not _speaks_of(part, ms):
                continue
            silent = False
            if part.effect == "allow":
                allowed, owner_allowed = allowed | people, owner_allowed or owners
            else:
                denied, owner_denied = denied | people, owner_denied or owners
        return above if silent else Standing(allowed, denied, owner_allowed, owner_denied)

    def handed_down(self, ms: str) -> Standing:
        """What comes from above: at a closed place, denies only."""
        above = self.above.standing(ms) if self.above else NOTHING
        if self.closed and (above.allowed or above.owner_allowed):
            return Standing(0, above.denied, owner_allowed=False, owner_denied=above.owner_denied)
        return above


class Sight:
    """Who may do `action` on a day, by these lines. Scopes of rules are the platform or organisations.

    With `like`, what that sight has worked out is used wherever it holds here too: its lines, crowd and day differ from
    these in nothing but the rules that name a node of `changed`, and the places of `changed`.
    """

    def __init__(
        self,
        lines: Lines,
        crowd: Crowd,
        today: date,
        action: str = "read",
        *,
        like: "Sight | None" = None,
        changed: frozenset[str] = frozenset(),
    ) -> None:
        self.lines, self.crowd, self.action = lines, crowd, action
        self._like, self._changed = like, changed
        self._today = today.isoformat()
        self._layers: dict[str, dict[str, Layer]] = {}
        self._additions: dict[str, dict[str, tuple[_Added, ...]]] = {}

    def at(self, place: str, ms: str) -> Standing:
        """What holds for a thing of that marking and state that lies at a place and that no line names."""
        return self.layer(place).standing(ms)

    def layer(self, place: str, organisation: str | None = None) -> Layer:
        """What holds at a place: the same object where the same holds, of this sight and of one that is `like` it.

        Whoever knows the organisation in which it lies says so.
        """
        inside = self.lines.tree.organisation_of(place) if organisation is None else organisation
        return self._layer(place, inside)

    def of(self, node: str, place: str, ms: str) -> Standing:
        """What holds for one thing, by its own node (`doc:ID`, `home:ID`, a folder's id) and its place."""
        organisation = self.lines.tree.organisation_of(place)
        above = self._layer(place, organisation)
        if node == place:
            return above.standing(ms)
        return Layer(above, self._added(node, organisation), closed=False).standing(ms)

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
        for rule in sorted(rules, key=telling):
            people = (owner if rule.who == DOCUMENT_OWNER else self._people(rule.who, organisation)) & seen
            if people:
                found.append(Because(rule, people))
                seen &= ~people
        return found

    def _layer(self, place: str, organisation: str) -> Layer:
        layers = self._layers.get(organisation)
        if layers is None:
            layers = self._layers[organisation] = {}
        found = layers.get(place)
        if found is None:
            found = layers[place] = self._made(place, organisation)
        return found

    def _made(self, place: str, organisation: str) -> Layer:
        here = self.lines.tree.get(place)
        if here is None:
            raise KeyError(place)
        above = self._layer(here.parent, organisation) if here.parent is not None else None
        added = self._added(place, organisation)
        if above is not None and not here.closed and not added:
            return above
        theirs = None
        if self._like is not None and self._like.lines.tree.get(place) is not None:
            theirs = self._like._layer(place, organisation)  # noqa: SLF001  # another sight's
            if theirs.added is added and theirs.above is above and theirs.closed == here.closed:
                return theirs
        return Layer(above, added, closed=here.closed, like=theirs)

    def _added(self, node: str, organisation: str) -> tuple[_Added, ...]:
        if self._like is not None and node not in self._changed:
            return self._like._added(node, organisation)  # noqa: SLF001  # another sight's
        if not self.lines.may_name(node, organisation):
            return ()
        kept = self._additions.setdefault(organisation, {})
        found = kept.get(node)
        if found is None:
            found = kept[node] = self._gathered(node, organisation)
        return found

    def _gathered(self, node: str, organisation: str) -> tuple[_Added, ...]:
        people: dict[_Part, int] = {}
        owners = set()
        for rule in self.lines.at(node, organisation):
            if self._holds(rule):
                part = _Part(rule.effect, rule.marking, rule.state)
                if rule.who == DOCUMENT_OWNER:
                    owners.add(part)
                people[part] = people.get(part, 0) | self._people(rule.who, organisation)
        for gift in self.lines.gifts.get(node, ()):
            if gift.scope in (ROOT, organisation) and self._speaks(gift.can, "allow", gift.until):
                part = _Part("allow", gift.marking, gift.state)
                people[part] = people.get(part, 0) | self.crowd.holders_of_any(gift.who)
        return tuple(_Added(part, held, part in owners) for part, held in people.items())

    def _holds(self, rule: Rule) -> bool:
        return self._speaks(rule.can, rule.effect, rule.until)

    def _speaks(self, can: str, effect: str, until: str) -> bool:
        """Whether a rule speaks of the action and of the day."""
        return covers(can, self.action, effect) and (until == "-" or self._today <= until)

    def _people(self, who: str, organisation: str) -> int:
        if who == DOCUMENT_OWNER:
            return 0
        if who == OWN_ORGANISATION:
            return self.crowd.staff_of(organisation)
        if who.startswith(EVERYONE_BUT):
            return without(self.crowd.everyone, self.crowd.holders(who.removeprefix(EVERYONE_BUT)))
        return self.crowd.holders(who)
