"""What differs between two texts: line by line, and word by word within lines that were changed.

Bounded: only the beginning of very long texts is compared, and where two are too different to be told apart with the
work of one request, whole lines are shown instead of words, and whole stretches instead of lines.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from hub.features.writing.matching import Work, steps

MOST_CHARACTERS: Final = 200_000
MOST_LINES: Final = 4_000
MOST_WORDS: Final = 600
"""Words of one line that are compared; longer lines are shown whole, the older and the newer one."""
MOST_WORK: Final = 200_000
"""Steps of matching lines, and as many of matching words: about a quarter of a second each."""
AROUND: Final = 2
"""Unchanged lines that are shown before and after a change."""
ALIKE: Final = 0.35
"""How much two lines must share to be shown as one that was changed."""
_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]")

SAME, ADDED, REMOVED = "same", "added", "removed"
Pieces = tuple[tuple[str, str], ...]
"""Pieces of a line in order: same, added or removed; and the text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind` is same, added, removed or changed; of a gap, `skipped` counts the unchanged lines left out."""

    kind: str
    pieces: Pieces = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """The lines that tell two texts apart, with a little of what is around them. No lines: they are the same."""

    lines: tuple[Line, ...]
    added: int
    """Lines that only the newer text has, or has otherwise."""
    removed: int
    cut: bool
    """Whether only the beginning of the texts was compared."""
    coarse: bool = False
    """Whether the texts were too different to be compared to the end line by line, or word by word."""


def compare(older: str, newer: str) -> Difference:
    """What became of `older` in `newer`."""
    before, cut_before = _lines(older)
    after, cut_after = _lines(newer)
    work, words = Work(MOST_WORK), Work(MOST_WORK)
    lines = list(_compared(before, after, work, words))
    changed = any(line.kind != SAME for line in lines)
    return Difference(
        lines=tuple(_shortened(lines)) if changed else (),
        added=sum(line.kind in {ADDED, "changed"} for line in lines),
        removed=sum(line.kind in {REMOVED, "changed"} for line in lines),
        cut=cut_before or cut_after,
        coarse=work.short or words.short,
    )


def _lines(text: str) -> tuple[list[str], bool]:
    lines = text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    cut = len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES
    return ([] if lines == [""] else lines[:MOST_LINES]), cut


def _compared(before: list[str], after: list[str], work: Work, words: Work) -> Iterator[Line]:
    for step in steps(before, after, work):
        old, new = before[step.i : step.j], after[step.k : step.m]
        yield from _same(old) if step.same else _replaced(old, new, words)


def _same(lines: list[str]) -> Iterator[Line]:
    return (Line(SAME, ((SAME, text),)) for text in lines)


def _replaced(before: list[str], after: list[str], words: Work) -> Iterator[Line]:
    """Lines in each other's place: pairs that are alike as one changed line, others as removed and added."""
    removed, added = [], []
    for old, new in zip_longest(before, after):
        pieces = _pieces(old, new, words) if old is not None and new is not None else None
        if pieces is None:
            removed += [Line(REMOVED, ((REMOVED, old),))] if old is not None else []
            added += [Line(ADDED, ((ADDED, new),))] if new is not None else []
            continue
        yield from (*removed, *added, Line(SAME if old == new else "changed", pieces))
        removed, added = [], []
    yield from (*removed, *added)


def _pieces(old: str, new: str, work: Work) -> Pieces | None:
    """The pieces of a changed line; None where the two have too little in common, or there is too much to do."""
    if old == new:
        return ((SAME, old),)
    if max(len(old), len(new)) > MOST_WORDS * 20:
        return None
    before, after = _WORD.findall(old), _WORD.findall(new)
    enough = ALIKE * (len(before) + len(after)) / 2
    if max(len(before), len(after)) > MOST_WORDS or (Counter(before) & Counter(after)).total() < enough:
        return None
    found = list(steps(before, after, work))
    if sum(step.j - step.i for step in found if step.same) < enough:
        return None
    pieces: list[tuple[str, str]] = []
    for step in found:
        if step.same:
            pieces.append((SAME, "".join(before[step.i : step.j])))
            continue
        pieces += [(REMOVED, "".join(before[step.i : step.j]))] if step.j > step.i else []
        pieces += [(ADDED, "".join(after[step.k : step.m]))] if step.m > step.k else []
    return tuple(pieces)


def _shortened(lines: list[Line]) -> Iterable[Line]:
    """Unchanged lines only where they are near a change; a gap says how many were left out."""
    near: set[int] = set()
    for place, line in enumerate(lines):
        if line.kind != SAME:
            near.update(range(place - AROUND, place + AROUND + 1))
    skipped = 0
    for place, line in enumerate(lines):
        if place not in near:
            skipped += 1
            continue
        if skipped:
            yield Line("gap", skipped=skipped)
            skipped = 0
        yield line
    if skipped:
        yield Line("gap", skipped=skipped)
