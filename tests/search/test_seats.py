"""A Visibility asked for by seats means the same as before, of every thing."""

import random
from dataclasses import replace

from acl.visibility import FALSE, TRUE, And, In, Not, Object, Or, Visibility, checker, joined
from acl.vocabulary import MARKINGS, STATES
from search import seats as module
from search.entry import fields
from search.seats import LEVELS, seated, seats
from tests import worlds_to_try
from tests.search.forms import cases, random_things
from tests.search.things import entry
from tests.worlds import TODAY, worlds

PUBLISHED = frozenset(joined(marking, "published") for marking in MARKINGS)


def sitting(thing: Object) -> Object:
    """A thing as an index holds it."""
    return replace(thing, reach=frozenset(seats(thing.reach, thing.marking, thing.state)))


def test_asked_for_by_seats_everybody_sees_what_they_saw() -> None:
    """Random predicates, also such as no compiler makes: several sets of one attribute, none, nested ones."""
    things = random_things(random.Random(3), 150)
    rewritten = 0
    for visibility in cases(5, worlds_to_try(2_000)):
        before, after = checker(visibility), checker(seated(visibility))
        assert [before(thing) for thing in things] == [after(sitting(thing)) for thing in things], visibility
        rewritten += seated(visibility) != visibility
    assert rewritten > worlds_to_try(100)


def test_asked_for_by_seats_everybody_sees_what_stock_casbin_allows() -> None:
    from acl.compiler import compile_visibility

    for number, world in enumerate(worlds(min(worlds_to_try(2_000), 100), seed=23)):
        subject = world.subjects[number % len(world.subjects)]
        visible = checker(seated(compile_visibility(world.snapshot, subject, "read", TODAY)))
        for thing in world.objects.values():
            assert visible(sitting(thing)) == world.oracle(subject, "read", thing), (number, thing)


def test_three_hundred_places_of_several_lines_are_one_set() -> None:
    """What an engine is asked: one walk, whatever the markings of the lines."""
    places = frozenset(f"s{n}" for n in range(300))
    lines = Or(
        (
            And((In("ms", frozenset({"PUBLIC.published"})), In("reach", frozenset({"platform"})))),
            And((In("ms", PUBLISHED), In("reach", places))),
            In("reach", frozenset({"team"})),
        )
    )
    top = LEVELS[joined(MARKINGS[-1], "published")]
    found = seated(And((lines, Not(In("within", frozenset({"legal"}))))))
    expected = {f"{LEVELS['PUBLIC.published']} platform", "team", *(f"{top} {place}" for place in places)}
    assert found == And((In("reach", frozenset(expected)), Not(In("within", frozenset({"legal"})))))


def test_a_thing_of_an_unknown_marking_has_no_seat() -> None:
    assert seats(("leeds",), "TOP SECRET", "published") == {"leeds"}


def test_a_document_is_named_by_its_node_and_a_home_page_by_its_seats() -> None:
    assert seats(("doc:1",), "PUBLIC", "draft") == {"doc:1"}
    assert len(seats(("home:leeds",), "PUBLIC", "draft")) == 1 + len(MARKINGS)
    grant = And((In("reach", frozenset({"doc:1", "flood"})), In("ms", PUBLISHED)))
    thing = Object("doc:1", frozenset({"doc:1", "hr"}), frozenset({"doc:1"}), "leeds", "x", "PUBLIC", "published")
    assert checker(seated(grant))(sitting(thing))


def test_what_would_be_too_many_seats_is_asked_for_as_before() -> None:
    every = frozenset(joined(MARKINGS[0], state) for state in STATES)
    many = And((In("reach", frozenset(f"s{n}" for n in range(module.MOST))), In("ms", every)))
    assert seated(many) == many
    few: Visibility = And((In("reach", frozenset({"s1"})), In("ms", every)))
    assert seated(few) == In("reach", frozenset(f"{LEVELS[ms]} s1" for ms in every))


def test_what_refuses_is_asked_for_as_before() -> None:
    """A thing that was indexed with other words of marking has none of today's seats: it must stay refused."""
    refusal = Not(And((In("reach", frozenset({"legal"})), In("ms", PUBLISHED))))
    assert seated(refusal) == refusal
    assert seated(And((In("within", frozenset({"leeds"})), refusal))) == And(
        (In("within", frozenset({"leeds"})), refusal)
    )


def test_nothing_and_everything_stay_what_they_are() -> None:
    for visibility in (TRUE, FALSE, And(()), Or(()), Not(Or(())), In("reach", frozenset())):
        assert seated(visibility) == visibility


def test_an_entry_holds_its_seats_beside_its_nodes() -> None:
    held = fields(entry(1, marking="OFFICIAL"))["reach"]
    assert isinstance(held, list)
    up_to = [LEVELS[joined(marking, "published")] for marking in MARKINGS]
    assert {"doc:1", "flood", f"{up_to[1]} flood", f"{up_to[-1]} leeds"} <= set(held)
    assert not [seat for seat in held if seat.startswith(up_to[0]) or seat.endswith(" doc:1")]
