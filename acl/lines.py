"""Every rule that may speak of a thing, found by the node that it names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from acl.directory import ROOT, PlaceTree
from acl.groups import audience_rules, by_node
from acl.rules import Rule
from acl.store import Snapshot
from acl.vocabulary import HOME


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
        there = tree or snapshot.tree
        return cls(snapshot, there, by_node(grants, there), moved, gifts or {})

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
        place = self.tree.get(node.removeprefix(HOME))
        return place is not None and bool(place.audience)

    def at(self, node: str, organisation: str) -> Iterator[Rule]:
        """The rules that name a node and may speak of things of this organisation (empty: of none)."""
        for file in self.files_for(organisation):
            yield from file.get(node, ())
        place = self.tree.get(node.removeprefix(HOME))
        audience = audience_rules(place, self.tree) if place and place.audience else ()
        for rule in (*audience, *self.grants.get(node, ())):
            if rule.scope in (ROOT, organisation) and self.tree.resolve(rule.where, rule.scope) == node:
                yield rule

    def _at(self, name: str) -> Mapping[str, tuple[Rule, ...]]:
        if not self.moved:
            return self.snapshot.rules_at(name)
        found = self._resolved.get(name)
        if found is None:
            found = self._resolved[name] = by_node(self.snapshot.files[name].rules, self.tree)
        return found
