"""Filtered against unfiltered search on both engines: 200,000 documents, people with 300 places, ratios in one run.

"Unfiltered" leaves out every clause of access; the rest of the request is the same. Each query is asked in both ways in
turn, several times; a query's time is the median of its rounds, and the ratio is that of the 95th percentiles over the
queries.
"""

import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from acl.visibility import TRUE, Visibility
from bench.corpus import Corpus
from bench.table import Row, print_table
from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.engine import Engine
from search.reindex import reindex
from search.request import NOTHING_HIDDEN, SearchRequest, parse_query

DOCUMENTS = 200_000
ROUNDS = 5
NO_HITS = 20
"""Milliseconds that a page without hits may take."""
SERVER = Path(__file__).resolve().parent.parent / "tools" / "elasticsearch" / "server.py"


def main(documents: int = DOCUMENTS) -> list[Row]:
    """Measures both engines and returns the rows of the table; each is told on stderr as it comes."""
    rows = []
    for row in _measured(Corpus(documents)):
        print(f"  {row.name}: {row.measured} (bar {row.bar})", file=sys.stderr, flush=True)
        rows.append(row)
    return rows


def _measured(corpus: Corpus) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, EmbeddedEngine(Path(folder)) as engine:
        _fill(engine, corpus)
        yield from _tantivy(engine, corpus)
    with _server() as url:
        if not url:
            yield Row("elasticsearch", "not measured: no server", "-", met=False)
            return
        with ElasticEngine(url, index="bench") as engine:
            _fill(engine, corpus)
            yield from _elasticsearch(engine, corpus)


def _tantivy(engine: Engine, corpus: Corpus) -> Iterator[Row]:
    ann = corpus.person(1)
    yield from _pages("tantivy", engine, corpus)
    yield _row("tantivy, whole page, 300 spaces", 1.2, _compared(engine, corpus, lambda _: ann))
    yield _row("tantivy, bare ten hits", 2.5, _compared(engine, corpus, lambda _: ann, hits_only=True))


def _pages(name: str, engine: Engine, corpus: Corpus) -> Iterator[Row]:
    """Whole pages of people who see much: by many grants, by one clause, with a filter, and without a hit."""
    pat, anybody = corpus.regional(), corpus.anybody()
    share = f"{_share(engine, pat):.0%} through 301 grants"
    chosen = {"type": ("note", "policy")}
    yield _row(f"{name}, whole page, {share}", 1.2, _compared(engine, corpus, lambda _: pat))
    one = f"{_share(engine, anybody):.0%} in one clause"
    yield _row(f"{name}, whole page, {one}", 1.2, _compared(engine, corpus, lambda _: anybody))
    filtered = _compared(engine, corpus, lambda _: pat, filters=chosen)
    yield _row(f"{name}, whole page, {share}, a filter chosen", 1.2, filtered)
    nothing = sorted(_seconds(engine, "xyzzyqq", pat) for _ in range(50))[25] * 1_000
    yield Row(f"{name}, whole page, {share}, no hits, p50", f"{nothing:.1f} ms", f"<= {NO_HITS} ms", nothing <= NO_HITS)


def _share(engine: Engine, visibility: Visibility) -> float:
    """Of all that is indexed, how much somebody sees, to two figures: counted by marking, as totals end at 10,000."""
    markings = dict(engine.search(SearchRequest(visibility=visibility, hidden=NOTHING_HIDDEN)).facets["marking"])
    return sum(markings.values()) / engine.count()


def _elasticsearch(engine: Engine, corpus: Corpus) -> Iterator[Row]:
    ann = corpus.person(1)
    people = [corpus.person(seed) for seed in range(2, 1_002)]
    yield from _pages("elasticsearch", engine, corpus)
    yield _row("elasticsearch, whole page, 300 spaces", 1.0, _compared(engine, corpus, lambda _: ann))
    new = _compared(engine, corpus, lambda n: people[n % len(people)])
    yield _row("elasticsearch, whole page, 300 spaces, new filter", None, new)
    yield _row(
        "elasticsearch, bare ten hits, cached filter", 2.5, _compared(engine, corpus, lambda _: ann, hits_only=True)
    )
    fresh = _compared(engine, corpus, lambda n: people[-1 - n % len(people)], hits_only=True)
    yield _row("elasticsearch, bare ten hits, new filter", 4.0, fresh)


def _compared(
    engine: Engine, corpus: Corpus, who: Callable[[int], Visibility], **rest: Any
) -> tuple[list[float], list[float]]:
    """Seconds per query, unfiltered and filtered; `who` is given a number that never comes twice."""
    plain, filtered = [], []
    asked = 0
    for number, words in enumerate(corpus.queries()):
        pairs = []
        for _ in range(ROUNDS + (number == 0) * 10):  # the first query also warms the engine up
            with _unfiltered():
                one = _seconds(engine, words, TRUE, **rest)
            pairs.append((one, _seconds(engine, words, who(asked), **rest)))
            asked += 1
        plain.append(statistics.median(one for one, _ in pairs[-ROUNDS:]))
        filtered.append(statistics.median(other for _, other in pairs[-ROUNDS:]))
    return plain, filtered


def _seconds(engine: Engine, words: str, visibility: Visibility, **rest: Any) -> float:
    request = SearchRequest(visibility=visibility, hidden=NOTHING_HIDDEN, terms=parse_query(words), size=10, **rest)
    start = time.perf_counter()
    engine.search(request)
    return time.perf_counter() - start


@contextlib.contextmanager
def _unfiltered() -> Iterator[None]:
    """Both engines without any clause of access."""
    everything = {"match_all": {}}
    with (
        mock.patch("search.elastic.query.access_filter", return_value=everything),
        mock.patch("search.embedded.query.access_clauses", return_value=[]),
    ):
        yield


def _row(name: str, bar: float | None, times: tuple[list[float], list[float]]) -> Row:
    plain, filtered = (_p95(some) * 1_000 for some in times)
    medians = [statistics.median(some) * 1_000 for some in times]
    ratio = filtered / plain
    measured = f"{ratio:.2f} (p95 {filtered:.1f}/{plain:.1f} ms, p50 {medians[1]:.1f}/{medians[0]:.1f})"
    return Row(f"{name}, filtered : unfiltered", measured, f"<= {bar}" if bar else "-", bar is None or ratio <= bar)


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _fill(engine: Engine, corpus: Corpus) -> None:
    made = reindex(engine, corpus.entries(), batch=2_000)
    if made != corpus.documents:
        raise RuntimeError(f"of {corpus.documents} documents {made} were indexed")


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """The URL of a real server that lives as long as the context; '' where there is none."""
    command = [sys.executable, str(SERVER), "run"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout
        yield server.stdout.readline().decode().strip()
        server.communicate(timeout=60)


if __name__ == "__main__":
    print_table(main())
