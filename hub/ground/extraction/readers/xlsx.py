"""Excel workbooks (ECMA-376, part 1, 18) as a stream of cells, for those that calamine cannot take.

calamine keeps a sheet as a full rectangle, so one stray cell in the last row costs gigabytes, and gives up a workbook
for one sheet that is wrong. This reads cell after cell. Dates come out as Excel's day numbers: calamine is asked first.
"""

import posixpath
import re
from pathlib import Path

from hub.ground.extraction import xml
from hub.ground.extraction.archive import Archive
from hub.ground.extraction.outcome import Limits, Sink
from hub.ground.extraction.readers.ooxml import main_part, read_words, relations
from hub.ground.extraction.readers.rows import Rows

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_CELL = re.compile(rb"([A-Z]{1,3})\d")
_HIDDEN = re.compile(rb"hidden=[\"'](?:1|true)[\"']")
_ON = {"1", "true"}
_MOST_COLUMNS = 16_384
_MOST_CELLS = 8_000_000  # of one sheet's rectangle; 24 bytes each in calamine


class _Strings:
    """The table of shared strings: one entry for each si."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._parts: list[str] = []
        self._inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        self._inside = tag == "t"

    def end(self, tag: str) -> None:
        self._inside = False
        if tag in {"si", "sstItem"}:
            self.all.append("".join(self._parts))
            self._parts = []

    def data(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)


class Unseen:
    """Which rows and columns of a sheet are hidden: a target for its part (ECMA-376, part 1, 18.3.1.13 and .73)."""

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self._row, self._row_hidden = -1, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of a row or of columns; both are counted from 0."""
        if tag == "row":
            named = attributes.get("r", "")
            self._row = int(named) - 1 if named.isdecimal() else self._row + 1
            self._row_hidden = attributes.get("hidden", "0") in _ON
            self.rows |= {self._row} if self._row_hidden else set()
        elif tag == "col" and attributes.get("hidden", "0") in _ON:
            first, last = (attributes.get(name, "") for name in ("min", "max"))
            if first.isdecimal() and last.isdecimal():
                self.columns |= set(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))

    def hides(self, column: int) -> bool:
        """Whether a cell in this column of the row that is being read is out of sight."""
        return self._row_hidden or column in self.columns

    def end(self, tag: str) -> None:
        """Nothing to do."""

    def data(self, text: str) -> None:
        """Nothing to do."""


class _Sheets:
    """The sheets that a workbook names: relation -> (name, whether it is shown)."""

    def __init__(self) -> None:
        self.by_relation: dict[str, tuple[str, bool]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identifier = next((value for name, value in attributes.items() if name.endswith("}id")), "")
            self.by_relation[identifier] = (attributes.get("name", ""), attributes.get("state", "visible") == "visible")

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


class _Cells:
    """Cells that are shown, each in its column."""

    def __init__(self, strings: list[str], sink: Sink) -> None:
        self._strings, self._rows = strings, Rows(sink.add)
        self._kind, self._value, self._inside, self._column, self._next = "", "", False, 0, 0
        self.unseen = Unseen()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.unseen.start(tag, attributes)
        if tag == "row":
            self._next = 0
            self._rows.open_row()
        elif tag == "c":
            self._kind, self._value = attributes.get("t", ""), ""
            named = _CELL.match(attributes.get("r", "").encode())
            self._column = _column(named[1]) - 1 if named else self._next
        self._inside = tag in {"v", "t"}

    def end(self, tag: str) -> None:
        self._inside = False
        if tag == "c" and self._value and not self.unseen.hides(self._column):
            self._rows.open_cell(max(0, self._column - self._next))
            self._rows.add(self._shown())
            self._next = self._column + 1
        elif tag == "row":
            self._rows.close_row()

    def data(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _shown(self) -> str:
        if self._kind != "s":
            return self._value
        index = int(self._value) if self._value.isdecimal() else -1
        return self._strings[index] if 0 <= index < len(self._strings) else ""


def unseen(path: Path, limits: Limits) -> dict[str, Unseen]:
    """Hidden rows and columns by the name of their sheet; sheets without any are left out."""
    archive = Archive(path, limits)
    main = main_part(archive)
    sheets, found = _sheets(archive, main), dict[str, Unseen]()
    for kind, part, identifier in relations(archive, main):
        if kind == "worksheet" and part in archive and identifier in sheets and _mentions(archive, part):
            target = found[sheets[identifier][0]] = Unseen()
            with archive.open(part) as stream:
                xml.parse(stream, target)
    return found


def _sheets(archive: Archive, main: str) -> dict[str, tuple[str, bool]]:
    target = _Sheets()
    with archive.open(main) as stream:
        xml.parse(stream, target)
    return target.by_relation


def _mentions(archive: Archive, part: str) -> bool:
    """Whether a part says anything of hidden things: most do not, and are not parsed for it."""
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(65536):
            if _HIDDEN.search(kept + chunk):
                return True
            kept = chunk[-32:]
    return False


def too_wide(path: Path, limits: Limits) -> bool:
    """Whether a sheet says of itself that its rectangle is too large to be kept whole."""
    archive = Archive(path, limits)
    for kind, part, _ in relations(archive, main_part(archive)):
        if kind == "worksheet" and part in archive:
            with archive.open(part) as stream:
                found = _DIMENSION.search(stream.read(4096))
            if found and _column(found[3]) * int(found[4]) > _MOST_CELLS:
                return True
    return False


def read(path: Path, sink: Sink, limits: Limits) -> None:
    """Every sheet that is there, in the order of the workbook's relations."""
    archive = Archive(path, limits)
    main = main_part(archive)
    parts = [each for each in relations(archive, main) if each[1] in archive]
    strings, sheets = _Strings(), _sheets(archive, main)
    for kind, part, _ in parts:
        if kind == "sharedStrings":
            with archive.open(part) as stream:
                xml.parse(stream, strings)
    for kind, part, identifier in sorted(parts, key=lambda item: _natural(item[1])):
        name, shown = sheets.get(identifier, ("", True))
        if kind == "worksheet" and not shown:
            sink.hide("sheet", name)
        elif kind == "worksheet":
            cells = _Cells(strings.all, sink)
            with archive.open(part) as stream:
                xml.parse(stream, cells)
            tell(cells.unseen, name, sink)
            sink.add("\n")


def read_beside(path: Path, sink: Sink, limits: Limits) -> None:
    """The comments and the text boxes of every sheet that is shown, which calamine leaves out."""
    archive = Archive(path, limits)
    main = main_part(archive)
    sheets = _sheets(archive, main)
    for kind, sheet, identifier in relations(archive, main):
        if kind == "worksheet" and sheets.get(identifier, ("", True))[1]:
            for what, part, _ in relations(archive, sheet):
                if what in {"comments", "threadedComment", "drawing"} and part in archive:
                    read_words(archive, part, sink)


def tell(hidden: Unseen, sheet: str, sink: Sink) -> None:
    """Note each hidden row and column of a sheet."""
    for row in sorted(hidden.rows):
        sink.hide("row", f"{sheet} {row + 1}")
    for column in sorted(hidden.columns):
        sink.hide("column", f"{sheet} {_letters(column)}")


def _letters(column: int) -> str:
    """The name of a column that is counted from 0: A, Z, AA."""
    name, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _natural(part: str) -> tuple[int, str]:
    digits = re.sub(r"\D", "", posixpath.basename(part))
    return (int(digits or 0), part)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
