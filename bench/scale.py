"""Two million people, 300 organisations, 50 million documents: what each part would cost, and where it breaks first.

Nobody has that on a desk. Each part is measured at a few sizes that fit one, in one run, its slope is fitted and
drawn out to the size on paper. Then one country as large as fits is built, and what the slopes foretold of it is
held against what is measured there: within twice, or docs/operate/scale.md says why not.
"""

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.country import Country, fill_documents
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
from bench.slopes import Ladder, Series, order, said, table
from bench.table import Row, print_table
from config.settings import Settings
from hub.access.parts import Parts
from hub.app import build_parts
from hub.ground.db import Database
from hub.ground.schema import migrate

ON_PAPER = Country(people=2_000_000, organisations=300, places=200_000, lines=150_000)
DOCUMENTS = 50_000_000
GIVEN = 10_000
"""Places that somebody was given one by one: a few in the whole country."""
ROWS_A_YEAR = 400_000_000
"""Each of the people signs in on 200 days."""
WORDS = 2_000
"""Of a report of four or five pages."""
TWICE = 2.0


@dataclass(frozen=True)
class Scale:
    """The country that is built, and how far up the ladders go."""

    built: Country
    documents: int
    rows: int
    people: tuple[int, ...]
    places: tuple[int, ...]
    lines: tuple[int, ...]
    given: tuple[int, ...]
    siblings: tuple[int, ...]
    entries: tuple[int, ...]
    table_rows: tuple[int, ...]
    words: tuple[int, ...] = (100, 300, 1_000)
    texts: int = 400
    """Documents of so many words."""


DESK = Scale(
    built=Country(people=200_000, organisations=300, places=40_000, lines=75_000),
    documents=50_000,
    rows=400_000,
    people=(5_000, 15_000, 50_000),
    places=(3_000, 10_000, 25_000),
    lines=(3_000, 10_000, 30_000),
    given=(30, 100, 300, 1_000, 3_000),
    siblings=(1_000, 2_000, 4_000, 8_000),
    entries=(2_000, 6_000, 18_000),
    table_rows=(3_000, 10_000, 30_000, 100_000),
)


def main(scale: Scale = DESK) -> list[Row]:
    """Measure, print the table of slopes, and return the rows of the check."""
    ladders = {ladder.of: ladder for ladder in ladders_of(scale)}
    series = [one for ladder in ladders.values() for one in ladder.climbed()]
    print(f"{table(series)}\n\nWhat breaks, at which share of what is on paper:\n{order(series)}\n", flush=True)
    return list(checked(scale, series))


def ladders_of(scale: Scale) -> Iterator[Ladder]:
    """What hangs on what: all else is as in the country that is built."""
    built = scale.built
    yield Ladder("lines", scale.lines, ON_PAPER.lines, LINES, lambda n: lines_costs(replace(built, lines=n)))
    yield Ladder("places", scale.places, ON_PAPER.places, PLACES, lambda n: places_costs(replace(built, places=n)))
    yield Ladder("places in one space", scale.siblings, 100_000, SIBLINGS, siblings_costs)
    few = replace(built, lines=built.organisations)
    yield Ladder("places given", scale.given, GIVEN, GRANTS, lambda n: grants_costs(few, n))

    def people(count: int) -> Mapping[str, float]:
        with hub_of(replace(built, people=count)) as parts:
            return people_costs(replace(built, people=count), parts)

    yield Ladder("people", scale.people, ON_PAPER.people, PEOPLE, people)

    def rows(count: int) -> Mapping[str, float]:
        with hub_of(_hamlet(built)) as parts:
            return fill_tables(parts, count) | rows_costs(parts)

    yield Ladder("rows", scale.table_rows, ROWS_A_YEAR, ROWS, rows)

    yield Ladder("documents", scale.entries, DOCUMENTS, INDEX, lambda n: documents_costs(built, n))
    yield Ladder("words", scale.words, WORDS, TEXTS, lambda n: texts_costs(scale.texts, n))


def documents_costs(built: Country, count: int) -> Mapping[str, float]:
    """What hangs on the number of documents, in few places and with few people."""
    few = _hamlet(built)
    with hub_of(few) as parts:
        took = fill_documents(parts.database, few.spaces[:-1], count)
        return index_costs(parts, few, count) | {"documents in the database, on disk": took}


def checked(scale: Scale, series: Sequence[Series]) -> Iterator[Row]:
    """What was foretold of the country that is built, and what is measured in it."""
    built, begun = scale.built, time.perf_counter()
    measured = {"lines": (built.lines, lines_costs(built)), "places": (built.places, places_costs(built))}
    with hub_of(built) as parts:
        print(f"  The country is written: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        measured["people"] = built.people, people_costs(built, parts)
        wrote = fill_tables(parts, scale.rows)
        measured["rows"] = scale.rows, wrote | rows_costs(parts)
    measured["documents"] = scale.documents, documents_costs(built, scale.documents)
    for one in series:
        if one.of in measured:
            size, costs = measured[one.of]
            foretold, found, unit = one.fit.at(size), costs[one.part.name], one.part.unit
            ratio = found / foretold
            told = f"{said(foretold, unit)} : {said(found, unit)} ({ratio:.2f})"
            yield Row(f"{one.part.name}, {size:,} {one.of}", told, "within twice", 1 / TWICE <= ratio <= TWICE)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"  The check took {time.perf_counter() - begun:.0f} s; memory at most {said(most, 'B')}", file=sys.stderr)


def _hamlet(country: Country) -> Country:
    """A few places of the same organisations, for what hangs on none of them."""
    return replace(
        country, people=country.organisations, places=country.organisations * 11, lines=country.organisations
    )


@contextmanager
def hub_of(country: Country) -> Iterator[Parts]:
    """A hub over SQLite and the embedded engine with this country in it, and no document."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        settings = Settings(data=Path(folder))
        database = Database(settings.database)
        migrate(database)
        country.fill(database)
        database.close()
        parts = build_parts(settings)
        try:
            yield parts
        finally:
            parts.engine.close()
            parts.database.close()
            del parts
            gc.collect()


if __name__ == "__main__":
    print_table(main())
