"""Rules grouped by principal: what differs only in the place becomes one set of nodes.

A rule's `where` is resolved against the tree here, and the tree drops the scope condition that it implies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from acl.cells import EVERYONE_BUT, SPECIAL
from acl.directory import ROOT, Place, PlaceTree
from acl.rules import Rule
from acl.vocabulary import HOME, PEOPLE

HELD: Final = "held"
"""Stands in a signature for any `who` that a subject holds."""


class Signature(NamedTuple):
    """The columns of a rule that do not name a place; `who` is a special word or HELD."""

    effect: str
    who: str
    can: str
    marking: str
    state: str
    until: str


Key = tuple[Signature, str]
"""A signature, and the scope that stays a condition (empty where the tree implies it)."""
Grouping = Mapping[Key, frozenset[str]]
"""The nodes that the rules of one principal name, by everything else."""


@dataclass(frozen=True, slots=True)
class Groups:
    """One file's rules by principal's word, the paths that they name, and the words that they allow anything."""

    words: Mapping[str, Grouping]
    paths: frozenset[str]
    allowed: frozenset[str] = frozenset()


def by_node(rules: Iterable[Rule], tree: PlaceTree) -> Mapping[str, tuple[Rule, ...]]:
    """The rules by the node that their `where` names; those whose place does not exist are left out."""
    held: dict[str, list[Rule]] = {}
    for rule in rules:
        node = tree.resolve(rule.where, rule.scope)
        if node is not None:
            held.setdefault(node, []).append(rule)
    return {node: tuple(named) for node, named in held.items()}


def word_of(rule: Rule, organisation: str) -> str:
    """The word under which a rule is found.

    An allow for `own-organisation` or `document-owner` within one organisation is kept under that organisation: an
    object belongs to the organisation it lies in, so for the staff of others such a line can never hold. (Were an
    object ever to contradict this, it would be shown to fewer people, not to more; denies are never set aside.)
    """
    if rule.who in SPECIAL and rule.effect == "allow" and organisation:
        return f"{rule.who} {organisation}"
    return rule.who


def group(rules: Iterable[Rule], tree: PlaceTree) -> Groups:
    """The rules by principal; a rule whose place does not exist, or lies outside its scope, can match nothing."""
    words: dict[str, dict[Key, set[str]]] = {}
    keys: dict[Key, Key] = {}
    paths, allowed = set(), set()
    seats: dict[tuple[str, str], tuple[str, str, str] | None] = {}
    for rule in rules:
        where = rule.where
        paths.add(where.removeprefix(PEOPLE))
        if rule.effect == "allow":
            allowed.add(rule.who)
        seat = seats.get((where, rule.scope), ())
        if seat == ():
            seat = seats[where, rule.scope] = _seat(where, rule.scope, tree)
        if not seat:
            continue
        node, scope, organisation = seat
        who = rule.who if rule.who in SPECIAL else HELD
        signature = Signature(rule.effect, who, rule.can, rule.marking, rule.state, rule.until)
        held = words.setdefault(word_of(rule, organisation), {})
        key = signature, scope
        held.setdefault(keys.setdefault(key, key), set()).add(node)
    alike: dict[frozenset[str], frozenset[str]] = {}  # many words mean the same places
    frozen = {word: {key: frozenset(nodes) for key, nodes in held.items()} for word, held in words.items()}
    return Groups(
        {word: {key: alike.setdefault(nodes, nodes) for key, nodes in held.items()} for word, held in frozen.items()},
        frozenset(paths),
        frozenset(allowed),
    )


def _seat(where: str, scope: str, tree: PlaceTree) -> tuple[str, str, str] | None:
    """Node, scope condition that is left, and organisation of a rule's place; None where nothing can lie in both."""
    node = tree.resolve(where, scope)
    if node is None:
        return None
    place = tree.get(node.removeprefix(HOME))
    if place is None:  # a document or a person: only the object itself knows where it lies
        return node, scope, ""
    if scope in tree.within(place.id):
        return node, "", tree.organisation_of(place.id)
    if tree.get(scope) is not None and node in tree.within(scope):
        return node, scope, tree.organisation_of(scope)
    return None


def merge(parts: list[Grouping]) -> Grouping:
    """The groupings of several files as one."""
    if len(parts) == 1:
        return parts[0]
    held: dict[Key, list[frozenset[str]]] = {}
    for part in parts:
        for key, nodes in part.items():
            held.setdefault(key, []).append(nodes)
    return {key: many[0] if len(many) == 1 else frozenset().union(*many) for key, many in held.items()}


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The denies for `everyone-but:X` of all X: the nodes by key, and for each node the X that name it."""

    words: frozenset[str]
    nodes: Grouping
    named: Mapping[Key, Mapping[str, frozenset[str]]]

    @classmethod
    def of(cls, groups: Iterable[Groups]) -> "Exceptions":
        """The denies of these files."""
        named: dict[Key, dict[str, set[str]]] = {}
        words = set()
        for one in groups:
            for word, grouping in one.words.items():
                if not word.startswith(EVERYONE_BUT):
                    continue
                held = word.removeprefix(EVERYONE_BUT)
                words.add(held)
                for key, nodes in grouping.items():
                    at = named.setdefault(key, {})
                    for node in nodes:
                        at.setdefault(node, set()).add(held)
        return cls(
            frozenset(words),
            {key: frozenset(at) for key, at in named.items()},
            {key: {node: frozenset(held) for node, held in at.items()} for key, at in named.items()},
        )

    def for_holder(self, holds: frozenset[str]) -> Grouping:
        """The denies that reach whoever holds just these words."""
        spared = self.words & holds
        if not spared:
            return self.nodes
        left: dict[Key, frozenset[str]] = {}
        for key, nodes in self.nodes.items():
            named = self.named[key]
            out = [node for node, held in named.items() if not held.isdisjoint(spared) and held <= spared]
            left[key] = nodes.difference(out) if out else nodes
        return left


_AUDIENCES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "open": ("all-staff", "node:{}", "up to OFFICIAL", "This space is open to all staff"),
    "restricted": ("all-staff", "node:home:{}", "any", "All staff may see that this space exists"),
    "private": ("own-organisation", "node:home:{}", "any", "Its own organisation may see that this space exists"),
}
"""Audience -> who may read, what, with which marking, and the reason; a confidential space adds nothing."""
VOICE: Final = "voices:"
"""What the file of a rule begins with that a space's voices stand for; its path follows."""
_VOICES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("open", "staff"): ("all-staff", "Who may write here: all staff"),
    ("open", "organisation"): ("org:{}", "Who may write here: staff of the organisation that owns it"),
}
"""Audience and voices -> who may comment (with the slug of the organisation that owns it), and the reason.

To comment is to read. So a pair is here only where the audience lets the same people read the same things; any other
adds nothing.
"""


def voices_fit(audience: str, voices: str) -> bool:
    """Whether whom voices name may write under an audience; members always may."""
    return voices in ("", "members") or (audience, voices) in _VOICES


def audience_rules(place: Place, tree: PlaceTree) -> tuple[Rule, ...]:
    """The rules that a place's audience stands for, and who may write there."""
    if place.audience not in _AUDIENCES:
        return ()
    who, where, marking, reason = _AUDIENCES[place.audience]
    scope, file = tree.organisation_of(place.id) or ROOT, f"audience:{place.path}"
    read = Rule(scope, "allow", who, "read", where.format(place.id), marking, "published", "-", reason, file, 0)
    if (place.audience, place.voices) not in _VOICES:
        return (read,)
    who, reason = _VOICES[place.audience, place.voices]
    whom = who.format(tree.path_of(scope))
    return read, replace(read, who=whom, can="comment", reason=reason, file=f"{VOICE}{place.path}")


def audience_words(tree: PlaceTree, nodes: Iterable[str]) -> set[str]:
    """The words under which the audiences of these places are grouped."""
    return {word for node in nodes for word, _, _ in _audience_seats(tree, node)}


def _audience_seats(tree: PlaceTree, node: str) -> list[tuple[str, Key, str]]:
    place = tree.get(node)
    if place is None or not place.audience:
        return []
    grouped = group(audience_rules(place, tree), tree)
    return [
        (word, key, named)
        for word, grouping in grouped.words.items()
        for key, nodes in grouping.items()
        for named in nodes
    ]


@dataclass(frozen=True, slots=True)
class AudienceGroups:
    """The audiences of all spaces, grouped like a file; a change copies only the sets that it touches."""

    groups: Groups

    @classmethod
    def of(cls, tree: PlaceTree) -> "AudienceGroups":
        """The audiences of every space of a tree."""
        rules = [rule for place in tree.places() if place.audience for rule in audience_rules(place, tree)]
        return cls(Groups(group(rules, tree).words, frozenset()))

    def changed(self, before: PlaceTree, after: PlaceTree, touched: Iterable[str]) -> "AudienceGroups":
        """The audiences after the places of these ids changed, were added or went."""
        nodes = tuple(touched)
        gone = [seat for node in nodes for seat in _audience_seats(before, node)]
        come = [seat for node in nodes for seat in _audience_seats(after, node)]
        words = {word: dict(self.groups.words.get(word, {})) for word, _, _ in (*gone, *come)}
        for removing, seats in ((True, gone), (False, come)):
            by_key: dict[tuple[str, Key], set[str]] = {}
            for word, key, node in seats:
                by_key.setdefault((word, key), set()).add(node)
            for (word, key), named in by_key.items():
                held = words[word].get(key, frozenset())
                words[word][key] = held - named if removing else held | named
        kept = {**self.groups.words, **{w: {k: n for k, n in g.items() if n} for w, g in words.items()}}
        return AudienceGroups(Groups(kept, frozenset()))
