"""Web pages and other marked-up text: the words, without scripts and styles."""

import re
from pathlib import Path
from typing import Any, cast

from lxml import etree

from hub.extraction import xml
from hub.extraction.outcome import Limits, Sink
from hub.extraction.readers import plain

_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_SILENT = {"script", "style", "template", "noscript"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "option", "p", "pre", "section", "summary", "table", "title", "tr", "ul"
}  # fmt: skip


class _Text:
    def __init__(self, sink: Sink) -> None:
        self._sink, self._silent, self._in_title, self.title = sink, 0, False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self._sink.add("\n")
        elif tag in {"td", "th"}:
            self._sink.add("\t")
        self._in_title = tag == "title"
        if alternative := attributes.get("alt", "") if tag == "img" else "":
            self._sink.add(f" {alternative} ")

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self._sink.add("\n")
        self._in_title = False

    def data(self, text: str) -> None:
        if self._in_title:
            self.title += text
        if not self._silent:
            self._sink.add(re.sub(r"\s+", " ", text))

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
