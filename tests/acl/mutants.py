"""Compilers and rules with one bug each: the property test must notice every one of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

from acl import groups, partial
from acl.compiler import Model, compile_visibility, default_model
from acl.directory import ROOT, Place, PlaceTree, Subject
from acl.matcher import Among, Every, Known, Lies, No, Some, Table, Term, WhoIs
from acl.rules import Rule
from acl.store import Snapshot
from acl.visibility import Object, checker
from acl.vocabulary import MARKINGS, covers, marked
from tests.worlds import World

Visible = Callable[[Subject, str, Object], bool]
Mutant = Callable[[World], Visible]

MUTANTS: dict[str, Mutant] = {}


def mutant(name: str) -> Callable[[Mutant], Mutant]:
    """Enter a mutant in the list."""

    def keep(made: Mutant) -> Mutant:
        MUTANTS[name] = made
        return made

    return keep


def compiled(snapshot: Snapshot, world: World, model: Model | None = None) -> Visible:
    """The product's own compiler over a snapshot."""

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        return checker(compile_visibility(snapshot, subject, action, world.today, model))(obj)

    return visible


def ruled(world: World, change: Callable[[Rule], Rule | None], *, grants: bool = True) -> Visible:
    """The compiler over rules of which each was changed, or dropped (None)."""

    def changed(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(new for rule in rules if (new := change(rule)) is not None)

    files = {name: replace(file, rules=changed(file.rules)) for name, file in world.snapshot.files.items()}
    inner = compiled(Snapshot(files, world.snapshot.tree, 1), world)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        return inner(replace(subject, grants=changed(subject.grants)) if grants else subject, action, obj)

    return visible


def remodelled(world: World, change: Callable[[Term], Term]) -> Visible:
    """The compiler over a matcher of which each term was changed."""
    model = object.__new__(Model)
    model.text, model.term, model._templates = "", rewritten(default_model().term, change), {}
    return compiled(world.snapshot, world, model)


def rewritten(term: Term, change: Callable[[Term], Term]) -> Term:
    """A tree with every node changed, leaves first."""
    match term:
        case Every(parts):
            return change(Every(tuple(rewritten(part, change) for part in parts)))
        case Some(parts):
            return change(Some(tuple(rewritten(part, change) for part in parts)))
        case No(part):
            return change(No(rewritten(part, change)))
    return change(term)


@contextmanager
def functions(**changed: Callable[..., bool]) -> Iterator[None]:
    """The matcher's functions replaced."""
    with mock.patch.object(partial, "FUNCTIONS", {"covers": covers, "marked": marked, **changed}):
        yield


def with_functions(world: World, **changed: Callable[..., bool]) -> Visible:
    """The compiler with other functions of the matcher, and nothing remembered."""
    inner = remodelled(world, lambda term: term)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        with functions(**changed):
            return inner(subject, action, obj)

    return visible


@mutant("denies are dropped")
def _(world: World) -> Visible:
    return ruled(world, lambda rule: rule if rule.effect == "allow" else None)


@mutant("every second deny is dropped")
def _(world: World) -> Visible:
    count = iter(range(10**9))
    return ruled(world, lambda rule: rule if rule.effect == "allow" or next(count) % 2 else None)


@mutant("expiry is ignored")
def _(world: World) -> Visible:
    return ruled(world, lambda rule: replace(rule, until="-"))


@mutant("a rule ends on the morning of its last day")
def _(world: World) -> Visible:
    return ruled(world, lambda rule: None if rule.until == world.today.isoformat() else rule)


@mutant("everyone-but: is ignored")
def _(world: World) -> Visible:
    return ruled(world, lambda rule: None if rule.who.startswith("everyone-but:") else rule)


@mutant("everyone-but: reaches its own group too")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        everyone = lambda exceptions, _: exceptions.nodes  # noqa: E731
        with mock.patch.object(groups.Exceptions, "for_holder", everyone):
            return inner(subject, action, obj)

    return visible


@mutant("everyone-but: spares guests")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)
    bare = ruled(world, lambda rule: None if rule.who.startswith("everyone-but:") else rule)
    return lambda subject, action, obj: (inner if subject.orgs else bare)(subject, action, obj)


@mutant("a node that two everyone-but: name is spared for one of them")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)

    def careless(exceptions: groups.Exceptions, holds: frozenset[str]) -> groups.Grouping:
        return {
            key: frozenset(node for node in nodes if exceptions.named[key][node].isdisjoint(holds))
            for key, nodes in exceptions.nodes.items()
        }

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        with mock.patch.object(groups.Exceptions, "for_holder", careless):
            return inner(subject, action, obj)

    return visible


@mutant("scope is ignored")
def _(world: World) -> Visible:
    tree = world.snapshot.tree

    def freed(rule: Rule) -> Rule:
        node = tree.resolve(rule.where, rule.scope)
        return replace(rule, where=f"node:{node}", scope=ROOT)

    return ruled(world, freed)


@mutant("the scope of documents named by id is ignored")
def _(world: World) -> Visible:
    by_id = ("doc:", "node:doc:")
    return ruled(world, lambda rule: replace(rule, scope=ROOT) if rule.where.startswith(by_id) else rule)


@mutant("g3 is taken for g2: allows reach into private spaces")
def _(world: World) -> Visible:
    return remodelled(world, lambda term: Lies("within", term.under) if isinstance(term, Lies) else term)


@mutant("g2 is taken for g3: denies stop at private spaces")
def _(world: World) -> Visible:
    return remodelled(world, lambda term: Lies("reach", term.under) if isinstance(term, Lies) else term)


@mutant("own-organisation means any organisation")
def _(world: World) -> Visible:
    always = Some((Known(_true()),))
    return remodelled(world, lambda term: always if isinstance(term, Among) and term.field == "org" else term)


@mutant("own-organisation means an organisation other than one's own")
def _(world: World) -> Visible:
    return remodelled(world, lambda term: No(term) if isinstance(term, Among) and term.field == "org" else term)


@mutant("own-organisation is kept under the wrong organisation")
def _(world: World) -> Visible:
    swapped = {"id-leeds": "id-york", "id-york": "id-leeds"}

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        with mock.patch.object(groups, "word_of", lambda rule, org: original(rule, swapped.get(org, org))):
            fresh = Snapshot(world.snapshot.files, world.snapshot.tree, 1)
            return compiled(fresh, world)(subject, action, obj)

    original = groups.word_of
    return visible


@mutant("an owner keeps a document when they have left its organisation")
def _(world: World) -> Visible:
    def owned(term: Term) -> Term:
        match term:
            case Every((Among("org", True, _), Some((WhoIs() as own, Every((WhoIs() as owner, Among() as among)))))):
                return Some((Every((Among("org", True, None), own)), Every((owner, among))))
        return term

    assert rewritten(default_model().term, owned) != default_model().term
    return remodelled(world, owned)


@mutant("whoever is of the organisation counts as the owner")
def _(world: World) -> Visible:
    always = Some((Known(_true()),))
    return remodelled(world, lambda term: always if isinstance(term, Among) and term.field == "owner" else term)


@mutant("the order of markings is reversed")
def _(world: World) -> Visible:
    turned = dict(zip(MARKINGS, reversed(MARKINGS), strict=True))

    def reversed_marked(marking: str, wanted: str) -> bool:
        if wanted.startswith("up to ") or wanted.endswith(" and above"):
            word = wanted.removeprefix("up to ").removesuffix(" and above")
            return marked(turned[marking], wanted.replace(word, turned[word]))
        return marked(marking, wanted)

    return with_functions(world, marked=reversed_marked)


@mutant("marking is ignored")
def _(world: World) -> Visible:
    return with_functions(world, marked=lambda *_: True)


@mutant("a deny covers the lesser actions, as an allow does")
def _(world: World) -> Visible:
    return with_functions(world, covers=lambda can, action, _: covers(can, action, "allow"))


@mutant("only the very action is covered")
def _(world: World) -> Visible:
    return with_functions(world, covers=lambda can, action, _: can == action)


@mutant("manage includes administer")
def _(world: World) -> Visible:
    return with_functions(
        world,
        covers=lambda can, action, effect: covers(can, action, effect) or (can, action) == ("manage", "administer"),
    )


@mutant("state is ignored")
def _(world: World) -> Visible:
    return ruled(world, lambda rule: replace(rule, state="any"))


@mutant("state and marking are swapped in the truth table")
def _(world: World) -> Visible:
    free = Some((Known(_true()),))
    return remodelled(world, lambda term: free if isinstance(term, Table) and term.attribute == "state" else term)


@mutant("grants are ignored")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)
    return lambda subject, action, obj: inner(replace(subject, grants=()), action, obj)


@mutant("a grant that has ended lives on")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        lasting = tuple(replace(grant, until="-") for grant in subject.grants)
        return inner(replace(subject, grants=lasting), action, obj)

    return visible


@mutant("audiences are ignored")
def _(world: World) -> Visible:
    tree = PlaceTree([replace(place, audience="confidential") if place.audience else place for place in world.places])
    return compiled(Snapshot(world.snapshot.files, tree, 1), world)


@mutant("a restricted space is open")
def _(world: World) -> Visible:
    def opened(place: Place) -> Place:
        return replace(place, audience="open") if place.audience == "restricted" else place

    return compiled(Snapshot(world.snapshot.files, PlaceTree(map(opened, world.places)), 1), world)


@mutant("a private space's name shows to all staff")
def _(world: World) -> Visible:
    shown = {**groups._AUDIENCES, "private": ("all-staff", *groups._AUDIENCES["private"][1:])}
    with mock.patch.object(groups, "_AUDIENCES", shown):
        snapshot = Snapshot(world.snapshot.files, world.snapshot.tree, 1)
        for subject in world.subjects:
            compile_visibility(snapshot, subject, "read", world.today)
    return compiled(snapshot, world)


def voiced(world: World, change: Callable[[Place, tuple[Rule, ...]], tuple[Rule, ...]]) -> Visible:
    """The compiler over what spaces say themselves, changed."""
    with mock.patch.object(groups, "audience_rules", lambda place, tree: change(place, original(place, tree))):
        snapshot = Snapshot(world.snapshot.files, world.snapshot.tree, 1)
    return compiled(snapshot, world)


original = groups.audience_rules


def _each_voice(**changed: str) -> Callable[[Place, tuple[Rule, ...]], tuple[Rule, ...]]:
    return lambda _, rules: tuple(replace(r, **changed) if r.can == "comment" else r for r in rules)


@mutant("nobody may write but members")
def _(world: World) -> Visible:
    return voiced(world, lambda _, rules: rules[:1])


@mutant("who may write may do so in a space that is not open to them")
def _(world: World) -> Visible:
    def opened(place: Place, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        if place.audience == "open" or place.voices in ("", "members") or not rules:
            return rules
        who = {"staff": "all-staff", "organisation": f"org:{place.path.partition('/')[0]}"}[place.voices]
        here = {"can": "comment", "where": f"node:{place.id}", "marking": "up to OFFICIAL"}
        return *rules, replace(rules[0], who=who, **here)

    return voiced(world, opened)


@mutant("who may write may do so whatever it is marked")
def _(world: World) -> Visible:
    return voiced(world, _each_voice(marking="any"))


@mutant("who may write may do so in drafts")
def _(world: World) -> Visible:
    return voiced(world, _each_voice(state="any"))


@mutant("where the organisation's own staff may write, all staff may")
def _(world: World) -> Visible:
    return voiced(world, _each_voice(who="all-staff"))


@mutant("who may write may edit")
def _(world: World) -> Visible:
    return voiced(world, _each_voice(can="edit"))


@mutant("a space that says nothing lets all staff write")
def _(world: World) -> Visible:
    def said(place: Place, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        silent = place.audience == "open" and not place.voices
        return (*rules, replace(rules[0], can="comment")) if silent else rules

    return voiced(world, said)


@mutant("guests count as staff")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        held = subject.holds | ({"all-staff", "org:acme"} if subject.id.startswith("guest:") else set())
        return inner(replace(subject, holds=held), action, obj)

    return visible


@mutant("the action is left out of what is remembered")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)
    return lambda subject, _, obj: inner(subject, "read", obj)


@mutant("only the object's own place counts, not those above it")
def _(world: World) -> Visible:
    inner = compiled(world.snapshot, world)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        near = {obj.node, world.parents[obj.node]}
        return inner(subject, action, replace(obj, within=obj.within & near, reach=obj.reach & near))

    return visible


@mutant("clauses that differ in where are taken for one")
def _(world: World) -> Visible:
    inner = remodelled(world, lambda term: term)

    def visible(subject: Subject, action: str, obj: Object) -> bool:
        with mock.patch.object(partial, "_narrower", return_value=True):
            return inner(subject, action, obj)

    return visible


def _true():
    import ast

    return ast.Constant(True)
