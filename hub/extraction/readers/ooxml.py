"""Word and PowerPoint files of the Office Open XML kind (ECMA-376), read as streams: zip and lxml, no object model.

python-docx spent 8.6 s on a file of 23 KB with 5 MB of XML inside; this passes over it in a fraction of a second.
"""

import posixpath
from pathlib import Path
from urllib.parse import unquote

from hub.extraction import xml
from hub.extraction.archive import Archive
from hub.extraction.outcome import Limits, Sink, Unreadable

# Parts that hold words beside the main one, by the last word of their relationship's type.
_BESIDE = ("header", "footer", "footnotes", "endnotes", "comments", "diagramData", "notesSlide", "chart")
_LINE_AT_START, _LINE_AT_END = {"br", "cr"}, {"p", "tr"}
# What the reader of the document does not see: text deleted or moved away, and the second form of a drawing.
_HIDDEN = {"del", "moveFrom", "Fallback"}


class _Text:
    """Takes the words of w:t, a:t, m:t and c:v out of the stream of events."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._hidden, self._in_text = sink, 0, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in {"t", "v"}:
            self._in_text = not self._hidden
        elif tag in _LINE_AT_START:
            self._sink.add("\n")
        elif tag in {"tab", "noBreakHyphen"}:
            self._sink.add("\t" if tag == "tab" else "-")

    def end(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden -= 1
        elif tag in {"t", "v"}:
            self._in_text = False
            if tag == "v":
                self._sink.add("\n")
        elif tag in _LINE_AT_END:
            self._sink.add("\n")
        elif tag == "tc":
            self._sink.add("\t")

    def data(self, text: str) -> None:
        if self._in_text:
            self._sink.add(text)


class _Relations:
    """Reads a .rels part: (last word of the type, target part), and for slides their ids."""

    def __init__(self, source: str) -> None:
        self._folder = posixpath.dirname(source)
        self.found: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = unquote(attributes.get("Target", "").replace("\\", "/"))
            part = posixpath.normpath(posixpath.join("/" + self._folder, target)).lstrip("/")
            self.found.append((attributes.get("Type", "").rpartition("/")[2], part, attributes.get("Id", "")))

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


class _SlideOrder:
    def __init__(self) -> None:
        self.ids: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sldId":
            self.ids += [value for name, value in attributes.items() if name.endswith("}id")]

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


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


def read_word(path: Path, sink: Sink, limits: Limits) -> str | None:
    """The main text, then headers, footers, notes, comments and diagrams."""
    archive = Archive(path, limits)
    main = main_part(archive)
    read_words(archive, main, sink)
    _beside(archive, main, sink)
    return title(archive)


def read_slides(path: Path, sink: Sink, limits: Limits) -> str | None:
    """Slides in the order of the presentation, each with its notes, comments and diagrams."""
    archive = Archive(path, limits)
    main = main_part(archive)
    order = _SlideOrder()
    with archive.open(main) as stream:
        xml.parse(stream, order)
    parts = {identifier: part for _, part, identifier in relations(archive, main)}
    for identifier in order.ids:
        if (slide := parts.get(identifier)) and slide in archive:
            read_words(archive, slide, sink)
            _beside(archive, slide, sink)
            sink.add("\n")
    return title(archive)


def relations(archive: Archive, source: str) -> list[tuple[str, str, str]]:
    """(kind, target part, id) of what `source` points at inside the file; none when it has no .rels part."""
    folder, name = posixpath.split(source)
    rels = posixpath.join(folder, "_rels", name + ".rels")
    if rels not in archive:
        return []
    reader = _Relations(source)
    with archive.open(rels) as stream:
        xml.parse(stream, reader)
    return reader.found


def main_part(archive: Archive) -> str:
    """The part that the file's root points at as its document."""
    for kind, part, _ in relations(archive, ""):
        if kind == "officeDocument":
            return part
    raise Unreadable("damaged: nothing in it says which part is the document")


def title(archive: Archive) -> str | None:
    """The title that the file gives itself."""
    for kind, part, _ in relations(archive, ""):
        if kind == "core-properties" and part in archive:
            reader = _Title()
            with archive.open(part) as stream:
                xml.parse(stream, reader)
            return reader.text.strip() or None
    return None


def _beside(archive: Archive, source: str, sink: Sink) -> None:
    for kind, part, _ in relations(archive, source):
        if kind in _BESIDE and part in archive:
            read_words(archive, part, sink)


def read_words(archive: Archive, part: str, sink: Sink) -> None:
    """The words of one part."""
    with archive.open(part) as stream:
        xml.parse(stream, _Text(sink))
    sink.add("\n")
