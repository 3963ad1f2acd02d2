"""Filters, facets, counts, order and paging, the same on both engines."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import chain

import pytest

from search.engine import Engine
from search.request import MAX_RESULTS, Hidden, InvalidQuery
from tests.search.things import ask, entry, fill, ids, seen_in


def sample(engine: Engine) -> None:
    fill(
        engine,
        entry(1, "Flood plan", "flood", date="2024-01-05"),
        entry(2, "Flood map", "flood", date="2025-06-01", type="map", marking="PUBLIC"),
        entry(3, "Tea rules", "no flood", date="2026-02-02", organisation="york", space="tea", type="rules"),
        entry(
            "york", "York", "City by the flood", kind="organisation", organisation="york", space="", date="2026-02-03"
        ),
    )


def test_facets_count_what_is_found(engine: Engine) -> None:
    sample(engine)
    answer = ask(engine, "flood")
    assert (answer.total, answer.total_is_exact) == (4, True)
    assert answer.facets == {
        "organisation": (("leeds", 2), ("york", 2)),
        "space": (("flood", 2), ("tea", 1)),
        "kind": (("document", 3), ("organisation", 1)),
        "type": (("note", 2), ("map", 1), ("rules", 1)),
        "marking": (("OFFICIAL", 3), ("PUBLIC", 1)),
        "year": (("2026", 2), ("2024", 1), ("2025", 1)),
    }


def test_a_facet_counts_under_all_filters_but_its_own(engine: Engine) -> None:
    sample(engine)
    answer = ask(engine, "flood", filters={"organisation": ("york",), "kind": ("document",)})
    assert ids(answer) == ["3"]
    assert answer.total == 1
    assert answer.facets["organisation"] == (("leeds", 2), ("york", 1))
    assert answer.facets["kind"] == (("document", 1), ("organisation", 1))
    assert answer.facets["year"] == (("2026", 1),)


def test_several_values_of_a_filter_widen_it(engine: Engine) -> None:
    sample(engine)
    assert sorted(ids(ask(engine, filters={"type": ("map", "rules")}))) == ["2", "3"]
    assert ids(ask(engine, filters={"type": ("map",), "marking": ("OFFICIAL",)})) == []


def test_a_value_that_nothing_has_finds_nothing_and_is_not_listed(engine: Engine) -> None:
    sample(engine)
    answer = ask(engine, filters={"space": ("nowhere",)})
    assert answer.total == 0
    assert answer.facets["space"] == (("flood", 2), ("tea", 1))
    assert answer.facets["kind"] == ()


ODD = (
    'a "quoted" one',
    '"',
    "\\",
    'a\\"b',
    "ends \\",
    "(kind:person)",
    "a OR b",
    "*",
    "[a TO z]",
    "-x",
    "+x",
    "x~2",
    "é ü",
    "a: b",
    "\n",
    "IN [a b]",
)


def test_a_filter_takes_a_value_as_it_is(engine: Engine) -> None:
    """No letter of it is one of a language of queries: neither for hits nor for what is counted under it."""
    fill(engine, *(entry(n, "Flood", type=value) for n, value in enumerate(ODD) if value.strip()), entry(99, "Flood"))
    for number, value in enumerate(ODD):
        answer = ask(engine, "flood", filters={"type": (value, "nothing else"), "kind": ("document",)})
        expected = [str(number)] if value.strip() else []
        assert ids(answer) == expected, value
        assert answer.total == len(expected)
        assert answer.facets["organisation"] == ((("leeds", 1),) if expected else ())
        assert sum(count for _, count in answer.facets["type"]) == len([v for v in ODD if v.strip()]) + 1


def test_facets_count_as_one_by_one_whatever_is_chosen(engine: Engine) -> None:
    """Brute force over every set of filters of a hundred things."""
    rng = random.Random(2)
    pools: dict[str, tuple[str, ...]] = {
        "organisation": ("leeds", "york"), "space": ("flood", "tea", "hr"), "type": ("note", "map"),
        "marking": ("PUBLIC", "OFFICIAL"), "year": ("2024", "2025"), "kind": ("document",),
    }  # fmt: skip
    rows = [{name: rng.choice(values) for name, values in pools.items()} for _ in range(100)]
    fill(
        engine,
        *(
            entry(n, "Flood", organisation=row["organisation"], space=row["space"], type=row["type"],
                  marking=row["marking"], date=f"{row['year']}-01-01")
            for n, row in enumerate(rows)
        ),
    )  # fmt: skip
    for _ in range(40):
        chosen = {n: tuple(rng.sample(pools[n], 1)) for n in rng.sample(list(pools), rng.randrange(len(pools)))}

        def held(but: str, chosen: dict[str, tuple[str, ...]] = chosen) -> list[dict[str, str]]:
            return [r for r in rows if all(r[name] in values for name, values in chosen.items() if name != but)]

        answer = ask(engine, "flood", filters=chosen)
        assert answer.total == len(held(""))
        for name in pools:
            assert dict(answer.facets[name]) == Counter(row[name] for row in held(name)), (chosen, name)


def test_dates_are_days_both_included(engine: Engine) -> None:
    sample(engine)
    assert ids(ask(engine, date_from="2025-06-01", date_to="2026-02-02", sort="oldest")) == ["2", "3"]
    assert ids(ask(engine, date_to="2024-01-05")) == ["1"]
    assert ids(ask(engine, date_from="2026-02-04")) == []
    assert ask(engine, date_from="2026-01-01").facets["organisation"] == (("york", 2),)


def test_sorting_by_date_both_ways(engine: Engine) -> None:
    sample(engine)
    newest = ids(ask(engine, "flood", sort="newest"))
    assert newest == ["organisation:york", "3", "2", "1"]
    assert ids(ask(engine, "flood", sort="oldest")) == newest[::-1]
    assert ids(ask(engine)) == newest


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_show_each_result_once(engine: Engine, sort: str) -> None:
    titles = ("Flood", "Map")
    fill(engine, *(entry(n, titles[n % 2], "flood " * (n % 4 + 1), date=f"2026-01-{n % 5 + 1:02}") for n in range(57)))
    pages = [ids(ask(engine, "flood", sort=sort, page=page, size=10)) for page in range(1, 8)]
    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 7, 0]
    assert len({hit for page in pages for hit in page}) == 57
    longer = [ids(ask(engine, "flood", sort=sort, page=page, size=19)) for page in (1, 2, 3)]
    assert list(chain(*pages)) == list(chain(*longer))


def test_both_engines_give_the_same_order(engines: Callable[[], Engine]) -> None:
    """Ranks come from the words of a document alone: here as computed by hand, and so alike everywhere."""
    engine = engines()
    fill(
        engine,
        *(entry(n, "Flood" if n % 3 else "Map", "flood " * (n % 5), date=f"2026-01-{n % 4 + 1:02}") for n in range(40)),
    )
    # levels of impact by occurrences in the text, without and with the title, as BM25's curve has them
    plain, titled = (0, 5, 6, 6, 6), (7, 8, 8, 8, 8)

    def rank(n: int) -> tuple[int, int]:
        exact = 2 * bool(n % 3) + 2 * (n % 5 > 2)
        return 4 * (titled if n % 3 else plain)[n % 5] + exact, n % 4

    expected = sorted((n for n in range(40) if n % 3 or n % 5), key=rank, reverse=True)
    hits = [int(i) for i in ids(ask(engine, "flood", size=50))]

    assert [rank(n) for n in hits] == [rank(n) for n in expected]


def test_hits_only_are_the_same_hits(engine: Engine) -> None:
    sample(engine)
    whole, bare = ask(engine, "flood"), ask(engine, "flood", hits_only=True)
    assert ids(whole) == ids(bare)
    assert bare.facets == {}
    assert all(hit.snippet == () for hit in bare.hits)
    assert ids(ask(engine, "flood", hits_only=True, filters={"organisation": ("york",)})) == ["organisation:york", "3"]


@pytest.mark.long
def test_the_count_stops_at_ten_thousand(engines: Callable[[], Engine]) -> None:
    engine = engines()
    fill(engine, *(entry(n, "Flood", "", space="a" if n % 2 else "b") for n in range(MAX_RESULTS + 20)))
    answer = ask(engine, "flood")
    assert (answer.total, answer.total_is_exact) == (MAX_RESULTS, False)
    assert len(ask(engine, "flood", page=MAX_RESULTS // 10).hits) == 10
    exact = ask(engine, "flood", hidden=Hidden(ids=frozenset(f"doc:{n}" for n in range(20))))
    assert (exact.total, exact.total_is_exact) == (MAX_RESULTS, True)
    assert ask(engine, "flood", seen_in("a")).total == MAX_RESULTS // 2 + 10
    with pytest.raises(InvalidQuery, match="Only the first 10,000"):
        ask(engine, "flood", page=MAX_RESULTS // 10 + 1)
