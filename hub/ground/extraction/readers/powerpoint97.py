"""PowerPoint 97 to 2003 files: the words of the slides that are in force (MS-PPT 2.1.2, 2.9.41, 2.9.42).

A saved file may carry older versions of its slides behind it. Only records that the latest edit points at are read, so
that a sentence which was deleted stays deleted.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.ground.extraction.outcome import PROTECTED, Damaged, Limits, Sink, Unreadable
from hub.ground.extraction.readers.compound import opened

_CONTAINER = 0xF
_DOCUMENT, _SLIDE_LIST, _SLIDE_PERSIST = 1000, 4080, 1011
_USER_EDIT, _PERSIST_DIRECTORY = 4085, 6002
_TEXT_CHARACTERS, _TEXT_BYTES, _STRING = 4000, 4008, 4026
_HEADERS_FOOTERS, _COMMENT = 4057, 12000
_SAID = 1  # which string of a comment is its text: the others are its author's
_ENCRYPTED_TOKEN = 0xF3D1C4DF
_MOST_DEPTH = 64
_USER_BYTES = 20  # of the "Current User" stream, as far as it is read
_EDIT_WITH_LOCK = 32  # bytes of an edit that names its encryption (MS-PPT 2.3.3)
_MASTERS = 1  # the instance of the list that names master slides, whose words are prompts ("Click to edit…")


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    container: bool
    start: int  # of its content
    end: int


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Headers and footers of all slides, then each slide with its own and its comments, then notes."""
    with opened(path) as compound:
        if "PowerPoint Document" not in compound:
            raise Unreadable("it was made by PowerPoint 95. Open it in PowerPoint, save it as .pptx, and upload that")
        user = compound.read("Current User") if "Current User" in compound else b""
        data = compound.read("PowerPoint Document")
    if len(user) >= _USER_BYTES and struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED_TOKEN:
        raise Unreadable(PROTECTED)
    live = _persist_directory(data, user)
    for record in _records(data, 0, len(data)):
        if record.kind == _DOCUMENT and record.start - 8 in live.values():
            _document(data, record, live, sink)
            return None
    _all_words(data, sink)
    return None


def _document(data: bytes, document: _Record, live: dict[int, int], sink: Sink) -> None:
    """Follows the lists of slides and notes of the document in force."""
    for record in _records(data, document.start, document.end):
        if record.kind == _HEADERS_FOOTERS:
            _words(data, record, sink)
        if record.kind != _SLIDE_LIST or record.instance == _MASTERS:
            continue
        for item in _records(data, record.start, record.end):
            if item.kind == _SLIDE_PERSIST:
                slide = live.get(_number(data, item.start))
                if slide is not None:
                    for part in _records(data, slide, len(data), once=True):
                        _words(data, part, sink)
                sink.add("\n")
            else:
                _words(data, item, sink)


def _words(data: bytes, record: _Record, sink: Sink, depth: int = 0) -> None:
    if record.kind in {_HEADERS_FOOTERS, _COMMENT}:
        for inner in _records(data, record.start, record.end):
            if inner.kind == _STRING and (record.kind != _COMMENT or inner.instance == _SAID):
                sink.add(_clean(data[inner.start : inner.end].decode("utf-16-le", "replace")))
    elif record.container and depth < _MOST_DEPTH:
        for inner in _records(data, record.start, record.end):
            _words(data, inner, sink, depth + 1)
    elif record.kind == _TEXT_CHARACTERS:
        sink.add(_clean(data[record.start : record.end].decode("utf-16-le", "replace")))
    elif record.kind == _TEXT_BYTES:
        # MS-PPT 2.9.42: each byte is the low byte of a UTF-16 character whose high byte is 0.
        sink.add(_clean(data[record.start : record.end].decode("latin-1")))


def _all_words(data: bytes, sink: Sink) -> None:
    """For a file whose last edit cannot be followed: every slide and note that is there."""
    for record in _records(data, 0, len(data)):
        _words(data, record, sink)


def _persist_directory(data: bytes, user: bytes) -> dict[int, int]:
    """Persist id -> offset, the latest edit first (MS-PPT 2.1.2, steps 1 to 9); empty when the chain is broken."""
    live: dict[int, int] = {}
    at = _number(user, 16) if len(user) >= _USER_BYTES else 0
    seen: set[int] = set()
    while at and at not in seen and at + 8 <= len(data):
        seen.add(at)
        edit = next(_records(data, at, len(data), once=True), None)
        if edit is None or edit.kind != _USER_EDIT:
            break
        if edit.end - edit.start >= _EDIT_WITH_LOCK:
            raise Unreadable(PROTECTED)
        directory = next(_records(data, _number(data, edit.start + 12), len(data), once=True), None)
        if directory is not None and directory.kind == _PERSIST_DIRECTORY:
            for identifier, offset in _entries(data, directory):
                live.setdefault(identifier, offset)
        at = _number(data, edit.start + 8)
    return live


def _entries(data: bytes, directory: _Record) -> Iterator[tuple[int, int]]:
    at = directory.start
    while at + 4 <= directory.end:
        head = _number(data, at)
        first, count = head & 0xFFFFF, head >> 20
        at += 4
        for index in range(min(count, (directory.end - at) // 4)):
            yield first + index, _number(data, at + 4 * index)
        at += 4 * count


def _records(data: bytes, start: int, end: int, *, once: bool = False) -> Iterator[_Record]:
    """The records side by side in data[start:end]; stops where a header points past the end."""
    at = start
    while at + 8 <= end:
        head, kind, length = struct.unpack_from("<HHI", data, at)
        if at + 8 + length > end:
            length = end - at - 8
        yield _Record(kind, head >> 4, head & _CONTAINER == _CONTAINER, at + 8, at + 8 + length)
        if once:
            return
        at += 8 + length


def _clean(text: str) -> str:
    return text.replace("\r", "\n").replace("\x0b", "\n") + "\n"


def _number(data: bytes, at: int) -> int:
    try:
        return int(struct.unpack_from("<I", data, at)[0])
    except struct.error as error:
        raise Damaged("a record of it points past its end") from error
