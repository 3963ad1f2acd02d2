"""Folders of an embedded index: generations, and a pointer file that names the one in force.

A new generation is filled in a folder of its own and put in force by renaming a new pointer over the old one, at once
for every process. The generation before stays on disk until the next rebuild, for readers that still have it open.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_POINTER: Final = "current"
_NAME = re.compile(r"generation-(\d{6})-layout-(\d+)")


class OtherLayout(Exception):
    """The generation in force was made by a hub with another layout of fields."""


class Generations:
    """The folder `root`, made where it is not there. `layout` is the number of the layout of fields."""

    def __init__(self, root: Path, layout: int) -> None:
        self.root = root
        self._layout = layout
        root.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """The generation in force. Raises OtherLayout."""
        try:
            name = (self.root / _POINTER).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        match = _NAME.fullmatch(name)
        if match is None or int(match[2]) != self._layout:
            raise OtherLayout(name)
        return self.root / name

    def stamp(self) -> tuple[int, int]:
        """Differs whenever another generation has been put in force."""
        try:
            status = (self.root / _POINTER).stat()
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

    def new(self) -> Path:
        """A new, empty folder, not in force. Only for the process that holds the `WriterLock`."""
        numbers = [int(match[1]) for match in (_NAME.fullmatch(entry.name) for entry in self.root.iterdir()) if match]
        folder = self.root / f"generation-{max(numbers, default=0) + 1:06}-layout-{self._layout}"
        folder.mkdir()
        return folder

    def put_in_force(self, folder: Path) -> None:
        """Points every process to `folder`, once, atomically and durably."""
        draft = self.root / f"{_POINTER}.new"
        with draft.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / _POINTER)
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove_others(self, *kept: Path) -> None:
        """Removes every generation but `kept`."""
        for entry in self.root.iterdir():
            if _NAME.fullmatch(entry.name) and entry not in kept:
                shutil.rmtree(entry)

    @contextmanager
    def making_first(self) -> Iterator[None]:
        """Held while a process makes the very first generation, so that two that start at once make one."""
        self.root.mkdir(parents=True, exist_ok=True)  # somebody may have deleted it since
        with (self.root / "first.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class WriterLock:
    """The right to write, of one process (and one object in it) at a time; freed by the system if the process dies."""

    def __init__(self, root: Path) -> None:
        self._file = (root / "writer.lock").open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise

    def release(self) -> None:
        """Lets another process write."""
        self._file.close()
