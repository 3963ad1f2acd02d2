"""Slopes are told right: of costs that are known, the shape and what it comes to at a size that nobody measured."""

import math
from itertools import chain, repeat

import pytest

from bench.slopes import Ladder, Part, Series, fitted, least, order, said, table

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
KNOWN = {
    "flat": lambda n: 7.0 + 0 * n,
    "linear": lambda n: 40 + 0.5 * n,
    "n log n": lambda n: 3 * n * math.log2(n),
    "quadratic": lambda n: 200 + 0.001 * n * n,
}
NOISE = (1.06, 0.93, 1.05, 0.96, 1.02)


@pytest.mark.parametrize("shape", KNOWN)
def test_what_grows_in_a_known_way_is_known_and_foretold(shape: str) -> None:
    found = fitted(SIZES, [KNOWN[shape](n) for n in SIZES])
    # n log n over two decades is a line within a few hundredths, and so it may be called one
    assert found.shape in ({"n log n", "linear"} if shape == "n log n" else {shape})
    assert found.at(2_000_000) == pytest.approx(KNOWN[shape](2_000_000), rel=0.3 if shape == "n log n" else 0.001)


@pytest.mark.parametrize("shape", ["flat", "linear", "quadratic"])
def test_a_busy_machine_changes_no_shape(shape: str) -> None:
    found = fitted(SIZES, [KNOWN[shape](n) * noise for n, noise in zip(SIZES, NOISE, strict=True)])
    assert found.shape == shape
    assert found.at(2_000_000) == pytest.approx(KNOWN[shape](2_000_000), rel=0.1)


def test_a_line_with_a_little_of_a_square_in_it_is_no_flat_one() -> None:
    costs = [5 + 0.01 * n + 1e-5 * n * n for n in SIZES]
    assert fitted(SIZES, costs).shape == "quadratic"


@pytest.mark.parametrize("costs", [[1.0, 2.0], [1.0, 2.0, 0.0], [1.0, 2.0, 3.0, 4.0]])
def test_too_little_was_measured(costs: list[float]) -> None:
    with pytest.raises(ValueError, match="three sizes"):
        fitted(SIZES[:3], costs)


def test_the_table_says_what_fits_and_what_is_needed() -> None:
    reading, finding = Part("reading", "s", 20.0, "two readers"), Part("finding", "B", 100)
    costs = {1_000: (0.1, 80), 2_000: (0.2, 81), 4_000: (0.4, 80)}
    parts = (reading, finding)

    def climbed(paper: int) -> list[Series]:
        names = [part.name for part in parts]
        return Ladder("lines", tuple(costs), paper, parts, lambda n: dict(zip(names, costs[n], strict=True))).climbed()

    head, first, second = table(climbed(100_000)).splitlines()
    assert head.split() == ["part", "measured", "x2", "shape", "on", "paper", "holds", "to", "verdict"]
    assert "2.00  linear  10 s at 100,000 lines (at most 20 s) " in first
    assert first.endswith("200,000   fits")
    assert "flat" in second
    assert second.endswith("any       fits")
    assert "80.3 B at 100,000 lines (at most 100 B)" in second
    late = climbed(1_000_000)
    assert "100 s at 1 M lines" in table(late)
    assert table(late).splitlines()[1].endswith("needs two readers")
    assert order(late) == "  20%  reading"
    assert order(climbed(100_000)) == ""


def test_the_quickest_time_is_taken() -> None:
    waits = chain([3_000_000], repeat(10))
    assert 0 < least(lambda: sum(range(next(waits)))) < least(lambda: sum(range(3_000_000)), 1)


@pytest.mark.parametrize(
    ("cost", "unit", "text"),
    [(0.0000021, "s", "2.1 µs"), (0.25, "s", "250 ms"), (7_200, "s", "2.0 h"), (250_000, "B", "250 kB"),
     (1.3e12, "B", "1.3 TB"), (12, "B", "12 B")],
)  # fmt: skip
def test_costs_are_read_by_people(cost: float, unit: str, text: str) -> None:
    assert said(cost, unit) == text
