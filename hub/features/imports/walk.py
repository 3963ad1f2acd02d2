"""The files of a folder, in an order that a person would give them."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.ground.errors import Invalid

_LONGEST_ORIGIN = 1000
_SYSTEM_FILE = re.compile(
    r"((eh)?thumbs\w*\.db|desktop\.ini|\.ds_store|~\$.*|.*\.tmp|\._.*|\.~lock\..*#|\.directory)", re.IGNORECASE
)
"""What Windows, macOS and office programs leave in folders for themselves."""
_SYSTEM_FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir"}


@dataclass(frozen=True)
class FoundFile:
    """A file to import: `source` is its path in the folder, with slashes; `passed_over` says why it is none.

    `origin` is what a changed file is known by again: its whole path. (Every other folder has a README too.)
    """

    path: Path
    source: str
    passed_over: str = ""

    @property
    def origin(self) -> str:
        """The whole path; of one that is long or no UTF-8, what the database can keep, and a hash of all of it."""
        path = self.path.absolute()
        whole, exact = _shown(path), os.fsencode(path)
        if len(whole) <= _LONGEST_ORIGIN and whole.encode() == exact:
            return whole
        return whole[: _LONGEST_ORIGIN - 65] + "#" + hashlib.sha256(exact).hexdigest()

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of the folders between the top and the file."""
        return tuple(self.source.split("/")[:-1])


def files_in(folder: Path) -> Iterator[FoundFile]:
    """Every file below `folder`, by name. System files, hidden ones, links and devices are named and passed over.

    Raises Invalid when `folder` is none, or cannot be read.
    """
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder}.", "folder")
    for where, folders, names in os.walk(folder, onerror=_refuse):
        here = Path(where)
        for name in sorted(folders):
            if why := _why_not_folder(here / name):
                yield _passed(here / name, folder, why)
        folders[:] = sorted(name for name in folders if not _why_not_folder(here / name))
        for name in sorted(names):
            yield _passed(here / name, folder, _why_not(here / name))


def why_not_folder(name: str) -> str:
    """Why a folder of this name is passed over; empty where it is not."""
    if name.lower() in _SYSTEM_FOLDERS:
        return "a system folder"
    return "a hidden folder" if name.startswith(".") else ""


def why_not_file(name: str) -> str:
    """Why a file of this name is passed over; empty where it is not."""
    if _SYSTEM_FILE.fullmatch(name):
        return "a system file"
    return "a hidden file" if name.startswith(".") else ""


def _why_not_folder(path: Path) -> str:
    return "a link" if path.is_symlink() else why_not_folder(path.name)


def _why_not(path: Path) -> str:
    if path.is_symlink():
        return "a link"
    return why_not_file(path.name) or ("" if path.is_file() else "not a file")


def _passed(path: Path, folder: Path, why: str) -> FoundFile:
    return FoundFile(path, _shown(path.relative_to(folder)), why)


def _shown(path: Path) -> str:
    """The path as text that can be shown and kept, also where a name is no UTF-8."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _refuse(error: OSError) -> None:
    raise Invalid(f"The folder {error.filename} cannot be read: {error.strerror}.", "folder") from error
