"""The algebra under the compiler: nothing is merged or dropped that is not included."""

from acl.partial import EVERY_MS, FALSE, TRUE, Clause, both, either

PUBLIC = frozenset({("PUBLIC", "published")})
DRAFT = frozenset({("PUBLIC", "draft")})


def test_a_clause_is_dropped_only_where_another_includes_all_of_it() -> None:
    near, wide = Clause(where="reach", ms=PUBLIC), Clause(where="within")
    assert either([near, wide]) == (wide,)
    other = Clause(where="within", ms=DRAFT)
    assert set(either([near, other])) == {near, other}
    assert set(either([Clause(where="within", ms=PUBLIC), Clause(where="reach")])) == {
        Clause(where="within", ms=PUBLIC),
        Clause(where="reach"),
    }


def test_clauses_that_differ_in_marking_and_state_become_one() -> None:
    assert either([Clause("within", ms=PUBLIC), Clause("within", ms=DRAFT)]) == (Clause("within", ms=PUBLIC | DRAFT),)


def test_a_conjunction_keeps_the_narrower_tree_and_what_both_allow() -> None:
    assert both((Clause("within", ms=EVERY_MS),), (Clause("reach", ms=PUBLIC),)) == (Clause("reach", ms=PUBLIC),)
    assert both((Clause(ms=PUBLIC),), (Clause(ms=DRAFT),)) == FALSE
    assert both(TRUE, (Clause("reach"),)) == (Clause("reach"),)
