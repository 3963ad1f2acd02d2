"""Files by the hash of their content: on the hub's own disk, or in an S3-compatible store named by URL.

The only module that knows obstore. Its own local store never calls fsync (seen with strace, obstore 0.12), so files on
disk are written here: a temporary name, fsync, rename, fsync of the folder. A reader sees a whole file or none.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError as StoreError
from obstore.store import ObjectStore, from_url

from hub.ground.errors import Invalid, NoRoom, Unavailable

CHUNK = 256 * 1024  # bytes read, hashed and handed on at a time: what keeps memory flat
SECRET = 32
"""Bytes before what is kept apart."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MEGABYTE = 1_000_000
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is kept for good: `hash` is the SHA-256 of its content in hex, `size` is in bytes."""

    hash: str
    size: int


class TooLarge(Invalid):
    """The stream was longer than the limit; nothing of it was kept."""


class StorageFull(NoRoom):
    """There is no room left; nothing of the stream was kept."""


class FileDamaged(Unavailable):
    """The kept bytes are missing, or are no longer those that were stored. An alarm, never an answer."""


class FileStore:
    """Files on this machine's disk, under `folder` (made when missing).

    Layout: `ab/abcdef…` for a file of hash `abcdef…`, and `incoming/` for what is still being written, and for copies
    that were replaced by equal ones. Storing costs the same whether the content was there or not: nobody can tell.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        with _storage_errors():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, stream: Iterable[bytes], *, limit: int) -> StoredFile:
        """Keep the bytes of `stream`, at most `limit` of them, durably: they survive a power cut once this returns.

        Raises TooLarge, StorageFull or Unavailable, and whatever `stream` raises; each leaves nothing behind.
        """
        digest, size = hashlib.sha256(), 0
        with self._temporary() as (descriptor, path):
            for chunk in stream:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"The file is larger than the {_in_words(limit)} that the hub takes.", "file")
                digest.update(chunk)
                with _storage_errors():
                    _write(descriptor, chunk)
            stored = StoredFile(digest.hexdigest(), size)
            with _storage_errors():
                self._keep(descriptor, path, stored.hash)
        return stored

    def put_apart(self, stream: Iterable[bytes], *, limit: int) -> StoredFile:
        """The same for what is kept for a while only, and then given to `remove`: nobody else can have stored it.

        Its bytes lie behind a secret; `read_apart` gives them without.
        """
        stored = self.put(chain([secrets.token_bytes(SECRET)], stream), limit=limit + SECRET)
        return StoredFile(stored.hash, stored.size - SECRET)

    def read_apart(self, file_hash: str) -> Iterator[bytes]:
        """What `put_apart` has kept; as `read`."""
        return self.read(file_hash, SECRET)

    def read(self, file_hash: str, first: int = 0) -> Iterator[bytes]:
        """From byte `first` to the end. The hash of the whole is checked before: FileDamaged, never wrong bytes."""
        handle = self._verified(file_hash)
        handle.seek(first)
        return _chunks(handle, None)

    def read_range(self, file_hash: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first` to `last`, both included (RFC 9110, 14.1.2). A part cannot be checked against the hash."""
        handle = self._open(file_hash)
        handle.seek(first)
        return _chunks(handle, last - first + 1)

    def size(self, file_hash: str) -> int:
        """Its length in bytes; FileDamaged when it is missing."""
        try:
            return self._path(file_hash).stat().st_size
        except FileNotFoundError:
            raise _missing(file_hash) from None

    @contextmanager
    def local(self, file_hash: str) -> Iterator[Path]:
        """A path to the file, its hash checked, for readers that need one. It may be gone after the `with`."""
        self._verified(file_hash).close()
        yield self._path(file_hash)

    def hashes(self) -> Iterator[str]:
        """Every kept file, for backups and checks."""
        for folder in sorted(self._folder.iterdir()):
            if folder != self._incoming:
                yield from sorted(path.name for path in folder.iterdir())

    def remove(self, file_hash: str) -> None:
        """Remove a file that nobody else can have stored, since its bytes begin with a secret of whoever did."""
        with _storage_errors():
            self._path(file_hash).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove what writers that are gone left half written, and replaced copies; returns how many.

        Safe while others write.
        """
        return sum(_remove_if_orphan(path) for path in self._incoming.iterdir())

    def _keep(self, descriptor: int, path: Path, file_hash: str) -> None:
        """Rename into place, always: it heals a damaged copy, and spares a check that another writer could outrun.

        A copy that this replaces keeps a name until the next sweep. Freed here, it would cost up to twice the time.
        """
        _fsync(descriptor)
        target = self._path(file_hash)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            os.link(target, self._incoming / f"replaced-{secrets.token_hex(8)}")
        path.replace(target)
        for folder in (target.parent, self._folder):
            _fsync_folder(folder)

    def _open(self, file_hash: str) -> BinaryIO:
        try:
            return self._path(file_hash).open("rb")
        except FileNotFoundError:
            raise _missing(file_hash) from None

    def _verified(self, file_hash: str) -> BinaryIO:
        handle = self._open(file_hash)
        digest = hashlib.sha256()
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
        if digest.hexdigest() != file_hash:
            handle.close()
            raise FileDamaged(f"File {file_hash} is damaged: its bytes are no longer those that were stored.")
        handle.seek(0)
        return handle

    def _path(self, file_hash: str) -> Path:
        if not _HASH.fullmatch(file_hash):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self._folder / file_hash[:2] / file_hash

    @contextmanager
    def _temporary(self) -> Iterator[tuple[int, Path]]:
        """A file in `incoming/`, locked while its writer lives, and gone after the `with` unless it was renamed."""
        descriptor, path = self._locked_temporary()
        try:
            yield descriptor, path
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def _locked_temporary(self) -> tuple[int, Path]:
        while True:
            with _storage_errors():
                descriptor, name = tempfile.mkstemp(dir=self._incoming)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if os.fstat(descriptor).st_nlink:
                    return descriptor, Path(name)
                os.close(descriptor)  # a sweep came between mkstemp and flock


class ObjectFileStore(FileStore):
    """The same in a bucket; `folder` is the disk space through which uploads and checked downloads pass."""

    def __init__(self, store: ObjectStore, folder: Path) -> None:
        super().__init__(folder)
        self._store = store

    def read_range(self, file_hash: str, first: int, last: int) -> Iterator[bytes]:
        """As FileStore.read_range; asks the store for the parts only."""
        self._path(file_hash)
        for start in range(first, last + 1, CHUNK):
            with _storage_errors(file_hash):
                chunk = bytes(obstore.get_range(self._store, file_hash, start=start, end=min(start + CHUNK, last + 1)))
            yield chunk

    def size(self, file_hash: str) -> int:
        """As FileStore.size."""
        with _storage_errors(file_hash):
            return obstore.head(self._store, file_hash)["size"]

    @contextmanager
    def local(self, file_hash: str) -> Iterator[Path]:
        """As FileStore.local: a checked copy that lives as long as the `with`."""
        with self._temporary() as (descriptor, path):
            for chunk in self.read(file_hash):
                with _storage_errors():
                    _write(descriptor, chunk)
            yield path

    def remove(self, file_hash: str) -> None:
        """As FileStore.remove."""
        self._path(file_hash)
        with suppress(FileDamaged), _storage_errors(file_hash):
            obstore.delete(self._store, file_hash)

    def hashes(self) -> Iterator[str]:
        """As FileStore.hashes."""
        with _storage_errors():
            for page in obstore.list(self._store):
                yield from (item["path"] for item in page)

    def _keep(self, descriptor: int, path: Path, file_hash: str) -> None:  # noqa: ARG002
        obstore.put(self._store, file_hash, path)  # durable when it returns: the contract of object stores

    def _open(self, file_hash: str) -> BinaryIO:
        self._path(file_hash)
        with self._temporary() as (descriptor, _), _storage_errors(file_hash):
            for chunk in obstore.get(self._store, file_hash).stream(min_chunk_size=CHUNK):
                _write(descriptor, bytes(chunk))
            copy = os.fdopen(os.dup(descriptor), "rb")
        copy.seek(0)
        return copy


def open_files(location: str, folder: Path) -> FileStore:
    """The store for a setting: "" is the disk at `folder`, else a URL such as `s3://bucket/prefix`."""
    return ObjectFileStore(from_url(location), folder) if location else FileStore(folder)


def _chunks(handle: BinaryIO, length: int | None) -> Iterator[bytes]:
    with handle:
        while chunk := handle.read(CHUNK if length is None else min(CHUNK, length)):
            if length is not None:
                length -= len(chunk)
            yield chunk


def _write(descriptor: int, data: bytes) -> None:
    """All of `data`; a single write may stop short just before the disk is full."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _fsync(descriptor: int) -> None:
    """To the platter. Never tried again on failure: a second fsync may report success for data that is lost."""
    if hasattr(fcntl, "F_FULLFSYNC"):  # macOS, where fsync leaves the data in the drive's cache
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_orphan(path: Path) -> bool:
    try:
        with path.open("rb") as handle:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except (BlockingIOError, FileNotFoundError):  # its writer lives, or has just finished
        return False
    return True


@contextmanager
def _storage_errors(file_hash: str = "") -> Iterator[None]:
    """What the disk or the bucket says, in words that name no path, host or credential."""
    try:
        yield
    except FileNotFoundError:
        if file_hash:
            raise _missing(file_hash) from None
        raise Unavailable("The hub's file store is not there. Nothing was stored.") from None
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("There is no room left for this file. Nothing of it was stored.") from error
        raise Unavailable("The hub's file store cannot be used now. Nothing was stored. Try again later.") from error
    except StoreError as error:
        raise Unavailable("The hub's file store does not answer as it should. Try again later.") from error


def _missing(file_hash: str) -> FileDamaged:
    return FileDamaged(f"File {file_hash} is missing from the file store.")


def _in_words(size: int) -> str:
    return f"{size / _MEGABYTE:.0f} MB" if size >= _MEGABYTE else f"{size:,} bytes"
