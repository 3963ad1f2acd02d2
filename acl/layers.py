"""What holds at a node, for everybody at once: whom lines allow and deny there, by marking and state.

A set of people is an `int` with one bit for each of them. What the same rules say under the same rules above is the
same `Standing`, and markings and states that no line tells apart are judged as one.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES, marked

MARKINGS_AND_STATES: Final = tuple(joined(*pair) for pair in product(MARKINGS, STATES))
_ONE: Final = (MARKINGS_AND_STATES[0],) * len(MARKINGS_AND_STATES)


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


class Part(NamedTuple):
    """The columns of a rule by which things are told apart once it is known whom it means."""

    effect: str
    marking: str
    state: str


class Added(NamedTuple):
    """What the rules that name one node add to what holds above it: to things of which marking and state, for whom."""

    part: Part
    people: int
    owners: bool


@lru_cache(4_096)
def _speaks_of(part: Part, ms: str) -> bool:
    marking, state = ms.rsplit(".", 1)
    return marked(marking, part.marking) and part.state in ("any", state)


Shape = tuple[str, ...]
"""For each marking and state of MARKINGS_AND_STATES the first one that all lines so far treat alike."""


@lru_cache(4_096)
def _refined(above: Shape, parts: tuple[Part, ...]) -> Mapping[str, str]:
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
        self, above: "Layer | None", added: tuple[Added, ...], *, closed: bool, like: "Layer | None" = None
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
