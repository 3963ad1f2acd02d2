"""What somebody sees, asked of a few places alone, is the same there."""

from acl.compiler import compile_visibility
from acl.visibility import And, In, Not, Or, Visibility, checker, narrowed
from tests import worlds_to_try
from tests.worlds import TODAY, worlds


def size(visibility: Visibility) -> int:
    """How many values a predicate has."""
    match visibility:
        case In(_, values):
            return len(values)
        case Not(part):
            return size(part)
        case And(parts) | Or(parts):
            return sum(map(size, parts))
    return 0


def test_of_what_lies_in_a_place_everybody_sees_what_they_saw() -> None:
    smaller = 0
    for number, world in enumerate(worlds(worlds_to_try(800), seed=41)):
        tree, subject = world.snapshot.tree, world.subjects[number % len(world.subjects)]
        whole = compile_visibility(world.snapshot, subject, ("read", "edit", "manage")[number % 3], TODAY)
        for place in tree.places():
            around = tree.around([place.id])
            asked = narrowed(whole, lambda node, around=around: node in around or ":" in node)
            before, after = checker(whole), checker(asked)
            there = [thing for key, thing in world.objects.items() if place.id in tree.within(world.parents[key])]
            assert [before(thing) for thing in there] == [after(thing) for thing in there], (number, place)
            smaller += size(asked) < size(whole)
    assert smaller > worlds_to_try(800)
