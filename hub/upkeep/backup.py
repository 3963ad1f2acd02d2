"""A backup of the whole hub while it runs: database, files, policy files and keys, of one moment, in one file.

The rows are taken first, as one state of the database. A file is stored before the row that names it, and is never
taken away, so every file of those rows is there to be copied afterwards.
"""

import json
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from hub.ground.errors import Invalid, Unavailable
from hub.ground.files import FileDamaged
from hub.ground.schema import HEAD, check_schema
from hub.upkeep.archive import FORMAT, HEADER, Pieces, Writer, writing
from hub.upkeep.house import House
from hub.upkeep.tables import Dumped, columns, dump

KEYS = "keys.json"
EXAMPLE = "night.hub"


@dataclass(frozen=True)
class Made:
    """A backup that was made. `left_out` names files that rows speak of and that could not be read."""

    path: Path
    header: dict[str, Any]
    files: int
    size: int
    """Bytes of the backup."""
    left_out: tuple[str, ...]


def back_up(house: House, path: Path, *, with_files: bool = True) -> Made:
    """Write a backup to `path`, which must not exist. What was acknowledged before this began is in it.

    Without files it can be restored only where they are stored still. Raises Invalid where there is no folder for it,
    Conflict, Unavailable, or OSError where the disk is full; nothing is left behind then.
    """
    check_schema(house.database)
    at = house.clock.now()
    if not house.given_keys and not house.key_file.exists():
        raise Unavailable(f"The key file {house.key_file} is missing: without it a backup could not be used.")
    check_place(path)
    with tempfile.TemporaryDirectory(prefix=".hub-backup-", dir=path.parent) as scratch, writing(path) as writer:
        dumped = dump(house.database, Path(scratch))
        header = _header(at.isoformat(), dumped, with_files=with_files)
        writer.add_text(HEADER, json.dumps(header))
        for part in dumped.paths:
            writer.add_path(f"database/{part.name}", part)
            part.unlink()
        writer.add_text(KEYS, house.given_keys or house.key_file.read_text("utf-8"))
        _add_policies(writer, house.policy_dir)
        for file_hash in dumped.files if with_files else ():
            _add_file(writer, house, file_hash)
        left_out = tuple(writer.left_out)
    return Made(path, header, len(dumped.files) if with_files else 0, path.stat().st_size, left_out)


def check_place(path: Path) -> None:
    """Return where a backup can be written to `path`; raise Invalid, with what to write instead, where it cannot.

    A folder is never made: one that is missing is a slip of the pen, or a disk that is not mounted.
    """
    if path.is_dir():
        raise Invalid(f"{path} is a folder: name the file in it that is to be written, such as {path / EXAMPLE}.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}, so nothing was written. Make it, mount it, or name another.")


def _header(at: str, dumped: Dumped, *, with_files: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": at,
        "program": metadata.version("knowledge-hub"),
        "schema": HEAD,
        "database": dumped.kind,
        "columns": columns(),
        "rows": dumped.rows,
        "sequences": dumped.sequences,
        "with_files": with_files,
        "files": list(dumped.files),
    }


def _add_policies(writer: Writer, folder: Path) -> None:
    """The working copies as they lie there, hand edits included. The texts in force are rows."""
    for path in sorted((*folder.glob("*"), *folder.glob("organisations/*"))):
        hidden = path.name.startswith(".") and path.name != ".mirrored.json"
        if path.is_file() and not path.is_symlink() and not hidden:
            writer.add_text(f"policies/{path.relative_to(folder).as_posix()}", path.read_bytes())


def _add_file(writer: Writer, house: House, file_hash: str) -> None:
    try:
        size, pieces = house.files.size(file_hash), house.files.read(file_hash)
    except FileDamaged:
        writer.left_out.append(file_hash)
        return
    if writer.add(f"files/{file_hash}", Pieces(pieces), size) != file_hash:
        raise Unavailable(f"File {file_hash} changed while it was copied, so no backup was made. Try again.")
