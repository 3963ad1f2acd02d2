"""Texts that people send: the time of one character must not grow with the length of the text.

`CASES` lists what is measured. To measure another reader of texts, add its cases: a name, a function that makes a text
of about n characters, and the function that reads it. A text beyond what the hub takes is refused with `Invalid`.
"""

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.lines import LINES
from bench.patterns import MARKDOWN, Make
from bench.table import Row
from hub.ground.errors import Invalid
from hub.web.markdown import render

SIZES = (10_000, 100_000, 1_000_000)
MOST = 3.0
"""How much dearer a character of the longest text may be than one of the shortest."""
ENOUGH = 0.2
"""Seconds after which no measurement is repeated: short ones are, and the best one counts."""


@dataclass(frozen=True)
class Case:
    """One kind of text: `run` reads what `make` made, and raises Invalid, with a sentence, for more than it takes."""

    name: str
    make: Make
    run: Callable[[str], object]


CASES: list[Case] = [
    *(Case(f"Markdown: {name}", make, render) for name, make in MARKDOWN.items()),
    *(Case(name, make, run) for name, make, run in LINES),
]


def main() -> list[Row]:
    """One row for each case, told as soon as it is measured: all of them take about half an hour."""
    rows = []
    for case in CASES:
        rows.append(_row(case))
        print(f"  {case.name}: {rows[-1].measured}", file=sys.stderr, flush=True)
    return rows


def _row(case: Case) -> Row:
    figures: list[float] = []
    refused = ""
    for size in SIZES:
        try:
            figures.append(_per_character(case, case.make(size)))
        except Invalid as sentence:
            refused = str(sentence)
            break
    ratio = figures[-1] / figures[0] if figures else 1.0
    measured = " ".join(f"{figure:.2f}" for figure in figures)
    shown = f"{measured}{' refused' if refused else ''} µs, {ratio:.1f}×"
    return Row(case.name, shown, f"at most {MOST:g}×", met=ratio <= MOST and bool(figures or refused))


def _per_character(case: Case, text: str) -> float:
    """Microseconds of processor time for each character: the best of some runs, the first one left out if short."""
    best, spent = float("inf"), 0.0
    gc.collect()
    while True:
        start = time.process_time()
        case.run(text)
        taken = time.process_time() - start
        best, spent = min(best, taken), spent + taken
        if spent > ENOUGH:
            return best * 1e6 / max(1, len(text))
