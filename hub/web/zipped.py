"""A ZIP archive that is made while it is sent: nothing of it lies on a disk, and no more than a chunk in memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_OLDEST: Final = 1980
"""The first year that a ZIP archive knows (APPNOTE.TXT 4.4.6)."""


@dataclass(frozen=True)
class Packed:
    """One file: its path in the archive, when it was changed, and its content as it comes."""

    path: str
    changed: datetime
    content: Iterable[bytes]


def zipped(files: Iterable[Packed]) -> Iterator[bytes]:
    """The bytes of an archive of some files, each asked for when its turn comes."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in files:
            at = file.changed.timetuple()[:6] if file.changed.year >= _OLDEST else (_OLDEST, 1, 1, 0, 0, 0)
            info = zipfile.ZipInfo(file.path, at)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as entry:
                for chunk in file.content:
                    entry.write(chunk)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the archive is written to, to be taken from there."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        """It is all that it is for."""
        return True

    def write(self, given: bytes) -> int:  # type: ignore[override]
        """Keep some bytes until they are taken."""
        self._waiting += given
        return len(given)

    def taken(self) -> bytes:
        """What was written since it was last asked for."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
