"""The measurements of scale run at their smallest, and measure every part that they name."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bench.country import Country, fill_documents
from bench.scale import Scale, hub_of, main
from bench.scale_index import INDEX, TEXTS, index_costs, texts_costs
from bench.scale_people import PEOPLE, people_costs
from bench.scale_policy import (
    GRANTS,
    LINES,
    PLACES,
    SIBLINGS,
    grants_costs,
    lines_costs,
    places_costs,
    siblings_costs,
)
from bench.scale_tables import ROWS, fill_tables, rows_costs
from bench.slopes import Part
from bench.weight import weight

VILLAGES = Country(people=160, organisations=4, places=60, lines=40)


def names(parts: tuple[Part, ...]) -> set[str]:
    return {part.name for part in parts}


def assert_measured(costs: Mapping[str, float], parts: tuple[Part, ...]) -> None:
    """Every part, and each costs something."""
    assert names(parts) <= set(costs)
    assert min(costs.values()) > 0


def test_each_part_of_policy_is_measured() -> None:
    assert_measured(lines_costs(VILLAGES), LINES)
    assert_measured(places_costs(VILLAGES), PLACES)
    assert_measured(siblings_costs(10), SIBLINGS)
    assert_measured(grants_costs(VILLAGES, 5), GRANTS)


def test_each_part_of_a_hub_is_measured_in_one() -> None:
    with hub_of(VILLAGES) as parts:
        assert_measured(people_costs(VILLAGES, parts), PEOPLE)
        assert_measured(fill_tables(parts, 200) | rows_costs(parts), ROWS)
        wrote = fill_documents(parts.database, VILLAGES.spaces[:-1], 40)
        said = names(INDEX) - {"documents in the database, on disk"}
        assert_measured({"wrote": wrote} | (costs := dict(index_costs(parts, VILLAGES, 40))), ())
        assert said <= set(costs)
    assert_measured(texts_costs(3, 20), TEXTS)


def test_what_is_reached_twice_is_weighed_once() -> None:
    text = "x" * 1_000
    assert weight([text, text]) < weight([text, text + "y"]) - 1_000
    assert weight([text], without=(text,)) < 100


@pytest.mark.long
def test_three_slopes_and_a_check_of_what_they_foretell(capsys: pytest.CaptureFixture[str]) -> None:
    """All ladders, climbed a step or two, then the country: whatever was foretold is held against what is there."""
    rows = main(
        Scale(
            built=replace(VILLAGES, people=640),
            documents=80,
            rows=400,
            people=(80, 160, 320),
            places=(30, 40, 50),
            lines=(8, 16, 32),
            given=(2, 4, 8),
            siblings=(5, 10, 20),
            entries=(10, 20, 40),
            table_rows=(50, 100, 200),
            words=(10, 20, 40),
            texts=3,
        )
    )
    checked = {row.name.rpartition(", ")[0] for row in rows}
    assert checked >= names((*LINES, *PLACES, *PEOPLE, *ROWS, *INDEX))
    shown = capsys.readouterr().out
    assert all(name in shown for name in names((*GRANTS, *SIBLINGS, *TEXTS)))
