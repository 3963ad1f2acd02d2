"""Putting a backup in place: all of it is checked before anything is touched, and rows change in one transaction.

Whatever moment the machine fails at, the hub is the old one or the new one. Files are only ever added. The key file
holds the keys of both from before the rows change until after.
"""

import json
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hub.access.models import Person, Place
from hub.features.policies.copies import MODE as COPY_MODE
from hub.ground.db import APPLICATION, Database
from hub.ground.errors import Conflict, Invalid, Unavailable
from hub.ground.files import FileDamaged
from hub.ground.schema import HEAD, SchemaState, check_schema, migrate, schema_state, shown
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.kinds import KINDS
from hub.running.turn import only_worker
from hub.upkeep.archive import CHUNK, Readable, members, verified
from hub.upkeep.backup import KEYS, back_up
from hub.upkeep.endings import Endings, carry, endings_in, settle
from hub.upkeep.house import House
from hub.upkeep.past import begin_after_restore
from hub.upkeep.tables import columns, reading, replace


@dataclass(frozen=True)
class Restored:
    """What was done. `kept` is where the hub as it was before lies now; None where there was none."""

    header: dict[str, Any]
    kept: Path | None
    carried: dict[str, int] = field(default_factory=dict)


def check(path: Path) -> dict[str, Any]:
    """Read a backup from end to end; returns its header. Raises Invalid when this hub cannot restore it."""
    header = verified(path)
    if header["schema"] != HEAD or header["columns"] != columns():
        raise Invalid(
            f"{path} was made by version {header['program']} of the hub (schema {header['schema']}, here {HEAD}). "
            "Restore it with that version, then upgrade."
        )
    return header


def restore(house: House, path: Path, by: str, *, over: bool = False) -> Restored:
    """Put a backup in place of what is there; `over` lets it replace a hub with something in it, which is kept.

    Raises Invalid for a damaged or foreign backup, Conflict for a hub that runs or is not empty. Nothing has been
    changed then.
    """
    header = check(path)
    if house.given_keys:
        raise Conflict(
            "HUB_KEYS is set, so the keys of the backup cannot be put in place. Unset it, restore, and then either "
            f"leave the keys in {house.key_file}, or set HUB_KEYS to what that holds."
        )
    _need_files(house, header)
    readable = _look(house, over=over)
    _refuse_others(house.database)
    stamp = f"{house.clock.now():%Y%m%d-%H%M%S-%f}"
    with only_worker(house.data, house.database), tempfile.TemporaryDirectory(dir=house.data) as scratch:
        aside = None if readable else _set_aside(house.database, stamp)
        migrate(house.database)
        staged = _stage(house, path, Path(scratch))
        kept = _keep(house, stamp) if readable and _holds(house.database) else aside
        _write_secret(house.key_file, _both(staged.keys, house.key_file))
        with (
            reading(staged.folder, header["database"]) as rows_of,
            unit_of_work(house.database, house.clock, by) as uow,
        ):
            endings = endings_in(uow.session)
            replace(uow.session, rows_of, header["sequences"])
            uow.session.expire_all()
            begin_after_restore(uow, KINDS, datetime.fromisoformat(header["made_at"]))
            carried = _settled(uow, endings, header)
        _place_policies(house, staged.folder / "policies", stamp)
        _write_secret(house.key_file, staged.keys)
    return Restored(header, kept, carried)


def _settled(uow: Any, endings: Endings, header: dict[str, Any]) -> dict[str, int]:
    carried = carry(uow.session, endings)
    settle(uow, endings)
    uow.record("hub:restore", "", None, f"backup of {header['made_at']}")
    return carried


@dataclass(frozen=True)
class _Staged:
    folder: Path
    keys: bytes


def _stage(house: House, path: Path, folder: Path) -> _Staged:
    """Unpack: files to where they belong, for they only add; everything else into a folder of its own."""
    keys = b""
    for name, source in members(path):
        kind, _, own = name.partition("/")
        if name == KEYS:
            keys = source.read()
        elif kind == "files":
            _store(house, own, source)
        elif kind == "policies":
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read())
            target.chmod(COPY_MODE)
        elif kind == "database":
            with (folder / own).open("wb") as out:
                out.writelines(_pieces(source))
    return _Staged(folder, keys)


def _store(house: House, file_hash: str, source: Readable) -> None:
    try:
        with house.files.local(file_hash):
            return  # it is there, and whole
    except FileDamaged:
        pass
    stored = house.files.put(_pieces(source), limit=1 << 62)
    if stored.hash != file_hash:
        raise Unavailable("The backup changed while it was read. Nothing was changed. Try again.")


def _pieces(source: Readable) -> Iterator[bytes]:
    while piece := source.read(CHUNK):
        yield piece


def _need_files(house: House, header: dict[str, Any]) -> None:
    """A backup that holds no files can be used only where they are stored."""
    missing = 0
    for file_hash in () if header["with_files"] else header["files"]:
        try:
            house.files.size(file_hash)
        except FileDamaged:
            missing += 1
    if missing:
        raise Invalid(f"This backup holds no files, and {missing:,} of those that it needs are not stored here.")


def _look(house: House, *, over: bool) -> bool:
    """Whether the database can be read. Raises Conflict where there is something and nobody said to replace it."""
    asked = "Give --replace to put the backup in its place: what is there now is kept beside it."
    try:
        state = schema_state(house.database)
    except Unavailable:
        if not house.database.is_sqlite or not Path(house.database.url.database or "").exists():
            raise
        if not over:
            raise Conflict(f"{shown(house.database)} cannot be read. {asked}") from None
        return False
    if state is SchemaState.EMPTY:
        found = _left_in_folders(house)
    else:
        check_schema(house.database)
        found = _holds(house.database)
    if found and not over:
        raise Conflict(f"{found} {asked}")
    return True


def _holds(database: Database) -> str:
    """A sentence of what is in the hub; empty for one in which there is nothing."""
    with database.reading() as session:
        organisations = _count(session, select(func.count()).where(Place.kind == "organisation"))
        people = _count(session, select(func.count()).select_from(Person))
    if not organisations and not people:
        return ""
    return f"There is a hub already in {shown(database)}, with {organisations:,} organisations and {people:,} people."


def _left_in_folders(house: House) -> str:
    if next(house.policy_dir.glob("**/*.csv"), None) or next(iter(house.files.hashes()), None):
        return f"{house.data} holds policy files or stored files, though no database."
    return ""


def _count(session: Session, asked: Any) -> int:
    return int(session.execute(asked).scalar_one())


def _refuse_others(database: Database) -> None:
    """Raise Conflict while another program of the hub has the database open."""
    database.close()
    if database.is_sqlite:
        _refuse_others_on_sqlite(Path(database.url.database or ""))
        return
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    with database.reading() as session:
        others = session.execute(text(f"{asked} AND pid <> pg_backend_pid()"), {"name": APPLICATION}).scalar_one()
    if others:
        raise Conflict(f"A hub has {others} connections to {shown(database)}. Stop it, on every machine, first.")


def _refuse_others_on_sqlite(path: Path) -> None:
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # granted only to one who is alone
        except sqlite3.OperationalError:
            raise Conflict(f"Another program has {path} open. Stop the hub first.") from None
        except sqlite3.DatabaseError:  # no database any more, so nobody works with it
            return


def _set_aside(database: Database, stamp: str) -> Path:
    """Put a SQLite file that cannot be read out of the way."""
    database.close()
    path = Path(database.url.database or "")
    aside = path.with_name(f"{path.name}.unreadable-{stamp}")
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    path.rename(aside)
    return aside


def _keep(house: House, stamp: str) -> Path:
    """A backup of the hub as it is now. Without files: they stay where they are."""
    return back_up(house, house.data / f"before-restore-{stamp}.hub", with_files=False).path


def _both(keys: bytes, path: Path) -> bytes:
    """The keys of the backup first, then those of the hub as it is."""
    restored = json.loads(keys)
    if not path.exists():
        return keys
    found = json.loads(path.read_text("utf-8"))
    return json.dumps(
        {name: list(dict.fromkeys([*restored[name], *found.get(name, ())])) for name in restored}
    ).encode()


def _write_secret(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    _sync_folder(path.parent)


def _place_policies(house: House, restored: Path, stamp: str) -> None:
    """The working copies of the backup; those that are there now are put beside them."""
    if house.policy_dir.exists():
        house.policy_dir.rename(house.policy_dir.with_name(f"{house.policy_dir.name}.before-restore-{stamp}"))
    if restored.exists():
        restored.rename(house.policy_dir)
    _sync_folder(house.policy_dir.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
