"""Files on disk: looked at cheaply, read as they stand at one moment, written whole or not at all."""

import json
import os
import pwd
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from acl.rules import MAX_BYTES

Mark = tuple[int, int, int, int]
"""Inode, size, and the times (ns) of the last change to content and to anything: equal marks, equal file."""
FOLDER = "organisations"
COARSE_NS = 100_000_000
"""Nanoseconds within which two changes of a folder may have one time."""
MODE = 0o640
LONGEST_SHOWN = 200
LINK = (
    "is a link, and links are not followed, since they could lead anywhere: it is not in force. Put the file itself "
    "here, in its place."
)
LETTERS = "is not in force: names of policy files are in small letters. Rename it to {}."
ENDING = "is not in force: it does not end in .csv. Rename it to {} (your system may hide the end of names)."
WORKBOOK = "is a workbook, and not in force. Save it from your spreadsheet as 'CSV UTF-8', under the name {}."


def shown(name: str) -> str:
    """A file's name as it can be printed and kept: whatever is no letter, and what is too long, is replaced."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[: LONGEST_SHOWN - 1]}…"


def mark_of(path: Path) -> Mark | None:
    """A file's mark; None where there is no regular file (a link is none: it could lead anywhere)."""
    try:
        return _mark(path.lstat())
    except OSError:
        return None


def came_whole(before: Mark | None, after: Mark) -> bool:
    """Whether a file was renamed into place: another inode, whose last change was not to its content."""
    inode, _, content_changed, anything_changed = after
    return (before is None or before[0] != inode) and anything_changed > content_changed


def policy_files(root: Path) -> dict[str, Mark]:
    """Every policy file in the folder, by name (`platform.csv`, `organisations/leeds.csv`)."""
    found = dict(_csv_files(root, ""))
    found.update(_csv_files(root / FOLDER, f"{FOLDER}/"))
    return found


def glimpse(root: Path, names: Iterable[str]) -> tuple[object, ...] | None:
    """What differs once anything in the folder does, by the marks of two folders and of the files that are known.

    None where a folder has changed just now: clocks of files are coarse, and the next change might look like this one.
    """
    folders = tuple(_changed_at(folder) for folder in (root, root / FOLDER))
    if any(0 <= time.time_ns() - at < COARSE_NS for at in folders):
        return None
    base = str(root)
    return (*folders, *(_glimpsed(f"{base}{os.sep}{name}") for name in names))


def _glimpsed(path: str) -> Mark | None:
    try:
        return _mark(os.lstat(path))  # many times a second, so without making paths
    except OSError:
        return None


def _changed_at(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return -1


def strays(root: Path) -> dict[str, str]:
    """Files that somebody may take for policy and that are none, by name, each with what to do about it."""
    return dict([*_strays(root, ""), *_strays(root / FOLDER, f"{FOLDER}/")])


def is_link(path: Path) -> bool:
    """Whether a link stands there, wherever it leads."""
    return path.is_symlink()


def read_still(path: Path, mark: Mark) -> bytes | None:
    """The content of a file that still has its mark after the reading; else None. One byte too long is cut there.

    Raises OSError for one that this account may not read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    return content if mark_of(path) == mark else None


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole (temporary name, fsync, rename), with the mode that the one before it had."""
    with _beside(path, content) as temporary:
        temporary.replace(path)
    _sync_folder(path.parent)


def write_over(path: Path, seen: Mark | None, content: bytes) -> Mark | None:
    """The same, over a file that still has the mark `seen`; returns the new file's mark, or None where it changed.

    The mark is that of what was written: an edit in the moment after it is an edit, and no part of what we wrote.
    """
    with _beside(path, content) as temporary:
        ours = mark_of(temporary)
        if ours is None or mark_of(path) != seen:
            return None
        temporary.replace(path)
    _sync_folder(path.parent)
    there = mark_of(path)  # renaming has changed the last of its times
    return there if there and there[:3] == ours[:3] else ours


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A file with that content, on the disk, beside the path; gone at the end unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if mark_of(path) else MODE
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def owner_of(path: Path) -> str:
    """The account that owns a file, as far as it has a name."""
    try:
        owner = path.stat().st_uid
        return pwd.getpwuid(owner).pw_name
    except (OSError, KeyError):
        return "an unknown account"


def read_notes(path: Path) -> dict[str, str]:
    """What `write_notes` wrote; empty when it is missing or damaged, which makes every difference a hand edit."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def write_notes(path: Path, notes: Mapping[str, str]) -> None:
    """Keep a small mapping of names to digests."""
    write_whole(path, json.dumps(notes, indent=1, sort_keys=True).encode())


def _strays(folder: Path, prefix: str) -> Iterator[tuple[str, str]]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        low = entry.name.casefold()
        if low.startswith((".", "~$")) or "not-adopted-" in low:
            continue
        proper = shown(low.partition(".")[0] + ".csv")
        if low.endswith(".csv") and entry.is_symlink():
            yield f"{prefix}{entry.name}", LINK
        elif low.endswith(".csv") and entry.name != low:
            yield f"{prefix}{entry.name}", LETTERS.format(proper)
        elif low.endswith((".csv.txt", ".tsv")):
            yield f"{prefix}{entry.name}", ENDING.format(proper)
        elif low.endswith((".xlsx", ".xls", ".ods", ".numbers")):
            yield f"{prefix}{entry.name}", WORKBOOK.format(proper)


def _csv_files(folder: Path, prefix: str) -> Iterator[tuple[str, Mark]]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.endswith(".csv") and not entry.name.startswith("."):
            try:
                mark = _mark(entry.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue
            if mark is not None:
                yield f"{prefix}{entry.name}", mark


def _mark(found: os.stat_result) -> Mark | None:
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
