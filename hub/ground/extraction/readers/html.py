"""Web pages and other marked-up text: the words, without scripts and styles."""

import re
from pathlib import Path
from typing import Any, cast

from lxml import etree

from hub.ground.extraction import xml
from hub.ground.extraction.outcome import Limits, Sink
from hub.ground.extraction.readers import plain
from hub.ground.extraction.readers.rows import Rows

_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_LONGEST_STYLE = 2_000
_SILENT = {"script", "style", "template", "noscript"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "option", "p", "pre", "section", "summary", "table", "title", "ul"
}  # fmt: skip
_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


class _Text:
    def __init__(self, sink: Sink) -> None:
        self._sink, self._silent, self._in_title, self.title = sink, 0, False, ""
        self._rows, self._empty = Rows(sink.add), 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        unseen = "hidden" in attributes or bool(_UNSEEN.search(attributes.get("style", "")[:_LONGEST_STYLE]))
        if self._silent or unseen or tag in _SILENT:  # with all that is in it
            self._sink.hide("text") if unseen and not self._silent else None
            self._silent += 1
        elif tag in _BLOCKS:
            self._rows.add("\n")
        elif tag == "tr":
            self._empty = 0
            self._rows.open_row()
        elif tag in {"td", "th"}:
            self._rows.open_cell(self._empty)
            wide = attributes.get("colspan", "1")
            self._empty = int(wide[:4]) - 1 if wide[:4].isdecimal() and int(wide[:4]) else 0
        self._in_title = tag == "title"
        if alternative := attributes.get("alt", "") if tag == "img" and not self._silent else "":
            self._rows.add(f" {alternative} ")

    def end(self, tag: str) -> None:
        if self._silent:
            self._silent -= 1
        elif tag in _BLOCKS:
            self._rows.add("\n")
        elif tag == "tr":
            self._rows.close_row()
        self._in_title = False

    def data(self, text: str) -> None:
        if self._in_title:
            self.title += text
        if not self._silent:
            self._rows.add(re.sub(r"\s+", " ", text))

    def close(self) -> None:
        pass


def words(markup: str, sink: Sink) -> str | None:
    """Put the words of `markup` into `sink`; returns the page's title."""
    target = _Text(sink)
    parser = etree.HTMLParser(target=cast("Any", target), no_network=True, huge_tree=False)
    if markup.strip():
        parser.feed(markup)
        parser.close()
    return " ".join(target.title.split()) or None


def read(path: Path, sink: Sink, limits: Limits) -> str | None:
    """A page; of a very long one, as much as ten times the limit of text."""
    with path.open("rb") as stream:
        data = stream.read(limits.text_bytes * 10)
    return words(plain.decode(data, charset(data)), sink)


def charset(data: bytes) -> str | None:
    """The encoding that a page names near its start."""
    declared = _CHARSET.search(data[:4096])
    return declared[1].decode("ascii") if declared else None


class _AllText:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, tag: str) -> None:  # noqa: ARG002
        self._sink.add(" ")

    def data(self, text: str) -> None:
        self._sink.add(text)


def read_xml(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """All words of an XML file, whatever its elements mean."""
    with path.open("rb") as stream:
        xml.parse(stream, _AllText(sink), with_document_type=True)
    return None
