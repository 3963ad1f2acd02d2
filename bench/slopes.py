"""How a cost grows with a size: which of a few shapes it has, and what it comes to at a size that fits no desk.

A series is measured in one run. Its shape is the one that misses the points least by relative error, the slower one
where two miss them about alike: noise of a busy machine is no reason to foretell the worse.
"""

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SHAPES: Final[dict[str, Callable[[float], float]]] = {
    "flat": lambda _: 0.0,
    "linear": lambda n: n,
    "n log n": lambda n: n * math.log2(max(n, 2.0)),
    "quadratic": lambda n: n * n,
}
"""Slowest first; the cost is a constant and so many times this."""
BETTER: Final = 0.6
"""A faster growing shape must miss the points by less than so many times what a slower one does."""
STEADY: Final = 0.1
"""What misses no point by more than this, on average, needs no better shape."""


_ENDLESS: Final = 1e13
MOMENT, OFTEN = 0.1, 200
"""Seconds for which something is done again, and how often at most."""


@dataclass(frozen=True)
class Fit:
    """`base` and `each` times the shape of the size; `error` is how far it misses the points, as a share of them."""

    shape: str
    base: float
    each: float
    error: float

    def at(self, size: float) -> float:
        """The cost at a size."""
        return self.base + self.each * SHAPES[self.shape](size)


@dataclass(frozen=True)
class Part:
    """What is measured: its `unit` is `s` or `B`.

    `most` is what it may cost at the size on paper; None where there is nothing to hold it to. `needs` says what is to
    be changed where that is too much. `paper` is that size, where it is not that of all parts of a ladder.
    """

    name: str
    unit: str
    most: float | None = None
    needs: str = ""
    paper: int = 0


@dataclass(frozen=True)
class Ladder:
    """Parts that hang on one size: the sizes at which they are measured, and the one on paper.

    `costs` gives what each part costs at a size, by its name.
    """

    of: str
    sizes: tuple[int, ...]
    paper: int
    parts: tuple[Part, ...]
    costs: Callable[[int], Mapping[str, float]]

    def climbed(self) -> list["Series"]:
        """Every part at every size."""
        found = []
        for size in self.sizes:
            begun = time.perf_counter()
            found.append(self.costs(size))
            print(f"  {counted(size)} {self.of}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        return [
            Series(part, self.of, self.sizes, tuple(costs[part.name] for costs in found), part.paper or self.paper)
            for part in self.parts
        ]


@dataclass(frozen=True)
class Series:
    """One part: what it costs at some sizes of what it hangs on, and the size on paper."""

    part: Part
    of: str
    sizes: tuple[float, ...]
    costs: tuple[float, ...]
    paper: float

    @property
    def fit(self) -> Fit:
        """How it grows."""
        return fitted(self.sizes, self.costs)

    @property
    def foretold(self) -> float:
        """What it comes to at the size on paper."""
        return self.fit.at(self.paper)

    @property
    def fits(self) -> bool:
        """Whether that is no more than it may be."""
        return self.part.most is None or self.foretold <= self.part.most

    @property
    def holds_to(self) -> float:
        """The size up to which it costs no more than it may; infinite where it never will."""
        fit, most = self.fit, self.part.most
        if most is None or fit.at(_ENDLESS) <= most:
            return math.inf
        low, high = 0.0, _ENDLESS
        while high - low > high / 1_000:
            middle = (low + high) / 2
            low, high = (middle, high) if fit.at(middle) <= most else (low, middle)
        return low

    @property
    def doubling(self) -> float:
        """By how many times it grew with each doubling of the size, over the last step: 2 is linear, 4 quadratic."""
        (before, after), (less, more) = self.sizes[-2:], self.costs[-2:]
        return (more / less) ** (1 / math.log2(after / before))


def fitted(sizes: Sequence[float], costs: Sequence[float]) -> Fit:
    """The shape of these costs; raises ValueError for fewer than three sizes, or a cost that is not above nothing."""
    if len(sizes) < 3 or len(sizes) != len(costs) or min(costs) <= 0:
        raise ValueError("a slope needs three sizes or more, and a cost above nothing for each")
    best: Fit | None = None
    for shape in SHAPES:
        found = _of(shape, sizes, costs)
        if best is None or (best.error > STEADY and found.error < best.error * BETTER):
            best = found
    assert best
    return best


def _of(shape: str, sizes: Sequence[float], costs: Sequence[float]) -> Fit:
    """Least squares of relative errors, with neither part below nothing."""
    grown = [SHAPES[shape](size) for size in sizes]
    base = each = 0.0
    if not any(grown):
        base = sum(1 / cost for cost in costs) / sum(1 / cost**2 for cost in costs)
    else:
        weights = [1 / cost**2 for cost in costs]
        w, wg = sum(weights), sum(a * g for a, g in zip(weights, grown, strict=True))
        wgg = sum(a * g * g for a, g in zip(weights, grown, strict=True))
        wc = sum(a * c for a, c in zip(weights, costs, strict=True))
        wgc = sum(a * g * c for a, g, c in zip(weights, grown, costs, strict=True))
        each = (w * wgc - wg * wc) / (w * wgg - wg * wg)
        base = (wc - each * wg) / w
        if each < 0:
            base, each = wc / w, 0.0
        elif base < 0:
            base, each = 0.0, wgc / wgg
    missed = [(base + each * g - c) / c for g, c in zip(grown, costs, strict=True)]
    return Fit(shape, base, each, math.sqrt(sum(one * one for one in missed) / len(missed)))


def said(cost: float, unit: str) -> str:
    """A cost as people read it."""
    steps = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)) if unit == "s" else (
        ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1.0),
    )  # fmt: skip
    if unit == "s" and cost >= 3_600:
        return f"{cost / 3_600:,.1f} h"
    name, step = next(((name, step) for name, step in steps if cost >= step), steps[-1])
    return f"{cost / step:,.3g} {name}" if cost / step < 1_000 else f"{cost / step:,.0f} {name}"


def counted(size: float) -> str:
    """A size as people read it."""
    if math.isinf(size):
        return "any"
    return f"{size / 1e6:,.3g} M" if 1e6 <= size < 1e9 else f"{size / 1e9:,.0f} G" if size >= 1e9 else f"{size:,.0f}"


def table(series: Sequence[Series]) -> str:
    """The lines of the table: part, measured at, shape, on paper, up to which size it holds, verdict."""
    head = ("part", "measured", "x2", "shape", "on paper", "holds to", "verdict")
    rows = [head, *(_row(one) for one in series)]
    wide = [max(len(row[at]) for row in rows) for at in range(len(head))]
    return "\n".join("  ".join(f"{cell:<{wide[at]}}" for at, cell in enumerate(row)).rstrip() for row in rows)


def order(series: Sequence[Series]) -> str:
    """What does not hold at the size on paper, first what breaks first, each with the share of it that holds."""
    late = sorted((one.holds_to / one.paper, one.part.name) for one in series if not one.fits)
    return "\n".join(f"{share:>5.0%}  {name}" for share, name in late)


def _row(one: Series) -> tuple[str, ...]:
    part = one.part
    first, last = (f"{counted(one.sizes[at])}: {said(one.costs[at], part.unit)}" for at in (0, -1))
    verdict = "-" if part.most is None else "fits" if one.fits else f"needs {part.needs}"
    bound = "" if part.most is None else f" (at most {said(part.most, part.unit)})"
    paper = f"{said(one.foretold, part.unit)} at {counted(one.paper)} {one.of}"
    holds = "-" if part.most is None else counted(float(f"{one.holds_to:.2g}"))
    return part.name, f"{first} -> {last}", f"{one.doubling:.2f}", one.fit.shape, paper + bound, holds, verdict


def least(act: Callable[[], object], times: int = 5) -> float:
    """Processor seconds of this thread, of the quickest time: neighbours and the collector of garbage count least.

    What takes no time is done more often.
    """
    found: list[float] = []
    while len(found) < times or (sum(found) < MOMENT and times > 1 and len(found) < OFTEN):
        begun = time.thread_time()
        act()
        found.append(time.thread_time() - begun)
    return min(found)
