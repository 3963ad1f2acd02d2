"""A backup as one file: a tar, compressed with gzip, whose last member tells the hash of every other.

It is written in one stream under a temporary name, and read with suspicion: a name that a hub would not write, a link,
a hash that differs, a missing end or a single byte after it, and the whole is refused.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from hub.ground.errors import Conflict, Invalid

FORMAT: Final = "knowledge hub backup 1"
HEADER, MANIFEST = "header.json", "manifest.json"
MODE: Final = 0o600
"""It holds everything that the hub keeps secret."""
CHUNK: Final = 256 * 1024
_BEGINNING: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
"""Of gzip (RFC 1952, 2.3), with neither name nor time."""
_LONGEST_NOTE: Final = 256 * 1024 * 1024
_NAMES: Final = re.compile(
    r"header\.json|manifest\.json|keys\.json"
    r"|database/[a-z0-9_]{1,63}\.(?:sqlite3|copy)"
    r"|files/[0-9a-f]{64}"
    r"|policies/(?:\.mirrored\.json|(?:organisations/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,200})"
)


class Readable(Protocol):
    """What can be read in pieces."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Damaged(Invalid):
    """The file is no whole backup of a hub. Nothing was changed."""


class Pieces:
    """An iterator of bytes, as something that can be read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, or all that is left."""
        if size < 0:
            return self._left + b"".join(self._pieces)
        while len(self._left) < size and (piece := next(self._pieces, None)) is not None:
            self._left += piece
        found, self._left = self._left[:size], self._left[size:]
        return found


class _Hashed:
    def __init__(self, source: Readable) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        found = self._source.read(size)
        self.digest.update(found)
        return found


class Writer:
    """Adds members to a backup that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, list[Any]] = {}
        self.left_out: list[str] = []
        """What should be in it, and could not be read."""

    def add(self, name: str, source: Readable, size: int) -> str:
        """Add a member of `size` bytes; returns its SHA-256. Raises OSError where the source is shorter."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, MODE
        hashed = _Hashed(source)
        self._tar.addfile(info, hashed)
        self._members[name] = [size, hashed.digest.hexdigest()]
        return hashed.digest.hexdigest()

    def add_text(self, name: str, content: str | bytes) -> None:
        """Add a small member."""
        data = content.encode() if isinstance(content, str) else content
        self.add(name, io.BytesIO(data), len(data))

    def add_path(self, name: str, path: Path) -> None:
        """Add a file of the disk."""
        with path.open("rb") as opened:
            self.add(name, opened, os.fstat(opened.fileno()).st_size)

    def finish(self) -> None:
        """Add what tells the hashes."""
        self.add_text(MANIFEST, json.dumps({"format": FORMAT, "members": self._members, "left_out": self.left_out}))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write a backup: whole and on the disk when the block ends without an error, else not there at all.

    Raises Conflict where the file exists.
    """
    if path.exists():
        raise Conflict(f"{path} exists already, and a backup never overwrites one: give another name.")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, MODE)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with (
                gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=raw, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                writer = Writer(tar)
                yield writer
                writer.finish()
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def verified(path: Path) -> dict[str, Any]:
    """Read a backup from end to end; returns its header, with `left_out`. Raises Damaged."""
    found: dict[str, list[Any]] = {}
    notes: dict[str, bytes] = {}
    for name, source in members(path):
        if name in found:
            raise _damaged(path, f"{name} is in it twice")
        found[name], notes[name] = _taken(source, keep=name in {HEADER, MANIFEST})
    names = list(found)
    if not names or names[0] != HEADER or names[-1] != MANIFEST:
        raise _damaged(path, "its beginning or its end is missing")
    del found[MANIFEST]
    try:
        manifest, header = json.loads(notes[MANIFEST]), json.loads(notes[HEADER])
        told, whose = manifest["members"], (manifest["format"], header["format"])
        left_out = list(manifest["left_out"])
    except (ValueError, KeyError, TypeError):
        raise _damaged(path, "what it says of itself cannot be read") from None
    if whose != (FORMAT, FORMAT):
        raise Invalid(f"{path} is a backup of another version of the hub: restore it with that version.")
    if told != found:
        differing = sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name))
        raise _damaged(path, f"{differing[0]} is not what was written")
    return dict(header) | {"left_out": left_out}


def _taken(source: Readable, *, keep: bool) -> tuple[list[Any], bytes]:
    """A member's size and hash, and its content where it is short and wanted."""
    hashed, size, kept = _Hashed(source), 0, b""
    while piece := hashed.read(CHUNK):
        size += len(piece)
        if keep and size <= _LONGEST_NOTE:
            kept += piece
    return [size, hashed.digest.hexdigest()], kept


def members(path: Path) -> Iterator[tuple[str, Readable]]:
    """Each member's name, and what to read it from before the next is asked for. Raises Damaged.

    Only whoever reads to the end knows that the whole is sound.
    """
    with _worded(path), path.open("rb") as raw:
        if raw.read(len(_BEGINNING)) != _BEGINNING:
            raise _damaged(path, "it does not begin as one")
        raw.seek(0)
        with gzip.GzipFile(fileobj=raw, mode="rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                for info in tar:
                    yield info.name, _Guarded(path, _source(path, tar, info))
            while packed.read(CHUNK):  # to the checksum at the end
                pass


class _Guarded:
    """A member, whose reading fails in words."""

    def __init__(self, path: Path, source: Readable) -> None:
        self._path, self._source = path, source

    def read(self, size: int = -1, /) -> bytes:
        with _worded(self._path):
            return self._source.read(size)


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, tarfile.TarError, gzip.BadGzipFile) as error:
        raise _damaged(path, f"{error}".rstrip(".") or "it cannot be unpacked") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror or error}.") from error


def _source(path: Path, tar: tarfile.TarFile, info: tarfile.TarInfo) -> Readable:
    opened = tar.extractfile(info) if info.isreg() and _NAMES.fullmatch(info.name) else None
    if opened is None:
        raise _damaged(path, "it holds something that no hub has put there")
    return opened


def _damaged(path: Path, why: str) -> Damaged:
    return Damaged(f"{path} is no whole backup of a hub: {why}. Nothing was changed. Take another backup.")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
