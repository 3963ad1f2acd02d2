"""Who sees a thing: the answer for everyone at once is stock Casbin's, person by person (A1, L35)."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from operator import or_

import pytest

from acl.audience import Sight
from acl.directory import Subject
from acl.gate import Gate
from acl.layers import gained, told_apart
from acl.lines import Lines
from acl.store import Snapshot
from tests import worlds_to_try
from tests.worlds import World, worlds

WORLDS = worlds_to_try(300)


class Few:
    """The subjects of a world as a crowd."""

    def __init__(self, subjects: tuple[Subject, ...]) -> None:
        self.subjects = subjects
        self.everyone = (1 << len(subjects)) - 1

    def holders(self, word: str) -> int:
        return self.those(lambda s: word in s.holds)

    def allowed(self, word: str, scope: str) -> int:
        return self.those(lambda s: word in s.holds and s.trusts(word, scope))

    def allowed_any(self, words: Iterable[str], scope: str) -> int:
        return reduce(or_, (self.allowed(word, scope) for word in words), 0)

    def staff_of(self, organisation: str) -> int:
        return self.those(lambda s: organisation in s.orgs)

    def owner(self, who: str, organisation: str) -> int:
        return self.those(lambda s: s.id == who and organisation in s.orgs)

    def those(self, wanted) -> int:
        return reduce(lambda found, n: found | wanted(self.subjects[n]) << n, range(len(self.subjects)), 0)


def sight(world: World, action: str, snapshot: Snapshot | None = None) -> Sight:
    grants = dict.fromkeys(rule for subject in world.subjects for rule in subject.grants)
    return Sight(Lines.of(snapshot or world.snapshot, grants), Few(world.subjects), world.today, action)


@pytest.mark.long
@pytest.mark.parametrize("action", ["read", "comment", "edit", "manage"])
def test_everyone_at_once_is_what_casbin_says_of_each(action: str) -> None:
    """Who may do something to a thing equals Casbin's word for each person: random worlds, every object."""
    seen, tried = 0, WORLDS if action == "read" else WORLDS // 4
    for world in worlds(tried, seed=41):
        judge, crowd = sight(world, action), Few(world.subjects)
        for node, obj in world.objects.items():
            owner = crowd.owner(obj.owner, obj.org)
            found = judge.of(node, world.parents[node], obj.ms).seen(owner)
            true = crowd.those(lambda s, o=obj, w=world: w.oracle(s, action, o))
            assert found == true, f"world {world.seed}, {node}: Casbin says {true:b}, we say {found:b}"
            seen += found.bit_count()
    assert seen > tried


def test_each_persons_reason_is_the_rule_that_the_gate_names() -> None:
    """The rule told for a group of people is the deciding one of the gate for each of them (L35)."""
    told = 0
    for world in worlds(80, seed=43):
        judge, crowd, gate = sight(world, "read"), Few(world.subjects), Gate(world.snapshot, world.today)
        for node, obj in world.objects.items():
            because = judge.because(node, world.parents[node], obj.ms, crowd.owner(obj.owner, obj.org))
            for number, subject in enumerate(world.subjects):
                decision = gate.decide(subject, "read", obj)
                mine = [each.rule for each in because if each.people >> number & 1]
                assert mine == ([decision.rule] if decision.allowed else []), (world.seed, node, subject.id)
                told += decision.allowed
    assert told > 100


@pytest.mark.long
def test_a_change_of_audience_is_counted_as_if_it_had_been_made() -> None:
    """The gain that is foretold for another audience is what the gate then finds, object by object."""
    gains = 0
    for world in worlds(60, seed=47):
        spaces = [place for place in world.places if place.audience]
        if not spaces:
            continue
        for audience in ("open", "restricted", "private", "confidential"):
            changed = replace(spaces[0], audience=audience)
            then = world.snapshot.with_places((changed,), (), 2)
            before, after = sight(world, "read"), sight(world, "read", then)
            crowd = Few(world.subjects)
            for node, obj in world.objects.items():
                place = world.parents[node]
                now = replace(obj, reach=then.tree.reach(place) | {node})
                pair = before.of(node, place, obj.ms), after.of(node, place, obj.ms)
                foretold = gained(*pair, crowd.owner(obj.owner, obj.org))
                gates = Gate(world.snapshot, world.today), Gate(then, world.today)
                true = crowd.those(
                    lambda s, g=gates, o=obj, n=now: (
                        g[1].decide(s, "read", n).allowed and not g[0].decide(s, "read", o).allowed
                    )
                )
                assert foretold == true, (world.seed, node, audience)
                apart = told_apart(*pair, crowd.staff_of(obj.org))
                if not apart:
                    assert foretold == gained(*pair), (world.seed, node, audience)
                gains += foretold.bit_count()
    assert gains > 20
