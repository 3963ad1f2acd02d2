"""Each hit is judged once more on what the database says now."""

from acl.visibility import Object, checker, is_in
from search.engine import Engine
from search.postcheck import postcheck
from tests.search.things import ask, entry, fill, ids

ANN = is_in("reach", ["leeds"])


def thing(number: int, *reach: str) -> Object:
    nodes = frozenset((f"doc:{number}", *reach))
    return Object(f"doc:{number}", nodes | {"leeds"}, nodes, "leeds", "person:x/y", "OFFICIAL", "published")


def test_a_hit_that_has_moved_out_of_reach_or_is_gone_is_dropped_and_counted(engine: Engine) -> None:
    fill(engine, *(entry(n, "Flood", date=f"2026-01-0{n}", type=f"type{n}") for n in (1, 2, 3)))
    answer = ask(engine, "flood", ANN)
    checked = postcheck(answer, checker(ANN), {"doc:1": thing(1, "leeds"), "doc:2": thing(2, "board")})
    assert ids(checked.answer) == ["1"]
    assert checked.dropped == ("doc:3", "doc:2")
    assert checked.answer.total == 1
    assert checked.answer.facets["organisation"] == (("leeds", 1),)
    assert checked.answer.facets["type"] == (("type1", 1),)
    assert checked.answer.facets["year"] == (("2026", 1),)


def test_an_answer_that_holds_is_left_as_it_is(engine: Engine) -> None:
    fill(engine, entry(1, "Flood"))
    answer = ask(engine, "flood", ANN)
    assert postcheck(answer, checker(ANN), {"doc:1": thing(1, "leeds")}).answer is answer
