"""Who may read a thing as it is or as it would be: not people counted, but the lines of policy that say so.

Each line that speaks of it is taken, whoever it is for; so the list is as short as the policy is plain.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from sqlalchemy import select

from acl.audience import Because, Sight
from acl.explain import whom
from acl.groups import VOICE, audience_rules
from acl.layers import without
from acl.misses import spoken
from acl.rules import Rule
from acl.visibility import Object, checker, joined
from acl.vocabulary import PERSON, SOMEBODY, covers, marked
from hub.access.crowd import Crowd
from hub.access.judged import NEW, judge_at
from hub.access.known import names_told
from hub.access.known_crowd import AsKnown
from hub.access.models import Grant
from hub.access.names import Names, source_of
from hub.access.subjects import as_rule
from hub.access.this_request import ThisRequest
from hub.access.viewer import Viewer
from hub.audience.changes import in_words
from hub.audience.foreseeing import sight_at
from hub.audience.looking import GRANT_COLUMNS
from hub.audience.reach import given_around, kept_with_people
from hub.things.thing import Lying
from hub.things.words import counted

EDITORS = ("edit", "manage")
MOST_NAMED = 6
"""So many people to whom it was given are named in a sentence."""
KEPT_OUT = " A line of policy keeps others out."


@dataclass(frozen=True, slots=True)
class Reader:
    """Some who may read, or who may not: "everyone at York (until 31 March 2027)", and the line that says so."""

    whom: str
    source: str
    """Empty for those who may edit but do not manage: file and line are not for them."""
    reason: str
    """Of what keeps people out, likewise."""
    new: bool = False
    """Whether they may not read it yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who will be able to read a thing after a change, who no longer will, and whom a line keeps out."""

    readers: tuple[Reader, ...]
    lost: tuple[Reader, ...]
    kept_out: tuple[Reader, ...]


def as_it_would_be(viewer: Viewer, thing: Lying, marking: str, state: str) -> Object | None:
    """A thing as policy would see it with that marking and state."""
    judged = thing.judged(viewer.snapshot)
    return replace(judged, marking=marking, state=state) if judged else None


def new_at(viewer: Viewer, place_id: str, marking: str, state: str) -> Object | None:
    """A thing of the viewer's, not saved yet, at a place."""
    owner = viewer.subject.id
    return judge_at(place_id, NEW, owner=owner, marking=marking, state=state, snapshot=viewer.snapshot)


def may_edit(viewer: Viewer, judged: Object | None) -> bool:
    """Whether the viewer could edit a thing with these attributes: asked of the gate, as for every write."""
    viewer.asked = True
    decision = viewer.judge("edit", judged) if judged is not None else None
    return decision is not None and decision.allowed


def change_of(viewer: Viewer, thing: Lying, after: Object) -> Change:
    """What becoming `after` means for the readers of a thing: the lines that then let somebody read it.

    A line that lets nobody in whom another does not keep out promises nothing, and is not among them.
    """
    before = thing.judged(viewer.snapshot)
    rules = _rules(viewer, after)
    then = [rule for rule in rules if _fits(viewer, rule, after)]
    now = [rule for rule in rules if before is not None and _fits(viewer, rule, before)]
    names = names_told(viewer, tuple({*then, *now}))
    sight, owner, _ = _sight(viewer, thing.place_id, after, rules)
    letting = {each.rule for each in sight.letting_in(after.node, thing.place_id, _ms(after), owner)}
    known = {rule.who for rule in now if rule.effect == "allow"}
    stay = {rule.who for rule in then if rule in letting}
    return Change(
        readers=tuple(_told(viewer, (r for r in then if r in letting), names, after, known)),
        lost=tuple(_told(viewer, (r for r in _allows(now) if r.who not in stay), names, after)),
        kept_out=tuple(_told(viewer, (r for r in then if r.effect == "deny"), names, after)),
    )


def sentences_for(viewer: Viewer, place_id: str, things: Sequence[Object]) -> list[str]:
    """Who may read each of some things that are one but for marking and state, as they would lie at a place.

    "Everyone at York and those who may edit here can read it: 27 people in 2 organisations." Nobody is promised whom a
    line of policy keeps out.
    """
    if not things:
        return []
    first = things[0]  # what was given is given on all of them alike, or on none
    given = given_around(viewer, first.node, place_id, first.within)
    key = (place_id, tuple((thing.node, _ms(thing), thing.owner) for thing in things), given)
    told = kept_with_people(viewer, key, lambda: _all_told(viewer, place_id, things))
    plain = tuple({rule for each in told for rule in each.shown})
    names = names_told(viewer, plain) if plain else Names()
    return [_sentence(viewer, each, names, thing) for each, thing in zip(told, things, strict=True)]


class _Told(NamedTuple):
    """What one sentence is made of, but for names."""

    people: str
    """How many, in words; empty for nobody."""
    shown: tuple[Rule, ...]
    """The lines that it tells, of those who may read but not edit."""
    more: int
    """How many others are let in by name."""
    editors: bool
    """Whether those who may edit are let in besides."""
    kept_out: bool


def _all_told(viewer: Viewer, place_id: str, things: Sequence[Object]) -> list[_Told]:
    sight, owner, crowd = _sight(viewer, place_id, things[0], _rules(viewer, things[0]))
    told = []
    for thing in things:
        letting = sight.letting_in(thing.node, place_id, _ms(thing), owner)
        everybody = reduce(or_, (people for _, people in letting), 0)
        others, shown = _readers(letting), _shown(letting)
        told.append(
            _Told(
                people=in_words(crowd.directory, crowd.others, everybody) if everybody else "",
                shown=tuple(shown),
                more=len({rule.who for rule in others} - {rule.who for rule in shown}),
                editors=len(others) < len(letting),
                kept_out=bool(without(sight.of(thing.node, place_id, _ms(thing)).allowed, everybody)),
            )
        )
    return told


def _sentence(viewer: Viewer, told: _Told, names: Names, judged: Object) -> str:
    kept_out = KEPT_OUT if told.kept_out else ""
    if not told.people:
        return f"Nobody can read it.{kept_out}"
    parts = list(dict.fromkeys(_whom(viewer, rule, names, judged) for rule in told.shown))
    parts += [f"{counted(told.more, 'other', 'others')} by name"] if told.more else []
    parts += ["those who may edit here"] if told.editors else []
    text = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"{text[0].upper()}{text[1:]} can read it: {told.people}.{kept_out}"


def _readers(letting: Iterable[Because]) -> list[Rule]:
    """The lines of those who may read, but may not edit."""
    return [rule for rule, _ in letting if rule.can not in EDITORS]


def _shown(letting: Iterable[Because]) -> list[Rule]:
    """Those of them that a sentence tells: of what people were given by name, the first few where there are more."""
    rules = _readers(letting)
    named = [rule for rule in rules if rule.who.startswith(SOMEBODY)]
    left = set(named[MOST_NAMED:]) if len(named) > MOST_NAMED + 1 else set()
    return [rule for rule in rules if rule not in left]


def _sight(viewer: Viewer, place_id: str, judged: Object, rules: Iterable[Rule]) -> tuple[Sight, int, Crowd]:
    """Whom the lines that speak of it name, an editor is told, and so knows."""
    named = frozenset(rule.who for rule in rules) | {judged.owner}
    known = AsKnown(ThisRequest(), viewer, named)
    return sight_at(viewer.session, known, viewer.today, judged.node, place_id, judged.owner)


def _ms(judged: Object) -> str:
    return joined(judged.marking, judged.state)


def draft_sentence(viewer: Viewer, thing: Lying, place: str) -> str:
    """Who can see a draft, for somebody who may edit it. One query."""
    judged = thing.judged(viewer.snapshot)
    if judged is None:
        return ""
    found = [rule for rule in _rules(viewer, judged) if _fits(viewer, rule, judged)]
    others = [rule for rule in _allows(found) if rule.can not in EDITORS]
    there = f"in {place}" if place else "here"
    you = "you" if thing.owner == viewer.subject.id else "its owner"
    if not others:
        return f"Only {you} and those who may edit {there} can see this draft."
    return f"{you.capitalize()}, those who may edit {there} and others whom policy names can see this draft."


def _allows(rules: Iterable[Rule]) -> Iterator[Rule]:
    return (rule for rule in rules if rule.effect == "allow")


def _rules(viewer: Viewer, judged: Object) -> list[Rule]:
    """Every rule in force that may let somebody read and whose place the thing lies in, in any state and marking."""
    snapshot, tree = viewer.snapshot, viewer.snapshot.tree
    found: list[Rule] = []
    for name, file in snapshot.files.items():
        if file.scope in judged.within:
            at = snapshot.rules_at(name)
            for node in judged.within:
                found += [rule for rule in at.get(node, ()) if _reaches(rule, node, judged)]
    for node in judged.within:
        place = tree.get(node)
        if place is not None:
            own = (rule for rule in audience_rules(place, tree) if not rule.file.startswith(VOICE))
            found += [rule for rule in own if _reaches(rule, tree.resolve(rule.where, rule.scope), judged)]
    given = select(*GRANT_COLUMNS).where(Grant.node.in_(sorted(judged.within)), Grant.ended_at.is_(None))
    grants: Iterable[Any] = viewer.session.execute(given.order_by(Grant.id))
    found += [as_rule(grant) for grant in grants if grant.node in judged.reach]
    return sorted(found, key=lambda rule: (rule.file, rule.line))


def _reaches(rule: Rule, node: str | None, judged: Object) -> bool:
    return node in (judged.within if rule.effect == "deny" else judged.reach)


def _fits(viewer: Viewer, rule: Rule, judged: Object) -> bool:
    return (
        covers(rule.can, "read", rule.effect)
        and marked(judged.marking, rule.marking)
        and rule.state in ("any", judged.state)
        and (rule.until == "-" or viewer.today.isoformat() <= rule.until)
        and (rule.who != "document-owner" or _owner_counts(viewer, judged))
    )


def _owner_counts(viewer: Viewer, judged: Object) -> bool:
    """An owner is one only while on the staff of the organisation that the thing belongs to."""
    organisation = viewer.snapshot.tree.get(judged.org)
    return organisation is not None and judged.owner.startswith(f"{PERSON}{organisation.path}/")


def _told(
    viewer: Viewer, rules: Iterable[Rule], names: Names, judged: Object, known: set[str] | None = None
) -> Iterator[Reader]:
    """One entry for each principal and end, by the first line that names them."""
    said: set[str] = set()
    manages = checker(viewer.visible("manage"))(judged)
    for rule in rules:
        text = _whom(viewer, rule, names, judged)
        if text not in said:
            said.add(text)
            new = known is not None and rule.who not in known
            reason = rule.reason.strip(" -") if manages or rule.effect == "allow" else ""
            yield Reader(text, source_of(rule, names) if manages else "", reason, new)


def _whom(viewer: Viewer, rule: Rule, names: Names, judged: Object) -> str:
    if rule.who == viewer.subject.id or (rule.who == "document-owner" and judged.owner == viewer.subject.id):
        return "you"
    until = "" if rule.until == "-" else f" (until {spoken(rule.until)})"
    return f"{whom(rule.who, names.get_or_blank)}{until}"
