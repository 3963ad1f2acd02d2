"""The policy in force as one immutable snapshot, changed copy-on-write and swapped by one pointer."""

import hashlib
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from acl.cells import EVERYONE_BUT
from acl.directory import ROOT, Place, PlaceTree
from acl.groups import AudienceGroups, Exceptions, Grouping, Groups, audience_words, by_node, group, merge
from acl.rules import Fault, PolicyError, Rule, read_rules
from acl.visibility import Visibility

PLATFORM_FILE: Final = "platform.csv"
_ORGANISATION_FILE: Final = re.compile(r"(?:organisations/)?([a-z0-9]+(?:-[a-z0-9]+)*)\.csv")
_LEVEL: Final = 1
"""How hard texts are compressed: lines are so alike that the least effort leaves a tenth."""
_REMEMBERED: Final = 1_024
"""Visibilities: some 90 kB of what somebody with 300 grants may read, little of what else they may do."""
_SIGHTS: Final = 1_024
"""Those of 150 people, of each of whom seven things are asked: some 300 kB with their statements, for 300 grants."""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """An accepted policy file: its name, the node under which it acts, its text, its rules and the text's SHA-256."""

    name: str
    scope: str
    packed: bytes
    """The text; `text` unpacks it."""
    rules: tuple[Rule, ...]
    digest: str

    @property
    def text(self) -> str:
        """As it was accepted. Held compressed: decisions are made by the rules, and people seldom ask for the text."""
        return zlib.decompress(self.packed).decode()


def organisation_of(name: str) -> str | None:
    """The slug of the organisation whose policy file has this name; None for `platform.csv`.

    Raises PolicyError for a name that is neither `platform.csv` nor `organisations/SLUG.csv`.
    """
    if name == PLATFORM_FILE:
        return None
    if found := _ORGANISATION_FILE.fullmatch(name):
        return found[1]
    fault = Fault(name, 0, "", "is not a policy file's name. Call it platform.csv or organisations/SLUG.csv.")
    raise PolicyError([fault])


def adopt(name: str, content: bytes | str, scope: str) -> PolicyFile:
    """The policy file of that name and content; raises PolicyError with every fault, and then nothing of it is taken.

    `scope` is the organisation's node, or `platform` for `platform.csv` only.
    """
    if (organisation_of(name) is None) != (scope == ROOT):
        raise ValueError(f"{name} cannot have the scope {scope}")
    rules = read_rules(content, file=name, scope=scope)
    raw = content.encode() if isinstance(content, str) else content
    return PolicyFile(name, scope, zlib.compress(raw, _LEVEL), rules, hashlib.sha256(raw).hexdigest())


_Kept = TypeVar("_Kept")


class Remembered(Generic[_Kept]):
    """A small mapping that forgets the least recently used; safe between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Kept | None:
        """The value kept under the key, or None."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key]

    def put(self, key: Hashable, value: _Kept) -> None:
        """Keep a value, and forget the oldest where there are too many."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            if len(self._held) > self._size:
                self._held.popitem(last=False)


class Snapshot:
    """Every accepted file and the tree at one generation. Immutable: what it remembers only saves time.

    Grouped rules are made when first asked for, and carried to the next snapshot for the principals that an edit
    did not touch. `sights` is for its owner's use: whatever is worked out of a visibility and this tree.
    """

    __slots__ = (
        "_audience",
        "_exceptions",
        "_groups",
        "_merged",
        "_named",
        "files",
        "generation",
        "remembered",
        "sights",
        "tree",
    )

    def __init__(self, files: Mapping[str, PolicyFile], tree: PlaceTree, generation: int) -> None:
        self.files: Mapping[str, PolicyFile] = MappingProxyType(dict(files))
        self.tree = tree
        self.generation = generation
        self.remembered: Remembered[Visibility] = Remembered(_REMEMBERED)
        self.sights: Remembered[Any] = Remembered(_SIGHTS)
        self._groups: dict[str, Groups] = {}
        self._named: dict[str, Mapping[str, tuple[Rule, ...]]] = {}
        self._merged: dict[str, Grouping] = {}
        self._exceptions: Exceptions | None = None
        self._audience = AudienceGroups.of(tree)

    def with_files(self, changed: Mapping[str, PolicyFile | None], generation: int) -> "Snapshot":
        """The snapshot after these files were accepted (None: removed)."""
        files = {name: file for name, file in self.files.items() if name not in changed}
        files.update((name, file) for name, file in changed.items() if file is not None)
        return self._next(generation, files=files, stale=frozenset(changed))

    def with_places(self, changed: Iterable[Place], removed: Iterable[str], generation: int) -> "Snapshot":
        """The snapshot after these places were added, changed or removed; raises ValueError as PlaceTree does."""
        places, gone = tuple(changed), tuple(removed)
        tree = self.tree.with_changes(places, gone)
        touched = {*gone, *(place.id for place in places)}
        paths = {place.path for node in touched for place in (self.tree.get(node), tree.get(node)) if place}
        stale = frozenset(
            name
            for name, file in self.files.items()
            if file.scope in touched or not paths.isdisjoint(self._grouped(name).paths)
        )
        audience = self._audience.changed(self.tree, tree, touched)
        words = audience_words(self.tree, touched) | audience_words(tree, touched)
        return self._next(generation, tree=tree, stale=stale, audience=audience, words=words)

    def merged(self, word: str) -> Grouping:
        """The rules that name a principal's word: signature and remaining scope -> nodes."""
        found = self._merged.get(word)
        if found is None:
            parts = [groups.words[word] for groups in self._all_groups() if word in groups.words]
            found = merge(parts)
            if found:  # words without rules are too many to keep
                self._merged[word] = found
        return found

    def merged_where(self, word: str, trusts: Callable[[str, str], bool]) -> Grouping:
        """The same, with the allows of only those scopes that the word trusts."""
        parts = []
        for name, groups in ((name, self._grouped(name)) for name in self.files):
            held = groups.words.get(word, {})
            if not trusts(word, self.files[name].scope):
                held = {key: nodes for key, nodes in held.items() if key[0].effect == "deny"}
            parts.append(held)
        return merge(parts)

    def scopes_allowing(self, word: str) -> frozenset[str]:
        """The scopes of the files that allow a word anything, also on places that are not there (yet)."""
        return frozenset(file.scope for name, file in self.files.items() if word in self._grouped(name).allowed)

    def exceptions(self) -> Exceptions:
        """The denies for `everyone-but:`, of all words together."""
        found = self._exceptions
        if found is None:
            found = self._exceptions = Exceptions.of(self._all_groups())
        return found

    def rules_at(self, name: str) -> Mapping[str, tuple[Rule, ...]]:
        """A file's rules by the node that their `where` names; lines whose place does not exist are left out."""
        found = self._named.get(name)
        if found is None:
            found = self._named[name] = by_node(self.files[name].rules, self.tree)
        return found

    def _all_groups(self) -> list[Groups]:
        return [self._audience.groups, *map(self._grouped, self.files)]

    def _grouped(self, name: str) -> Groups:
        found = self._groups.get(name)
        if found is None:
            found = self._groups[name] = group(self.files[name].rules, self.tree)
        return found

    def _next(
        self,
        generation: int,
        *,
        stale: frozenset[str],
        files: dict[str, PolicyFile] | None = None,
        tree: PlaceTree | None = None,
        audience: AudienceGroups | None = None,
        words: Iterable[str] = (),
    ) -> "Snapshot":
        """The next snapshot: `stale` files are grouped afresh, and what names no touched word is carried over."""
        new = object.__new__(Snapshot)
        new.files = self.files if files is None else MappingProxyType(files)
        new.tree, new.generation = tree or self.tree, generation
        new.remembered, new.sights = Remembered(_REMEMBERED), Remembered(_SIGHTS)
        new._audience = audience or self._audience
        new._groups = {name: groups for name, groups in self._groups.copy().items() if name not in stale}
        new._named = {name: rules for name, rules in self._named.copy().items() if name not in stale}
        if len(self._groups) < len(self.files):  # not yet used: nothing is worth carrying
            new._merged, new._exceptions = {}, None
            return new
        touched = set(words)
        for name in stale:
            before = self._groups[name].words if name in self.files else {}
            after = new._grouped(name).words if name in new.files else {}
            touched |= {word for word in before.keys() | after.keys() if before.get(word) != after.get(word)}
        new._merged = {word: held for word, held in self._merged.copy().items() if word not in touched}
        new._exceptions = None if any(word.startswith(EVERYONE_BUT) for word in touched) else self._exceptions
        return new


class Store:
    """Holds the snapshot in force. A reader takes `current` once and judges everything by it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._current = snapshot
        self._lock = threading.Lock()

    @property
    def current(self) -> Snapshot:
        """The snapshot in force."""
        return self._current

    def put(self, snapshot: Snapshot) -> None:
        """Put a snapshot in force, unless a later generation already is."""
        with self._lock:
            if snapshot.generation >= self._current.generation:
                self._current = snapshot
