"""The table of measurements."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Took:
    """How long something took by the clock, and how long the processor worked on it: what a busy machine can tell."""

    wall: float
    cpu: float


def took(do: Callable[[], object]) -> Took:
    """Do something; how long that took, in seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    do()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


@dataclass(frozen=True)
class Row:
    """One measurement: what, the figure as text, the bar as text, whether it is met."""

    name: str
    measured: str
    bar: str
    met: bool


def print_table(rows: list[Row]) -> None:
    """Print the rows in columns."""
    wide = max((len(r.name) for r in rows), default=0)
    for row in rows:
        print(f"{row.name:<{wide}}  {row.measured:>24}  {row.bar:>24}  {'met' if row.met else 'MISSED'}")
