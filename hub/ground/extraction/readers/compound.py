"""Microsoft compound files (MS-CFB) by olefile: the one module that knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import olefile

from hub.ground.extraction.outcome import Damaged, TooLarge

_BROKEN = (OSError, IndexError, ValueError, TypeError, AttributeError)  # what olefile raises on bent files
_MOST = 150_000_000


class Compound:
    """An open compound file; streams are named by their path, parts joined with a slash."""

    def __init__(self, ole: olefile.OleFileIO) -> None:
        self._ole = ole
        self.names = ["/".join(path) for path in ole.listdir(streams=True, storages=True)]

    def __contains__(self, name: str) -> bool:
        return bool(self._ole.exists(name))

    def read(self, name: str) -> bytes:
        """A stream, whole; Unreadable when it is missing or its chain of sectors is broken."""
        if not self._ole.exists(name):
            raise Damaged(f"its stream {name[:60]!r} is missing")
        if self._ole.get_size(name) > _MOST:
            raise TooLarge(f"one of its streams is longer than {_MOST / 1e6:,.0f} MB")
        try:
            return bytes(self._ole.openstream(name).read())
        except _BROKEN as error:
            raise Damaged(f"its stream {name[:60]!r} is broken") from error


@contextmanager
def opened(path: Path) -> Iterator[Compound]:
    """Open the compound file at `path`."""
    try:
        ole = olefile.OleFileIO(path)
    except _BROKEN as error:
        raise Damaged("not a whole compound file") from error
    try:
        yield Compound(ole)
    finally:
        ole.close()
