"""The tree of places and what a subject holds: plain values that the hub fills and every decision reads."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Final

from acl.cells import ALL_STAFF, EVERYONE_BUT, MAX_DEPTH, SPECIAL
from acl.rules import PLATFORM, Rule
from acl.vocabulary import AUDIENCES, CLOSED_AUDIENCES, PEOPLE, THINGS, VOICES

ROOT: Final = PLATFORM
"""The node of the platform, root of the tree."""
GONE: Final = "gone"
"""The kind of a space or folder that was deleted by somebody to whom it looked empty; something may lie in it still."""
KINDS: Final = frozenset({"platform", "organisation", "space", "folder", GONE})

_HANDLE: Final = re.compile(r"(person|guest):([a-z0-9-]+)/([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation, space or folder (or what is left of one), or the platform itself.

    `id` is opaque and canonical, `parent` None only for the platform, `path` the slugs from the organisation down
    (empty for the platform), `audience` one of the four words for a space, gone or not, and empty otherwise. `told` is
    whatever its owner keeps beside it; nothing here reads it. `voices` says who may write in a space beside those to
    whom that was given (`acl/groups.py`); empty is nobody, as `members` is.
    """

    id: str
    parent: str | None
    path: str
    kind: str
    audience: str = ""
    told: object = field(default=None, compare=False, repr=False)
    voices: str = ""

    @property
    def closed(self) -> bool:
        """Whether the inheritance of allows stops here."""
        return self.audience in CLOSED_AUDIENCES


PLATFORM_PLACE: Final = Place(ROOT, None, "", "platform")


class PlaceTree:
    """All places, immutable; a changed tree shares what did not change with the one it came from.

    Raises ValueError for a cycle, a parent that does not exist, a depth over 32, a path that is not its parent's path
    and a slug, and two places with one path.
    """

    __slots__ = ("_by_path", "_children", "_places")

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._places: dict[str, Place] = {ROOT: PLATFORM_PLACE}
        self._by_path: dict[str, str] = {}
        self._children: dict[str, frozenset[str]] = {}
        self._apply({place.id: place for place in places if place != PLATFORM_PLACE}, ())

    def with_changes(self, changed: Iterable[Place], removed: Iterable[str]) -> "PlaceTree":
        """A tree with these places added or replaced and those ids gone.

        Whoever moves or renames a place gives every place beneath it too, since their paths change.
        """
        tree = object.__new__(PlaceTree)
        tree._places = self._places.copy()
        tree._by_path = self._by_path.copy()
        tree._children = self._children.copy()
        tree._apply({place.id: place for place in changed}, tuple(removed))
        return tree

    def get(self, node: str) -> Place | None:
        """The place of that node, or None; the node of an organisation's people is one while the organisation is."""
        found = self._places.get(node)
        return found if found is not None or not node.startswith(PEOPLE) else self._people(node)

    def __len__(self) -> int:
        return len(self._places)

    def places(self) -> Iterable[Place]:
        """Every place, the platform included."""
        return self._places.values()

    def children(self, node: str) -> frozenset[str]:
        """The ids directly beneath a place."""
        return self._children.get(node, frozenset())

    def descendants(self, node: str) -> list[str]:
        """The ids of every place beneath a place, parents before children."""
        found = sorted(self.children(node))
        for child in found:  # the list grows while it is walked
            found.extend(sorted(self.children(child)))
        return found

    def around(self, nodes: Iterable[str]) -> frozenset[str]:
        """All places at which a thing may lie, or beneath which it does, that lies somewhere in one of these."""
        return frozenset(each for node in nodes for each in (*self.within(node), *self.descendants(node)))

    def resolve(self, where: str, scope: str) -> str | None:
        """The node that a rule's `where` names; None where no such place is."""
        if where == "*":
            return scope
        prefix, colon, node = where.partition(":")
        if not colon:
            return self._by_path.get(where)
        if prefix == "node":
            return intern(node)  # held once, however many people are given it
        if where.startswith(PEOPLE):
            people = f"{PEOPLE}{self._by_path.get(node, '')}"
            return people if self.get(people) is not None else None
        return where if prefix in THINGS else None

    def within(self, node: str) -> frozenset[str]:
        """A place's own node and all its ancestors up to the platform; raises KeyError for an unknown place."""
        return frozenset(self.chain(node))

    def reach(self, node: str) -> frozenset[str]:
        """A place's own node and its ancestors up to the first private or confidential space."""
        found = []
        at: str | None = node
        while at is not None:
            place = self._at(at)
            found.append(at)
            at = None if place.closed else place.parent
        return frozenset(found)

    def chain(self, node: str) -> list[str]:
        """A place's own node, its parent and so on up to the platform, in that order."""
        found = []
        at: str | None = node
        while at is not None:
            found.append(at)
            at = self._at(at).parent
        return found

    def path_of(self, node: str) -> str:
        """The path of a place as people type it; empty for the platform. Raises KeyError for an unknown place."""
        return self._at(node).path

    def organisation_of(self, node: str) -> str:
        """The organisation above or at a place, or an empty string."""
        at: str | None = node
        while at is not None:
            place = self._at(at)
            if place.kind == "organisation":
                return at
            at = place.parent
        return ""

    def _at(self, node: str) -> Place:
        place = self.get(node)
        if place is None:
            raise KeyError(node)
        return place

    def _people(self, node: str) -> Place | None:
        """Kept nowhere: there is one for each organisation, and none elsewhere."""
        above = self._places.get(node.removeprefix(PEOPLE))
        if above is None or above.kind != "organisation":
            return None
        return Place(node, above.id, f"{PEOPLE}{above.path}", "people")

    def _apply(self, changed: Mapping[str, Place], removed: tuple[str, ...]) -> None:
        self._part([self._forget(node) for node in removed])
        self._part([self._forget(node) for node in changed if node in self._places])
        for place in changed.values():
            self._add(place)
        self._join(changed.values())
        for place in changed.values():
            self._check(place)
        for node in removed:
            if node not in self._places and self._children.get(node):
                raise ValueError(f"place {node} is removed but places beneath it are not")

    def _part(self, places: Iterable[Place]) -> None:
        """Take places from those in which they lie: a set is copied once, however many leave it."""
        for above, nodes in _by_parent(places).items():
            self._children[above] = self._children[above] - nodes

    def _join(self, places: Iterable[Place]) -> None:
        """Put places into those in which they lie, alike."""
        for above, nodes in _by_parent(places).items():
            self._children[above] = self._children.get(above, frozenset()) | nodes

    def _forget(self, node: str) -> Place:
        place = self._places.get(node)
        if place is None or place.parent is None:
            raise ValueError(f"no place {node} to change or remove" if place is None else "the platform cannot change")
        del self._places[node]
        if self._by_path.get(place.path) == node:
            del self._by_path[place.path]
        return place

    def _add(self, place: Place) -> None:
        if place.parent is None or place.kind not in KINDS - {"platform"} or not place.path:
            raise ValueError(f"place {place.id} needs a parent, a path and a kind other than the platform's")
        if (place.audience in AUDIENCES) != (place.kind == "space") and place.kind != GONE:
            raise ValueError(
                f"place {place.id}: spaces, and only they, have an audience (one of {', '.join(AUDIENCES)})"
            )
        if place.voices and (place.voices not in VOICES or not place.audience):
            raise ValueError(f"place {place.id}: spaces, and only they, have voices (one of {', '.join(VOICES)})")
        if self._by_path.setdefault(place.path, place.id) != place.id:
            raise ValueError(f"two places have the path {place.path}")
        self._places[place.id] = place

    def _check(self, place: Place) -> None:
        depth, at = 1, place
        while at.parent is not None:
            above = self._places.get(at.parent)
            if above is None:
                raise ValueError(f"place {at.id} lies in {at.parent}, which does not exist")
            depth, at = depth + 1, above
            if depth > MAX_DEPTH:
                raise ValueError(f"place {place.id} lies in itself or deeper than {MAX_DEPTH} levels")
        self._check_path(place)
        for child in self.children(place.id):
            self._check_path(self._places[child])

    def _check_path(self, place: Place) -> None:
        above = self._places[place.parent or ROOT]
        prefix, _, slug = place.path.rpartition("/")
        if prefix != above.path or not slug:
            raise ValueError(f"place {place.id} has the path {place.path}, but lies in {above.path or 'the platform'}")


def _by_parent(places: Iterable[Place]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for place in places:
        if place.parent is not None:
            found.setdefault(place.parent, set()).add(place.id)
    return found


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks. Build with `subject_for`.

    `id` is the handle; `orgs` the organisation nodes of which they are staff (empty for guests); `holds` every `who`
    word held; `grants` the rules of their memberships, shares and guest admissions. What others allow a word of
    `waiting` is not in force, what they deny it is: see `trusts`.
    """

    id: str
    orgs: frozenset[str]
    holds: frozenset[str]
    grants: tuple[Rule, ...] = ()
    waiting: frozenset[str] = frozenset()
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        """Refuse words that cannot be held: a held `own-organisation` would match every object."""
        for word in self.holds:
            if word in SPECIAL or word.startswith(EVERYONE_BUT):
                raise ValueError(f"nobody can hold {word}")
        object.__setattr__(self, "_hash", hash((self.id, self.orgs, self.holds, self.grants, self.waiting)))

    def __hash__(self) -> int:
        """Worked out once: what is remembered of a subject is looked up in each request, by up to 2,000 grants."""
        return self._hash

    def trusts(self, word: str, scope: str) -> bool:
        """Whether what rules of a scope allow a held word is in force.

        Of a waiting word, what the subject's own organisation allows is; and what other organisations, though not the
        platform, allow a group of its: they let that organisation say who is meant.
        """
        if word not in self.waiting or scope in self.orgs:
            return True
        own = f"group:{self.id.partition(':')[2].partition('/')[0]}/"
        return scope != ROOT and word.startswith(own)

    def waits_for(self, rule: Rule) -> bool:
        """Whether a rule that names the subject is not in force for them."""
        return rule.effect == "allow" and not self.trusts(rule.who, rule.scope)


def subject_for(
    handle: str,
    *,
    organisations: Mapping[str, str] | None = None,
    groups: Iterable[str] = (),
    grants: Iterable[Rule] = (),
) -> Subject:
    """What a person or guest holds, by handle (`person:leeds/sam-okafor` or `guest:acme/maria-lopez`).

    `organisations` maps the slug of each organisation of which they are staff to its node; `groups` are names such as
    `leeds/legal`. A guest holds the one handle and nothing else. Raises ValueError for anything that breaks this.
    """
    staff_of = dict(organisations or {})
    named = tuple(groups)
    if not (found := _HANDLE.fullmatch(handle)):
        raise ValueError(f"not a handle such as person:leeds/sam-okafor: {handle}")
    if found[1] == "guest":
        if staff_of or named:
            raise ValueError(f"{handle} is a guest and can be neither staff of an organisation nor in a group")
        return Subject(handle, frozenset(), frozenset({handle}), tuple(grants))
    held = {handle, *(f"group:{name}" for name in named), *(f"org:{slug}" for slug in staff_of)}
    if staff_of:
        held.add(ALL_STAFF)
    return Subject(handle, frozenset(staff_of.values()), frozenset(held), tuple(grants))
