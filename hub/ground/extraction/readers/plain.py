"""Plain text and Markdown: the encoding is found, the rest is left as it is."""

import codecs
import re
from pathlib import Path

from hub.ground.extraction.outcome import Enough, Limits, Sink

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FRONT_MATTER_TITLE = re.compile(r"\A---[ \t]*\n(?:.*\n)*?title:[ \t]*(?P<title>.+)\n", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(?P<title>.+)$", re.MULTILINE)
_MOST_NULS = 0.4  # of every second byte: Latin text in UTF-16 has nearly all


def encoding_of(data: bytes) -> str:
    """The encoding of a text that begins with `data`: by its mark, by trial as UTF-8, else Windows-1252."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    for name, nuls in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if nuls and nuls.count(0) > _MOST_NULS * len(nuls):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(data: bytes, declared: str | None = None) -> str:
    """`data` as text; `declared` is the encoding that its wrapping names, if Python knows it."""
    try:
        return data.decode(declared or encoding_of(data), "replace")
    except LookupError:
        return data.decode(encoding_of(data), "replace")


def read(path: Path, sink: Sink, limits: Limits) -> str | None:
    """The text, as far as the sink takes it."""
    with path.open("rb") as stream:
        data = stream.read(limits.text_bytes * 4)
        more = bool(stream.read(1))
    sink.add(decode(data))
    if more:
        sink.cut = True
        raise Enough
    return None


def read_markdown(path: Path, sink: Sink, limits: Limits) -> str | None:
    """The text with its marks; the title is that of the front matter, else the first heading."""
    read(path, sink, limits)
    return markdown_title(sink.text())


def markdown_title(text: str) -> str | None:
    """The title that a Markdown text gives itself."""
    found = _FRONT_MATTER_TITLE.search(text[:20_000]) or _HEADING.search(text[:20_000])
    return found["title"].strip().strip("\"'#").strip() or None if found else None
