"""ZIP containers of office files, read within limits: nothing is unpacked before its declared size was judged."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from hub.ground.extraction.outcome import PROTECTED, Damaged, Limits, TooLarge, Unreadable

# A part this much larger than its packed form, and larger than a megabyte, is a bomb: office XML packs to a tenth or a
# fiftieth; the fullest real sheets to a three-hundredth; deflate can reach a thousandth.
_MOST_RATIO = 500
_SMALL = 20_000_000
_ENCRYPTED = 0x1
_TAIL, _END_RECORD, _WIDE_END_RECORD = 70_000, 22, 56
_MOST_ENTRY = 300  # bytes of one line of the table of contents, on average
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError, LookupError)


class Archive:
    """An open container. Names are looked up as they are, then without regard to case, as Office does."""

    def __init__(self, path: Path, limits: Limits) -> None:
        judge_directory(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except BROKEN as error:
            raise Damaged("not a whole ZIP container") from error
        self._limits = limits
        entries = self._zip.infolist()
        if len(entries) > limits.parts:
            raise TooLarge(f"it holds {len(entries):,} parts, and the hub reads up to {limits.parts:,}")
        if (total := sum(entry.file_size for entry in entries)) > limits.unpacked_bytes:
            raise TooLarge(f"it would unpack to {total / 1e9:,.1f} GB")
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        self.names = [entry.filename.replace("\\", "/").lstrip("/") for entry in entries]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The part as a stream that ends at the limit with Unreadable, whatever the container declared."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise Damaged(f"its part {name[:80]} is missing")
        if entry.flag_bits & _ENCRYPTED:
            raise Unreadable(PROTECTED)
        bomb = entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)
        if bomb or entry.file_size > self._limits.part_bytes:
            raise TooLarge(f"one of its parts would unpack to {entry.file_size / 1e6:,.0f} MB")
        try:
            with self._zip.open(entry) as stream:
                yield _Bounded(stream, self._limits.part_bytes)  # type: ignore[misc]
        except BROKEN as error:
            raise Damaged(f"its part {name[:80]} cannot be unpacked") from error

    def read(self, name: str, limit: int = 10_000_000) -> bytes:
        """A small part, whole; Unreadable above `limit` bytes."""
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(f"its part {name[:80]} is larger than it can be")
        return data


class _Bounded:
    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._room, self._limit = stream, limit, limit

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._room -= len(data)
        if self._room < 0:
            raise TooLarge(f"one of its parts unpacks to more than {self._limit / 1e6:,.0f} MB")
        return data


def judge_directory(path: Path, limits: Limits) -> None:
    """Refuse a container whose table of contents is so long that reading it would cost too much (APPNOTE 4.3.16).

    zipfile takes about ten times the table's size in memory before anyone can count the entries.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END_RECORD > len(tail):
        return  # not whole: for zipfile to say
    entries, length = struct.unpack_from("<HI", tail, at + 10)
    wide = tail.rfind(b"PK\x06\x06")
    if wide >= 0 and wide + _WIDE_END_RECORD <= len(tail):
        entries, length = max((entries, length), struct.unpack_from("<QQ", tail, wide + 32))
    if entries > limits.parts or length > limits.parts * _MOST_ENTRY:
        raise TooLarge(f"it holds {entries:,} parts, and the hub reads up to {limits.parts:,}")
