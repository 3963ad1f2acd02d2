"""What is in a ZIP archive, looked at before anything of it is kept: refused in words, or its files one by one.

Names lead nowhere here: nothing is ever written under a name that an archive gives. What archives may do to whoever
unpacks them: APPNOTE.TXT 4.4; CWE-22 (names that lead out), CWE-59 (links), CWE-409 (small ones that are huge).
"""

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from hub.features.imports.walk import why_not_file, why_not_folder
from hub.ground.errors import Invalid
from hub.ground.letters import one_line
from hub.web.filters import LONDON, size

MOST_FILES: Final = 1_000
MOST_BYTES: Final = 2_000_000_000
"""Unpacked: as many as one download may have."""
MOST_TIMES: Final = 200
"""So many times its own size an archive may unpack to, where that is more than a little."""
LITTLE: Final = 20_000_000
MOST_OF_CONTENTS: Final = 1_500_000
"""Bytes of an archive's table of contents."""
LONGEST_PATH: Final = 1_000
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_LOCAL_HEADER: Final = 30
_NO_DAY: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3

NOT_ONE: Final = "This is no ZIP archive, or it is damaged. Make the archive anew, and choose that"
AGAIN: Final = "Make the archive anew from the folder itself, and choose that"
FAULTS: Final = (
    zipfile.BadZipFile, NotImplementedError, UnicodeError, struct.error, ValueError, EOFError, IndexError, OverflowError
)  # fmt: skip
"""What the library raises for archives that are none, or are of a kind that it does not know."""


@dataclass(frozen=True)
class Entry:
    """A file of an archive: which entry, its path with slashes, why it is passed over or cannot come in."""

    index: int
    path: str
    size: int
    crc: int
    passed_over: str = ""
    refused: str = ""

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of the folders that it lies in."""
        return tuple(self.path.split("/")[:-1])


def entries_of(file: BinaryIO, *, largest: int) -> list[Entry]:
    """The files of an archive, of which none may be larger than `largest`. Raises Invalid, without a full stop."""
    whole = file.seek(0, io.SEEK_END)
    try:
        with zipfile.ZipFile(_Bounded(file)) as archive:
            found = archive.infolist()
            start = archive.start_dir
    except FAULTS as error:
        raise Invalid(NOT_ONE, "file") from error
    finally:
        file.seek(0)
    _check_whole(found, start, whole)
    entries = [_entry(index, info, largest) for index, info in enumerate(found) if not info.is_dir()]
    _check_names(entries)
    if not any(not entry.passed_over for entry in entries):
        raise Invalid("There is no file in it to bring in. Choose another archive", "file")
    return entries


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive that was looked at; raises what is in FAULTS if it is another one by now."""
    with path.open("rb") as file, zipfile.ZipFile(_Bounded(file)) as archive:
        yield archive


def changed_at(info: zipfile.ZipInfo) -> datetime | None:
    """When the file was changed last, as far as the archive tells: by a clock on the wall, taken to be London's."""
    if info.date_time == _NO_DAY:
        return None
    try:
        return datetime(*info.date_time, tzinfo=LONDON)
    except ValueError:
        return None


class _Bounded(io.BufferedIOBase):
    """A file of which the library reads no table of contents larger than the bound: it takes that in one piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, count: int | None = -1) -> bytes:
        """As of any file; raises ValueError where that is too much."""
        if count is not None and count > MOST_OF_CONTENTS:
            raise Invalid(_too_many(), "file")
        return self._file.read(-1 if count is None else count)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of any file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As of any file."""
        return self._file.tell()

    def seekable(self) -> bool:
        """It is."""
        return True


def _too_many() -> str:
    return f"There are more than the {MOST_FILES:,} files in it that come in at a time. Bring it in folder by folder"


def _check_whole(found: list[zipfile.ZipInfo], start: int, whole: int) -> None:
    """Refuse what no file of it alone is to blame for."""
    files = [info for info in found if not info.is_dir()]
    if len(files) > MOST_FILES:
        raise Invalid(_too_many(), "file")
    if any(info.flag_bits & _ENCRYPTED for info in files):
        raise Invalid("It is protected by a password. Make the archive anew without one, and choose that", "file")
    total = sum(info.file_size for info in files)
    if total > MOST_BYTES:
        raise Invalid(
            f"Unpacked it is {size(total)}, more than {size(MOST_BYTES)}. Bring it in folder by folder", "file"
        )
    if total > max(LITTLE, whole * MOST_TIMES):
        times = total // max(whole, 1)
        raise Invalid(f"It unpacks to {times:,} times its size, as no folder of documents does. {AGAIN}", "file")
    ends = sorted((info.header_offset, info.header_offset + _LOCAL_HEADER + info.compress_size) for info in found)
    starts = [*(begins for begins, _ in ends[1:]), start]
    if any(end > begins for (_, end), begins in zip(ends, starts, strict=False)):
        raise Invalid(f"Files in it lie upon one another. {AGAIN}", "file")


def _entry(index: int, info: zipfile.ZipInfo, largest: int) -> Entry:
    parts = _name_of(info).replace("\\", "/").split("/")
    names = [one_line(part) or "untitled" for part in parts if part not in ("", ".")]
    drive = len(parts[0]) == len("C:") and parts[0].endswith(":")
    if ".." in (*parts, *names) or drive or not parts[0] or "\0" in info.orig_filename:
        raise Invalid(f"It holds “{one_line(info.orig_filename)[:80]}”, which leads out of the folder. {AGAIN}", "file")
    path = "/".join(names)
    return Entry(
        index, path[:LONGEST_PATH], info.file_size, info.CRC, _passed_over(info, names), _refused(info, path, largest)
    )


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: macOS writes UTF-8 and does not say so (APPNOTE.TXT, appendix D)."""
    if info.flag_bits & _UTF_8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.orig_filename


def _passed_over(info: zipfile.ZipInfo, names: list[str]) -> str:
    mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a link" if stat.S_ISLNK(mode) else "not a file"
    return next((f"in {why}" for name in names[:-1] if (why := why_not_folder(name))), "") or why_not_file(names[-1])


def _refused(info: zipfile.ZipInfo, path: str, largest: int) -> str:
    if len(path) > LONGEST_PATH:
        return f"its path is longer than {LONGEST_PATH:,} letters"
    if info.file_size > largest:
        return f"it is larger than the {size(largest)} that the hub takes"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in a way that the hub does not unpack"
    return "" if info.file_size else "it is empty"


def _check_names(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.path in seen and not entry.passed_over:
            raise Invalid(f"It holds two files called “{entry.path[-80:]}”. {AGAIN}", "file")
        seen.add(entry.path)
