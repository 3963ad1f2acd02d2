"""Tables as lines of text: cells apart by tabs, an empty one in its place, so that values stay under their headings."""

from collections.abc import Callable
from typing import Final

_MOST_EMPTY: Final = 500
"""Empty cells in a row that are told apart: a file may say that there are thousands."""
_MOST_HELD: Final = 2_000_000
"""Characters of an unfinished row that are kept; a longer one is let go as it stands."""


class Rows:
    """Text that may hold tables, and tables in their cells: what is added goes on by `out`, of a table row by row."""

    def __init__(self, out: Callable[[str], None]) -> None:
        self._out = out
        self._rows: list[list[list[str]]] = []
        self._held = 0

    def add(self, text: str) -> None:
        """Text of the cell that is open, or of no table."""
        if not self._rows:
            self._out(text)
            return
        if not self._rows[-1]:
            self._rows[-1].append([])
        self._rows[-1][-1].append(text)
        self._held += len(text)
        if self._held > _MOST_HELD:
            while self._rows:
                self.close_row()

    def open_row(self) -> None:
        """A row begins, perhaps within a cell."""
        self._rows.append([])

    def open_cell(self, empty_before: int = 0) -> None:
        """A cell begins, after so many that are not there."""
        if self._rows:
            self._rows[-1] += [[] for _ in range(min(empty_before, _MOST_EMPTY) + 1)]

    def close_row(self) -> None:
        """The row ends: without the empty cells at its end, and not at all if it has no others."""
        if not self._rows:
            return
        cells = ["".join(cell).strip() for cell in self._rows.pop()]
        if not self._rows:
            self._held = 0
        if line := "\t".join(cells).rstrip("\t"):
            self.add(line + "\n")
