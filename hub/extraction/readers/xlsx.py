"""Excel workbooks (ECMA-376, part 1, 18) as a stream of cells, for those that calamine cannot take.

calamine keeps a sheet as a full rectangle, so one stray cell in the last row costs gigabytes, and gives up a workbook
for one sheet that is wrong. This reads cell after cell. Dates come out as Excel's day numbers: calamine is asked first.
"""

import posixpath
import re
from pathlib import Path

from hub.extraction import xml
from hub.extraction.archive import Archive
from hub.extraction.outcome import Limits, Sink
from hub.extraction.readers.ooxml import main_part, read_words, relations

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
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


class _Cells:
    def __init__(self, strings: list[str], sink: Sink) -> None:
        self._strings, self._sink = strings, sink
        self._kind, self._value, self._inside, self._row = "", "", False, list[str]()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._kind, self._value = attributes.get("t", ""), ""
        self._inside = tag in {"v", "t"}

    def end(self, tag: str) -> None:
        self._inside = False
        if tag == "c" and self._value:
            self._row.append(self._shown())
        elif tag == "row" and self._row:
            self._sink.add("\t".join(self._row) + "\n")
            self._row = []

    def data(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _shown(self) -> str:
        if self._kind != "s":
            return self._value
        index = int(self._value) if self._value.isdecimal() else -1
        return self._strings[index] if 0 <= index < len(self._strings) else ""


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
    parts = [(kind, part) for kind, part, _ in relations(archive, main_part(archive)) if part in archive]
    strings = _Strings()
    for kind, part in parts:
        if kind == "sharedStrings":
            with archive.open(part) as stream:
                xml.parse(stream, strings)
    for kind, part in sorted(parts, key=lambda item: _natural(item[1])):
        if kind == "worksheet":
            with archive.open(part) as stream:
                xml.parse(stream, _Cells(strings.all, sink))
            sink.add("\n")


def read_beside(path: Path, sink: Sink, limits: Limits) -> None:
    """The comments and the text boxes of every sheet, which calamine leaves out."""
    archive = Archive(path, limits)
    for kind, sheet, _ in relations(archive, main_part(archive)):
        if kind == "worksheet":
            for what, part, _ in relations(archive, sheet):
                if what in {"comments", "threadedComment", "drawing"} and part in archive:
                    read_words(archive, part, sink)


def _natural(part: str) -> tuple[int, str]:
    digits = re.sub(r"\D", "", posixpath.basename(part))
    return (int(digits or 0), part)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
