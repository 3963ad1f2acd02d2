"""What differs between two texts: line by line, and word by word within lines that were changed.

Bounded: only the beginning of very long texts is compared, and words only where both lines are short enough.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

MOST_CHARACTERS: Final = 200_000
MOST_LINES: Final = 4_000
MOST_WORDS: Final = 600
"""Words of one line that are compared; longer lines are shown whole, the older and the newer one."""
MOST_PAIRS: Final = 2_000_000
"""Pairs of words that are compared in all; lines after that are shown whole."""
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


def compare(older: str, newer: str) -> Difference:
    """What became of `older` in `newer`."""
    before, cut_before = _lines(older)
    after, cut_after = _lines(newer)
    lines = list(_compared(before, after))
    changed = any(line.kind != SAME for line in lines)
    return Difference(
        lines=tuple(_shortened(lines)) if changed else (),
        added=sum(line.kind in {ADDED, "changed"} for line in lines),
        removed=sum(line.kind in {REMOVED, "changed"} for line in lines),
        cut=cut_before or cut_after,
    )


def _lines(text: str) -> tuple[list[str], bool]:
    lines = text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    cut = len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES
    return ([] if lines == [""] else lines[:MOST_LINES]), cut


def _compared(before: list[str], after: list[str]) -> Iterator[Line]:
    words = _Words()
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    start = min(len(before), len(after)) if start is None else start
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    yield from _same(before[:start])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    # lines that are very frequent (blank ones) are not matched on: that is what keeps the matcher fast
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        yield from _same(old[i:j]) if tag == "equal" else _replaced(old[i:j], new[k:m], words)
    yield from _same(before[len(before) - end :])


def _same(lines: list[str]) -> Iterator[Line]:
    return (Line(SAME, ((SAME, text),)) for text in lines)


def _replaced(before: list[str], after: list[str], words: "_Words") -> Iterator[Line]:
    """Lines in each other's place: pairs that are alike as one changed line, others as removed and added."""
    removed, added = [], []
    for old, new in zip_longest(before, after):
        pieces = words.compared(old, new) if old is not None and new is not None else None
        if pieces is None:
            removed += [Line(REMOVED, ((REMOVED, old),))] if old is not None else []
            added += [Line(ADDED, ((ADDED, new),))] if new is not None else []
            continue
        yield from (*removed, *added, Line("changed", pieces))
        removed, added = [], []
    yield from (*removed, *added)


class _Words:
    """Compares words within lines, until the work that one request may cause is used up."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS

    def compared(self, old: str, new: str) -> Pieces | None:
        """The pieces of a changed line; None where the two have too little in common, or there is too much to do."""
        if max(len(old), len(new)) > MOST_WORDS * 20:
            return None
        before, after = _WORD.findall(old), _WORD.findall(new)
        pairs = len(before) * len(after)
        if max(len(before), len(after)) > MOST_WORDS or pairs > self._left:
            return None
        self._left -= pairs
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        if matcher.quick_ratio() < ALIKE or matcher.ratio() < ALIKE:
            return None
        pieces: list[tuple[str, str]] = []
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag == "equal":
                pieces.append((SAME, "".join(before[i:j])))
                continue
            pieces += [(REMOVED, "".join(before[i:j]))] if j > i else []
            pieces += [(ADDED, "".join(after[k:m]))] if m > k else []
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
