"""Which deny makes a line void: found by whom and what it names, never by asking every deny."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from acl.cells import ALL_STAFF
from acl.directory import PlaceTree
from acl.rules import Rule
from acl.vocabulary import MARKINGS, marked

_NEVER = "9999-12-31"
"""Sorts behind every day on which a line can end."""


class _Rest(NamedTuple):
    """The columns of a deny by which it may still leave something of a line that names what it names."""

    scope: str
    marking: str
    state: str


class _Lasting:
    """Denies alike but for their end: those that last longer than all before them, in order."""

    def __init__(self) -> None:
        self._ends: list[str] = []
        self._held: list[tuple[int, Rule]] = []

    def add(self, order: int, deny: Rule) -> None:
        end = _end(deny)
        if not self._ends or end > self._ends[-1]:
            self._ends.append(end)
            self._held.append((order, deny))

    def first(self, until: str) -> tuple[int, Rule] | None:
        """The first that lasts so long."""
        at = bisect_left(self._ends, until)
        return self._held[at] if at < len(self._held) else None


class Shadows:
    """The denies that are in force, by the words, the action and the node that they name."""

    def __init__(self, denies: Iterable[Rule], tree: PlaceTree) -> None:
        self._tree = tree
        self._held: dict[tuple[str, str, str], dict[_Rest, _Lasting]] = {}
        for order, deny in enumerate(denies):
            node = tree.resolve(deny.where, deny.scope)
            if node is not None:
                alike = self._held.setdefault((deny.who, deny.can, node), {})
                alike.setdefault(_Rest(deny.scope, deny.marking, deny.state), _Lasting()).add(order, deny)

    def of(self, allow: Rule) -> Rule | None:
        """The first deny by which everything that a line allows is denied, for as long as the line lasts."""
        found = min(self._found(allow), key=lambda pair: pair[0], default=None)
        return found[1] if found else None

    def _found(self, allow: Rule) -> Iterator[tuple[int, Rule]]:
        tree, below = self._tree, self._tree.resolve(allow.where, allow.scope)
        if below is None or not self._held:
            return
        within = tree.chain(below) if tree.get(below) is not None else [below]
        # a deny of edit leaves the reading that an allow of edit brings; only one of the least action voids it
        can = "administer" if allow.can == "administer" else "read"
        for who in _including(allow.who):
            for node in within:
                for rest, lasting in self._held.get((who, can, node), {}).items():
                    inside = rest.scope in within or (node == below and rest.scope == allow.scope)
                    if inside and _includes(rest, allow) and (first := lasting.first(_end(allow))):
                        yield first


def _including(who: str) -> Iterator[str]:
    """The words of a deny that mean everybody whom this word means."""
    yield who
    kind, _, name = who.partition(":")
    if kind != "guest" and who != ALL_STAFF:
        yield ALL_STAFF
    if kind == "person":
        yield f"org:{name.partition('/')[0]}"


def _includes(rest: _Rest, allow: Rule) -> bool:
    if rest.state not in ("any", allow.state):
        return False
    return all(marked(marking, rest.marking) for marking in MARKINGS if marked(marking, allow.marking))


def _end(rule: Rule) -> str:
    return _NEVER if rule.until == "-" else rule.until
