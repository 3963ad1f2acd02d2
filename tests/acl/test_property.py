"""Compiled visibility against stock Casbin, on thousands of random worlds; and bugs planted to prove the test."""

import pytest

from acl.gate import Gate
from acl.visibility import checker
from tests import worlds_to_try
from tests.acl.mutants import MUTANTS, compiled
from tests.worlds import World, disagreement, make_world, worlds

WORLDS = worlds_to_try(2_000)
HUNT = 2_000


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_what_people_see_is_what_stock_casbin_allows_on_two_thousand_worlds(part: int) -> None:
    """A1: over all rules of each world; and the gate's decisions, over candidates only, agree too."""
    seen = asked = 0
    for world in worlds(WORLDS // 4, seed=100 + part):
        gate = Gate(world.snapshot, world.today)
        for subject, action, obj in world.questions(12):
            true = world.oracle(subject, action, obj)
            visible = checker(gate.visible(subject, action))(obj)
            decided = gate.decide(subject, action, obj).allowed
            assert (visible, decided) == (true, true), (world.seed, subject.id, action, obj.node)
            seen, asked = seen + true, asked + 1
    assert 0.1 < seen / asked < 0.9  # worlds in which everything is refused prove nothing


@pytest.fixture(scope="module")
def hunted() -> list[World]:
    """The worlds in which planted bugs are hunted; their oracles remember what they were asked."""
    return [make_world(7_000_000 + number) for number in range(HUNT)]


@pytest.fixture(scope="module")
def truths() -> dict[int, list[bool]]:
    """What stock Casbin said, by the world's seed."""
    return {}


def _killed(worlds_hunted: list[World], truths: dict[int, list[bool]], mutate) -> int:
    for number, world in enumerate(worlds_hunted, start=1):
        questions = world.questions(12)
        if world.seed not in truths:
            truths[world.seed] = [world.oracle(*question) for question in questions]
        visible = mutate(world)
        if any(visible(*question) != true for question, true in zip(questions, truths[world.seed], strict=True)):
            return number
    return 0


@pytest.mark.long
@pytest.mark.parametrize("bug", sorted(MUTANTS))
def test_every_planted_bug_is_noticed(bug: str, hunted: list[World], truths: dict[int, list[bool]]) -> None:
    """A2: a compiler with this bug disagrees with stock Casbin on some world."""
    assert _killed(hunted, truths, MUTANTS[bug]), f"no world of {HUNT} notices that {bug}"


@pytest.mark.long
def test_the_hunt_without_a_bug_finds_nothing() -> None:
    """The mutants' harness itself is sound: the unchanged compiler survives it."""
    for world in worlds(150, seed=9):
        assert not disagreement(world, compiled(world.snapshot, world))
