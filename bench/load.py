"""Many people at once: what the hub bears, what a request costs, and how long people wait. See docs/operate/load.md."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from bench.mix import SHARES
from bench.profiled import profile
from bench.serving import Seen, Served, Town, large_shape, serving, serving_trivial, small_shape
from bench.table import Row
from bench.town import LARGE, SMALL, Size

CLIENTS = 8
WARM, SECONDS = 20.0, 20.0
ALONE = 5.0
"""Seconds for one page that is asked for by one person, again and again."""
PAGES = 4_000
RATIO = 45.0
"""Requests a second of the trivial route for each of the mix, at most."""
SECOND_PROCESS, WRITING = 1.15, 1.3
MEMORY = 200.0
BARS = {"home": 30.0, "search": 50.0, "document": 20.0, "place": 40.0, "audience": 150.0}
"""Milliseconds, of 95 in 100, while nobody else asks."""
LARGE_MAY = 1.5


def main(options: Sequence[str] = ()) -> list[Row]:
    """Do what the options ask for; returns the rows of the table."""
    asked = _options(options)
    size = LARGE if asked.large else SMALL
    if asked.profile is not None:
        profile(size, asked.profile)
        return []
    shape: Callable[[Size], AbstractContextManager[Town]] = large_shape if asked.servers else small_shape
    with shape(size) as town:
        rows = []
        for row in _driven(town, asked) if asked.rate else _measured(town, asked, size):
            print(f"  {row.name}: {row.measured} ({row.bar})", file=sys.stderr, flush=True)
            rows.append(row)
    return rows


def _measured(town: Town, asked: argparse.Namespace, size: Size) -> Iterator[Row]:
    pages = _pages(town)
    with serving_trivial(1) as served:
        page = {"kind": "trivial", "address": "/", "expects": "Hello", "cookie": town.cookies[0]}
        trivial = served.drive([page], 5, clients=CLIENTS)
    yield Row("a trivial route, one process", _throughput(trivial), "-", met=True)
    with serving(town, 1) as served:
        one = _throughly(served, pages)
        ratio, by_processor = trivial.rate / one.rate, one.cost("web") / trivial.cost()
        name = f"the mix, {CLIENTS} people at a time, one process"
        yield Row(name, f"{_throughput(one)}, 1 : {ratio:.0f}", f"at least 1 : {RATIO:.0f}", ratio <= RATIO)
        yield Row("  the same by processor time of the web process", f"1 : {by_processor:.0f}", "-", met=True)
        yield Row("  a request costs", _costs(one), "-", met=True)
        yield from _alone(served, town, size)
        yield from _open(served, town, one.rate / 2)
        own, held, alone = served.memory()
        name = "  memory of the web process, without pages of files (Pss, Uss)"
        yield Row(name, f"{own:.0f} ({held:.0f}, {alone:.0f}) MB", f"at most {MEMORY:.0f} MB", own <= MEMORY)
    with serving(town, asked.processes) as served:
        more = _throughly(served, pages)
    dearer = more.cost("web") / one.cost("web")
    yield Row(f"the mix, {asked.processes} processes", _throughput(more), "-", met=True)
    yield Row("  a request costs", f"{_costs(more)}, {dearer:.2f} of one", f"at most {SECOND_PROCESS}",
              dearer <= SECOND_PROCESS)  # fmt: skip


def _driven(town: Town, asked: argparse.Namespace) -> Iterator[Row]:
    """One run at a rate that somebody asks for."""
    with serving(town, asked.processes) as served:
        served.drive(_pages(town), WARM * asked.processes, clients=CLIENTS)
        pages = _pages(town, asked.writes)
        yield from _waits(served.drive(pages, asked.seconds, rate=asked.rate), f"{asked.rate:g} requests a second")


def _throughly(served: Served, pages: Sequence[dict[str, Any]]) -> Seen:
    """Of processes that have loaded what they need for everybody."""
    served.drive(pages, WARM * 2, clients=CLIENTS)
    return _right(served.drive(pages, SECONDS, clients=CLIENTS))


def _alone(served: Served, town: Town, size: Size) -> Iterator[Row]:
    """Each page while nobody else asks for one."""
    bars = {kind: bar * (LARGE_MAY if size is LARGE else 1) for kind, bar in BARS.items()}
    pages = {kind: [town.asked(page) for page in town.mix.pages(PAGES, [kind])] for kind in SHARES}
    pages |= {name: [town.asked(page)] for name, page in town.mix.apart.items()}
    for name, some in pages.items():
        bar = bars.get(some[0]["kind"], 0.0)
        served.drive(some, 1.0, clients=1)
        seen = _right(served.drive(some, ALONE, clients=1))
        late, middle = seen.milliseconds(0.95), seen.milliseconds(0.5)
        yield Row(f"  {name}, alone, p95 (p50)", f"{late:.0f} ({middle:.0f}) ms",
                  f"at most {bar:.0f} ms" if bar else "-", not bar or late <= bar)  # fmt: skip


def _open(served: Served, town: Town, rate: float) -> Iterator[Row]:
    """At half of what it bears, with and without people who write."""
    reading = served.drive(_pages(town), SECONDS, rate=rate)
    yield from _waits(reading, f"{rate:.0f} requests a second")
    writing = served.drive(_pages(town, 5), SECONDS, rate=rate)
    slower = writing.milliseconds(0.95, *SHARES) / reading.milliseconds(0.95, *SHARES)
    yield from _waits(writing, f"{rate:.0f} a second, 5 in 100 write")
    yield Row("  reading beside those who write, p95", f"{slower:.2f} of without", f"at most {WRITING}",
              slower <= WRITING)  # fmt: skip


def _waits(seen: Seen, name: str) -> Iterator[Row]:
    faults = ", ".join(f"{count} {fault}" for fault, count in seen.faults.items()) or "none wrong"
    yield Row(f"  {name}", f"{_costs(seen)}; {faults}", "-", met=not seen.faults)
    for kind in seen.seconds:
        p50, p95, p99 = (seen.milliseconds(share, kind) for share in (0.5, 0.95, 0.99))
        yield Row(f"    {kind}, p50, p95, p99", f"{p50:.0f}, {p95:.0f}, {p99:.0f} ms", "-", met=True)


def _pages(town: Town, written: int = 0) -> list[dict[str, Any]]:
    """The mix, in which so many of a hundred write."""
    pages = [town.asked(page) for page in town.mix.pages(PAGES)]
    forms = [town.asked(form) for form in town.mix.forms(PAGES * written // 100)]
    for number, form in enumerate(forms):
        pages[number * 100 // written] = form
    return pages


def _right(seen: Seen) -> Seen:
    if seen.faults:
        raise RuntimeError(f"not every answer was right: {seen.faults}")
    return seen


def _throughput(seen: Seen) -> str:
    return f"{seen.rate:.1f} a second ({1000 * seen.driving / max(1, seen.count):.2f} ms each for the driver)"


def _costs(seen: Seen) -> str:
    return ", ".join(f"{part} {seen.cost(part):.1f}" for part in seen.costs) + " ms"


def _options(options: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=load", description=__doc__)
    parser.add_argument("--large", action="store_true", help="200,000 documents, 50,000 people, 100,000 rules")
    parser.add_argument("--servers", action="store_true", help="PostgreSQL and Elasticsearch, on the same machine")
    parser.add_argument("--processes", type=int, default=2, help="web processes to compare with one (2)")
    parser.add_argument("--rate", type=float, help="drive so many requests a second, and nothing else")
    parser.add_argument("--seconds", type=float, default=60, help="for so long (60)")
    parser.add_argument("--writes", type=int, default=0, help="of which so many in a hundred write (0)")
    parser.add_argument(
        "--profile", nargs="*", metavar="KIND", choices=tuple(SHARES),
        help=f"where the time goes, in one process: of the whole mix, or of {', '.join(SHARES)}",
    )  # fmt: skip
    return parser.parse_args(options)
