"""A Visibility means the same to both engines as in memory, and stock Casbin agrees on thousands of worlds."""

import random
from collections.abc import Callable
from functools import cache

import pytest

import search.elastic.query
import search.embedded.query
from acl.compiler import compile_visibility
from acl.visibility import FALSE, TRUE, And, In, Not, Object, Or, Visibility, all_of, is_in
from acl.vocabulary import ACTIONS
from search.elastic import ElasticEngine
from search.engine import Engine
from tests import worlds_to_try
from tests.engines import drop, new_elastic
from tests.search.forms import cases, disagreement, entry_of, random_things, visible_ids
from tests.search.things import fill
from tests.worlds import TODAY, World, worlds

THINGS = random_things(random.Random(7), 120)
WORLDS = worlds_to_try(2_000)


@pytest.fixture(scope="module")
def filled(engines: Callable[[], Engine]) -> Engine:
    engine = engines()
    fill(engine, *(entry_of(thing.node, thing) for thing in THINGS))
    return engine


def test_both_engines_agree_with_the_check_in_memory(filled: Engine) -> None:
    assert disagreement(filled, THINGS, cases(1, 250)) == ""


# -- stock Casbin ----------------------------------------------------------------------------------------------------


def prefixed(world: World, visibility: Visibility) -> Visibility:
    """A predicate over one world's things among those of all worlds."""
    match visibility:
        case In("ms", _):
            return visibility
        case In(field, values):
            return In(field, frozenset(f"w{world.seed}.{value}" for value in values))
        case Not(part):
            return Not(prefixed(world, part))
        case And(parts):
            return And(tuple(prefixed(world, part) for part in parts))
        case Or(parts):
            return Or(tuple(prefixed(world, part) for part in parts))
    return visibility


def placed(world: World, thing: Object) -> Object:
    """A thing of a world among those of all worlds."""

    def named(nodes: frozenset[str]) -> frozenset[str]:
        return frozenset(f"w{world.seed}.{node}" for node in nodes)

    (node,), (org,), (owner,) = (named(frozenset({name})) for name in (thing.node, thing.org, thing.owner))
    return Object(node, named(thing.within), named(thing.reach), org, owner, thing.marking, thing.state)


@cache
def judged() -> list[tuple[World, Visibility, set[str]]]:
    """For each world what someone in it may do, and what stock Casbin allows them."""
    found = []
    for number, world in enumerate(worlds(WORLDS, seed=11)):
        subject = world.subjects[number % len(world.subjects)]
        action = "read" if number % 3 else ACTIONS[number // 3 % len(ACTIONS)]
        visibility = prefixed(world, compile_visibility(world.snapshot, subject, action, TODAY))
        allowed = {thing.node for thing in world.objects.values() if world.oracle(subject, action, thing)}
        found.append((world, visibility, allowed))
    return found


@pytest.mark.long
@pytest.mark.timeout(600)
def test_on_two_thousand_worlds_the_engine_shows_what_stock_casbin_allows(engines: Callable[[], Engine]) -> None:
    """A1, for the forms that the engines are given."""
    engine, some = engines(), judged()
    for start in range(0, WORLDS, 100):
        things = [placed(world, thing) for world, _, _ in some[start : start + 100] for thing in world.objects.values()]
        fill(engine, *(entry_of(thing.node, thing) for thing in things))
    shown = total = 0
    for world, visibility, allowed in some:
        here = is_in("within", [f"w{world.seed}.platform"])
        found = {i.removeprefix(f"doc:w{world.seed}.") for i in visible_ids(engine, all_of(here, visibility))}
        assert found == allowed, f"world {world.seed}"
        shown, total = shown + len(found), total + len(world.objects)
    assert 0.05 < shown / total < 0.95  # the worlds are about something


# -- seeded bugs -----------------------------------------------------------------------------------------------------

Rewrite = Callable[[Visibility], Visibility]


def _not_lost(v: Visibility) -> Visibility:
    return And(tuple(p for p in v.parts if not isinstance(p, Not))) if isinstance(v, And) else v


def _every_second_not_lost(v: Visibility) -> Visibility:
    if not isinstance(v, And):
        return v
    refused = [p for p in v.parts if isinstance(p, Not)]
    return And(tuple(p for p in v.parts if not isinstance(p, Not)) + tuple(refused[::2]))


def _some_need_not_hold(v: Visibility) -> Visibility:
    return TRUE if isinstance(v, Or) and v.parts else v


def _last_branch_lost(v: Visibility) -> Visibility:
    return Or(v.parts[:-1]) if isinstance(v, Or) and len(v.parts) > 1 else v


def _reach_taken_for_within(v: Visibility) -> Visibility:
    return In("within", v.values) if isinstance(v, In) and v.field == "reach" else v


def _within_taken_for_reach(v: Visibility) -> Visibility:
    return In("reach", v.values) if isinstance(v, In) and v.field == "within" else v


def _owner_taken_for_anyone(v: Visibility) -> Visibility:
    return TRUE if isinstance(v, In) and v.field == "owner" else v


def _one_value_only(v: Visibility) -> Visibility:
    return In(v.field, frozenset(sorted(v.values)[:1])) if isinstance(v, In) else v


MUTATIONS: dict[str, Rewrite] = {
    "must_not lost": _not_lost,
    "every second must_not lost": _every_second_not_lost,
    "minimum_should_match lost": _some_need_not_hold,
    "the last branch lost": _last_branch_lost,
    "FALSE taken for everything": lambda v: TRUE if v is FALSE else v,
    "TRUE taken for nothing": lambda v: FALSE if v is TRUE else v,
    "an empty set taken for everything": lambda v: TRUE if isinstance(v, In) and not v.values else v,
    "no branches taken for everything": lambda v: TRUE if isinstance(v, Or) and not v.parts else v,
    "no conditions taken for nothing": lambda v: FALSE if isinstance(v, And) and not v.parts else v,
    "only the first of several values": _one_value_only,
    "reach taken for within": _reach_taken_for_within,
    "within taken for reach": _within_taken_for_reach,
    "an owner taken for anyone": _owner_taken_for_anyone,
    "a double negation taken for one": lambda v: v.part if isinstance(v, Not) and isinstance(v.part, Not) else v,
    "and taken for or": lambda v: Or(v.parts) if isinstance(v, And) and v.parts else v,
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_seeded_bug_in_the_translation_is_caught(filled: Engine, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A2, for the engines' forms: each bug at every level of the predicate, and the property above sees it."""
    elastic = isinstance(filled, ElasticEngine)
    module = search.elastic.query if elastic else search.embedded.query
    function = "visibility_filter" if elastic else "visibility_query"
    original, wrong = getattr(module, function), MUTATIONS[name]
    monkeypatch.setattr(module, function, lambda visibility: original(wrong(visibility)))
    if not elastic:  # nothing that was made rightly is kept here, nor what is made wrongly
        monkeypatch.setattr(module, "_who_may_see", module._who_may_see.__wrapped__)
    assert disagreement(filled, THINGS, cases(1, 250)) != ""


def test_branches_hung_beside_another_clause_are_caught(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`should` beside a `filter` binds nobody: the server's own rule, for which `minimum_should_match` is there."""
    engine = new_elastic(elasticsearch_url)
    fill(engine, *(entry_of(thing.node, thing) for thing in THINGS))
    original = search.elastic.query.access_filter

    def flattened(visibility: Visibility) -> dict[str, object]:
        clauses = original(visibility)
        inner = clauses["bool"]["filter"].pop()
        if "should" not in inner.get("bool", {}):
            clauses["bool"]["filter"].append(inner)
            return clauses
        clauses["bool"]["should"] = inner["bool"]["should"]
        return clauses

    monkeypatch.setattr(search.elastic.query, "access_filter", flattened)
    assert disagreement(engine, THINGS, cases(1, 250)) != ""
    drop(engine, elasticsearch_url)
