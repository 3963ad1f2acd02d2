"""What two rows of texts have in common, found with no more work than is granted.

Texts that stand once in either row are matched first, in the longest order that both share (patience diff); what lies
between them is compared by Myers' greedy algorithm (E. W. Myers, An O(ND) Difference Algorithm, Algorithmica 1986),
whose work grows with the difference, and which gives up where it would grow too much.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Texts = Sequence[str]


class Run(NamedTuple):
    """Texts that are the same in both: from where in the older, from where in the newer, and how many."""

    older: int
    newer: int
    length: int


class Step(NamedTuple):
    """Texts `older[i:j]` that became `newer[k:m]`; the same where `same`."""

    same: bool
    i: int
    j: int
    k: int
    m: int


@dataclass
class Work:
    """How many steps may be taken still; `short` once there were not enough."""

    left: int
    short: bool = False

    def take(self, steps: int) -> bool:
        """Whether so many steps may be taken; they are then."""
        if steps > self.left:
            self.short = True
            return False
        self.left -= steps
        return True


def steps(older: Texts, newer: Texts, work: Work) -> Iterator[Step]:
    """How the older row becomes the newer, in order. Whole stretches are exchanged where work runs short."""
    i = k = 0
    for run in (*_joined(_runs(older, newer, work)), Run(len(older), len(newer), 0)):
        if run.older > i or run.newer > k:
            yield Step(same=False, i=i, j=run.older, k=k, m=run.newer)
        i, k = run.older + run.length, run.newer + run.length
        if run.length:
            yield Step(same=True, i=run.older, j=i, k=run.newer, m=k)


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    held: Run | None = None
    for run in runs:
        if held and (held.older + held.length, held.newer + held.length) == (run.older, run.newer):
            held = Run(held.older, held.newer, held.length + run.length)
            continue
        if held:
            yield held
        held = run
    if held:
        yield held


def _runs(older: Texts, newer: Texts, work: Work) -> Iterator[Run]:
    i = k = 0
    for at, to in (*_anchors(older, newer), (len(older), len(newer))):
        yield from (Run(i + run.older, k + run.newer, run.length) for run in _greedy(older[i:at], newer[k:to], work))
        if at < len(older):
            yield Run(at, to, 1)
        i, k = at + 1, to + 1


def _anchors(older: Texts, newer: Texts) -> list[tuple[int, int]]:
    """Texts that stand once in either, as many as follow one another in both."""
    once = {text for text, count in Counter(older).items() if count == 1}
    once &= {text for text, count in Counter(newer).items() if count == 1}
    there = {text: place for place, text in enumerate(newer) if text in once}
    pairs = [(place, there[text]) for place, text in enumerate(older) if text in once]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs whose second numbers rise, as their first do."""
    ends: list[int] = []  # the smallest number with which a row of each length ends
    last: list[int] = []  # and the pair that it is of
    before: list[int] = []
    for number, (_, to) in enumerate(pairs):
        length = bisect_left(ends, to)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [to], [number]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _greedy(older: Texts, newer: Texts, work: Work) -> Iterator[Run]:
    shorter = min(len(older), len(newer))
    start = next((n for n in range(shorter) if older[n] != newer[n]), shorter)
    end = next((n for n in range(shorter - start) if older[-1 - n] != newer[-1 - n]), shorter - start)
    if start:
        yield Run(0, 0, start)
    between = older[start : len(older) - end], newer[start : len(newer) - end]
    if not set(between[0]).isdisjoint(between[1]):
        yield from (Run(start + run.older, start + run.newer, run.length) for run in _myers(*between, work))
    if end:
        yield Run(len(older) - end, len(newer) - end, end)


Reached = tuple[int, list[int]]
"""How far into the older row one came with so many changes: on the lowest diagonal, and on each second one above it."""


def _myers(older: Texts, newer: Texts, work: Work) -> list[Run]:
    """The texts that both have, with the fewest changes; none of them where that takes too much work."""
    size, other = len(older), len(newer)
    rounds: list[Reached] = [(1, [0])]
    for changes in range(size + other + 1):
        low = -changes + 2 * max(0, changes - other)
        high = changes - 2 * max(0, changes - size)
        if not work.take(changes + 1):
            return []
        row: list[int] = []
        for diagonal in range(low, high + 1, 2):
            x = begun = _furthest(rounds[-1], diagonal)
            while x < size and x - diagonal < other and older[x] == newer[x - diagonal]:
                x += 1
            if x > begun and not work.take(x - begun):
                return []
            row.append(x)
            if x >= size and x - diagonal >= other:
                return _back(rounds, size, other)
        rounds.append((low, row))
    return []


def _furthest(reached: Reached, diagonal: int) -> int:
    """Where a diagonal is entered: from above with a text of the newer row, or from the left with one of the older."""
    low, row = reached
    at = (diagonal - 1 - low) >> 1
    left = row[at] + 1 if 0 <= at < len(row) else -1
    above = row[at + 1] if -1 <= at < len(row) - 1 else -1
    return max(left, above)


def _back(rounds: list[Reached], x: int, y: int) -> list[Run]:
    found = []
    for reached in reversed(rounds):
        diagonal = x - y
        begun = _furthest(reached, diagonal)
        if x > begun:
            found.append(Run(begun, begun - diagonal, x - begun))
        low, row = reached
        at = (diagonal - 1 - low) >> 1
        from_left = 0 <= at < len(row) and row[at] + 1 == begun
        x, y = (begun - 1, begun - diagonal) if from_left else (begun, begun - diagonal - 1)
    return found[::-1]
