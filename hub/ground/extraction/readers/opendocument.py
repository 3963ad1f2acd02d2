"""OpenDocument texts, spreadsheets and presentations (ISO/IEC 26300): the words of content.xml, as a stream."""

from pathlib import Path
from typing import Final

from hub.ground.extraction import xml
from hub.ground.extraction.archive import Archive
from hub.ground.extraction.described import Described
from hub.ground.extraction.outcome import PROTECTED, Limits, Sink, Unreadable
from hub.ground.extraction.readers.rows import Rows

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SHOW: Final = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_MOST_SPACES = 100  # text:c is a number that a file may set to anything
_SILENT = {"tracked-changes", "note-citation", "creator", "creator-initials", "date"}
"""Deleted text is kept in the first; the others are a footnote's number, and who wrote a comment, when."""
_ASIDE = {"annotation", "note"}
_CELLS = {"table-cell", "covered-table-cell"}
_HIDING = {
    "section": ("section", {f"{_TEXT}display": "none"}),
    "hidden-text": ("text", {f"{_TEXT}is-hidden": "true"}),
    "hidden-paragraph": ("text", {f"{_TEXT}is-hidden": "true"}),
    "table-row": ("row", {f"{_TABLE}visibility": "collapse"}),
    "table": ("sheet", {}), "page": ("slide", {}), "span": ("text", {}),
}  # fmt: skip
"""Elements that may be out of the reader's sight: what to call them, and what says so besides their style."""
_UNSEEN = ((f"{_TABLE}display", "false"), (f"{_TEXT}display", "none"), (f"{_SHOW}visibility", "hidden"))
"""What in the properties of a style says so."""
_NAMES = (f"{_TEXT}name", f"{_TABLE}name", f"{_DRAW}name")
_STYLES = (f"{_TEXT}style-name", f"{_TABLE}style-name", f"{_DRAW}style-name")


class _Text:
    """The words in order; comments and footnotes after the paragraph that they stand in, in lines of their own."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._rows = sink, Rows(sink.add)
        self._silent, self._lines = 0, 0
        self._asides: list[str] = []
        self._open: list[tuple[int, list[str]]] = []
        self._hidden: list[bool] = []
        self._styles: set[str] = set()
        self._style = ""
        self._empty = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _HIDING:
            self._hidden.append(self._hides(tag, attributes))
        if tag in _SILENT:
            self._silent += 1
        elif tag in _ASIDE:
            self._open.append((self._lines, []))
            self._lines = 0
        elif tag in {"p", "h"}:
            self._lines += 1
        elif tag == "s":
            count = attributes.get(f"{_TEXT}c", "1")
            self._add(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
        elif tag in {"tab", "line-break"}:
            self._add("\t" if tag == "tab" else "\n")
        elif tag == "style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif tag.endswith("-properties"):
            self._styles |= {self._style} if any(attributes.get(name) == value for name, value in _UNSEEN) else set()
        else:
            self._table(tag, attributes)

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        elif tag in _ASIDE and self._open:
            self._lines, words = self._open.pop()
            self._asides.append("".join(words).strip() + "\n")
        elif tag in {"p", "h"}:
            self._lines -= 1
            self._add("\n")
            if not self._open:
                asides, self._asides = self._asides, []
                for aside in asides:
                    self._add(aside)
        elif tag == "table-row":
            self._rows.close_row()
        if tag in _HIDING and self._hidden:
            self._hidden.pop()

    def data(self, text: str) -> None:
        if self._lines:
            self._add(text)

    def _table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table-row":
            self._empty = 0
            self._rows.open_row()
        elif tag in _CELLS:
            self._rows.open_cell(self._empty)
            repeated = attributes.get(f"{_TABLE}number-columns-repeated", "1")
            self._empty = (int(repeated) if repeated.isdecimal() else 1) - 1

    def _hides(self, tag: str, attributes: dict[str, str]) -> bool:
        kind, signs = _HIDING[tag]
        said = any(attributes.get(name) == value for name, value in signs.items())
        if not said and not any(attributes.get(name) in self._styles for name in _STYLES):
            return False
        if not any(self._hidden):
            self._sink.hide(kind, next((attributes[name] for name in _NAMES if name in attributes), ""))
        return True

    def _add(self, text: str) -> None:
        if self._silent or any(self._hidden):
            return
        if self._open:
            self._open[-1][1].append(text)
        else:
            self._rows.add(text)


class _Encryption:
    def __init__(self) -> None:
        self.found = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        self.found = self.found or tag == "encryption-data"

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


def read(path: Path, sink: Sink, limits: Limits) -> str | None:
    """Paragraphs, headings and table cells; then the page headers and footers of styles.xml."""
    archive = Archive(path, limits)
    if _encrypted(archive):
        raise Unreadable(PROTECTED)
    title = _describe(archive, sink)
    with archive.open("content.xml") as stream:
        xml.parse(stream, _Text(sink))
    if "styles.xml" in archive:
        with archive.open("styles.xml") as stream:
            xml.parse(stream, _Text(sink))
    return title


def _encrypted(archive: Archive) -> bool:
    if "META-INF/manifest.xml" not in archive:
        return False
    finder = _Encryption()
    with archive.open("META-INF/manifest.xml") as stream:
        xml.parse(stream, finder)
    return finder.found


def _describe(archive: Archive, sink: Sink) -> str | None:
    """Note who wrote it and when, as it says itself: `creator` is who saved it last. Returns its title."""
    if "meta.xml" not in archive:
        return None
    reader = xml.Described("title", "initial-creator", "creator", "creation-date", "date")
    with archive.open("meta.xml") as stream:
        xml.parse(stream, reader)
    said = reader.found
    author = said.get("initial-creator", "").strip() or said.get("creator", "")
    sink.described = Described(author, said.get("creation-date", ""), said.get("date", ""))
    return said.get("title", "").strip() or None
