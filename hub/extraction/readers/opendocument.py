"""OpenDocument texts, spreadsheets and presentations (ISO/IEC 26300): the words of content.xml, as a stream."""

from pathlib import Path

from hub.extraction import xml
from hub.extraction.archive import Archive
from hub.extraction.outcome import Limits, Sink, Unreadable

_MOST_SPACES = 100  # text:c is a number that a file may set to anything
_HIDDEN = {"tracked-changes"}  # deleted text is kept there
_COUNT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}c"


class _Text:
    def __init__(self, sink: Sink) -> None:
        self._sink, self._hidden, self._lines = sink, 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in {"p", "h"}:
            self._lines += 1
        elif tag == "s":
            count = attributes.get(_COUNT, "1")
            self._add(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
        elif tag in {"tab", "line-break"}:
            self._add("\t" if tag == "tab" else "\n")

    def end(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden -= 1
        elif tag in {"p", "h"}:
            self._lines -= 1
            self._sink.add("\n" if not self._hidden else "")
        elif tag == "table-row":
            self._sink.add("\n")
        elif tag in {"table-cell", "covered-table-cell"}:
            self._sink.add("\t")

    def data(self, text: str) -> None:
        if self._lines:
            self._add(text)

    def _add(self, text: str) -> None:
        if not self._hidden:
            self._sink.add(text)


class _Title:
    def __init__(self) -> None:
        self._inside, self.text = False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        self._inside = tag == "title"

    def end(self, tag: str) -> None:  # noqa: ARG002
        self._inside = False

    def data(self, text: str) -> None:
        if self._inside:
            self.text += text


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
        raise Unreadable("password protected")
    with archive.open("content.xml") as stream:
        xml.parse(stream, _Text(sink))
    if "styles.xml" in archive:
        with archive.open("styles.xml") as stream:
            xml.parse(stream, _Text(sink))
    return _title(archive)


def _encrypted(archive: Archive) -> bool:
    if "META-INF/manifest.xml" not in archive:
        return False
    finder = _Encryption()
    with archive.open("META-INF/manifest.xml") as stream:
        xml.parse(stream, finder)
    return finder.found


def _title(archive: Archive) -> str | None:
    if "meta.xml" not in archive:
        return None
    reader = _Title()
    with archive.open("meta.xml") as stream:
        xml.parse(stream, reader)
    return reader.text.strip() or None
