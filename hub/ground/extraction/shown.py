"""Which files a browser may show in place: told from how they begin, never from what they say they are.

PDF, pictures and plain text only, each with the one type that it is shown as; what a browser would run as script (HTML,
SVG, XML), and whatever is unknown, is never among them, however it is called.
"""

from pathlib import PurePath
from typing import Final

from hub.ground.extraction.formats import served
from hub.ground.extraction.readers.plain import encoding_of
from hub.ground.extraction.sniff import HEAD, format_of_head

__all__ = ["HEAD", "may_be_shown", "shown_as"]

_CHARSETS: Final = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "cp1252": "windows-1252",
}
"""Encodings of plain text that browsers read."""
_SUFFIXES: Final = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".txt", ".text", ".log", ".md"})
_KINDS: Final = frozenset({"pdf", "text", "markdown", "other"})


def shown_as(head: bytes, name: str) -> str:
    """The content type under which a file that begins with `head` (HEAD bytes, if it has so many) may be shown.

    An empty string for what may only be downloaded.
    """
    how = served(format_of_head(head, name))
    if not how.inline:
        return ""
    if how.content_type != "text/plain":
        return how.content_type
    charset = _CHARSETS.get(encoding_of(head))
    return f"text/plain; charset={charset}" if charset else ""


def may_be_shown(kind: str, name: str) -> bool:
    """Whether it is worth offering to show a file of this name and display type: a guess, for a link."""
    return kind in _KINDS and PurePath(name).suffix.lower() in _SUFFIXES
