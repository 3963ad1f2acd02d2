"""What waits is as if the lines that gave it were not there; what is denied stays denied."""

from dataclasses import replace

from acl.audience import Sight
from acl.gate import Gate
from acl.lines import Lines
from acl.store import PolicyFile, Snapshot
from acl.visibility import checker
from tests.acl.test_audience import Few
from tests.worlds import World, worlds


def without_lines(world: World, subject) -> Snapshot:
    """The snapshot less every allow that the subject is not to have: the oracle, which knows of no waiting."""

    def left(file: PolicyFile) -> PolicyFile:
        own = f"group:{subject.id.partition(':')[2].partition('/')[0]}/"
        rules = tuple(
            rule
            for rule in file.rules
            if rule.effect == "deny"
            or rule.who not in subject.waiting
            or file.scope in subject.orgs
            or (file.scope != "platform" and rule.who.startswith(own))
        )
        return replace(file, rules=rules)

    files = {name: left(file) for name, file in world.snapshot.files.items()}
    return Snapshot(files, world.snapshot.tree, world.snapshot.generation)


def test_what_waits_is_not_there_and_what_is_denied_stays() -> None:
    """The visibility, the gate and the view of everybody at once, for each subject whose words all wait."""
    differs = 0
    for world in worlds(60, seed=53, subjects=5):
        waiting = tuple(
            replace(
                s, waiting=frozenset(w for w in s.holds if w.startswith(("person:", "guest:", "group:"))), grants=()
            )
            for s in world.subjects
        )
        gate = Gate(world.snapshot, world.today)
        sights = {a: Sight(Lines.of(world.snapshot, ()), Few(waiting), world.today, a) for a in ("read", "edit")}
        for number, subject in enumerate(waiting):
            plain = replace(subject, waiting=frozenset())
            true = Gate(without_lines(world, subject), world.today)
            for action, sight in sights.items():
                sees, full = checker(gate.visible(subject, action)), checker(gate.visible(plain, action))
                less = checker(true.visible(plain, action))
                for node, obj in world.objects.items():
                    said = less(obj)
                    assert sees(obj) == said, (world.seed, subject.id, node)
                    if full(obj) or said:
                        assert gate.decide(subject, action, obj).allowed == said, (world.seed, subject.id, node)
                    owner = Few(waiting).owner(obj.owner, obj.org)
                    at_once = sight.of(node, world.parents[node], obj.ms).seen(owner) >> number & 1
                    assert bool(at_once) == said, (world.seed, subject.id, node)
                    differs += full(obj) != said
    assert differs > 20, "worlds in which nothing waits prove nothing"
