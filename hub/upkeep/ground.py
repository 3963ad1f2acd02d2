"""What the hub stands on: folder, keys, disk, clock, database. Looked at without starting anything."""

import os
import shutil
import stat
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, text

from hub.access.keys_in_force import given_keys, keys_here
from hub.ground.db import ping
from hub.ground.errors import Unavailable
from hub.ground.keys import Keys, OtherKeys, load_keys
from hub.ground.schema import SchemaError, SchemaState, check_schema, schema_state, shown
from hub.ground.unit_of_work import AuditEntry
from hub.upkeep.house import House
from hub.upkeep.said import Line, fault, ok, warning

LOW, LOWEST = 0.10, 0.02
"""Free room on a disk, as a share, below which it is said."""
ENOUGH = 20_000_000_000
"""Bytes of free room of which no share is too little."""
OFF, FAR_OFF = 2.0, 30.0
"""Seconds between two clocks."""
SLOW = 0.25
"""Seconds for one row."""
MEGABYTE = 1_000_000
_OTHERS = stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH
_NOT_OWNER = stat.S_IRWXG | stat.S_IRWXO


def look_at_folder(house: House) -> Line:
    """Say whether the hub may write there, and nobody else."""
    part, mode = "data folder", stat.S_IMODE(house.data.stat().st_mode)
    if not os.access(house.data, os.R_OK | os.W_OK | os.X_OK):
        return fault(part, f"This account may not write to {house.data}.", "Run this as the hub's own account.")
    if mode & stat.S_IWOTH:
        return fault(part, f"Every account of this machine may write to {house.data}.", f"chmod o-rwx {house.data}")
    if mode & _OTHERS:
        return warning(part, f"Every account of this machine may look into {house.data}.", f"chmod o-rwx {house.data}")
    return ok(part, f"{house.data} is the hub's own.")


def look_at_keys(house: House) -> Line:
    """Say whether the keys are there, readable, and nobody else's."""
    part, path = "key file", house.key_file
    if house.given_keys:
        given_keys(house.given_keys)
        return ok(part, "The keys are given by HUB_KEYS.")
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return fault(part, f"{path} is missing.", "Restore it from a backup. Only a new hub makes one: hub serve.")
    try:
        load_keys(path)
    except Unavailable:
        return fault(part, f"{path} cannot be read as a key file.", "Restore it from a backup.")
    if mode & _NOT_OWNER:
        return fault(part, f"Others may read or change {path} (mode {mode:04o}).", f"chmod 600 {path}")
    return ok(part, f"{path} is its owner's alone.")


def keys_are_there(house: House) -> bool:
    """Whether the hub could be opened, without new keys being made for it."""
    try:
        return _keys(house) is not None
    except Unavailable:
        return False


def look_at_keys_in_force(house: House) -> Line:
    """Say whether this machine has the keys that the hub works with."""
    try:
        found = _keys(house)
    except OtherKeys as error:
        says, _, cure = str(error).partition(". ")
        return fault("keys", f"{says}.", cure)
    except Unavailable:
        found = None
    return ok("keys", "They are those that the hub works with.") if found else warning("keys", "There are none.", "")


def _keys(house: House) -> Keys | None:
    if not house.given_keys and not house.key_file.exists():
        return None
    return keys_here(house.given_keys, house.key_file, house.database)


def look_at_disk(house: House) -> Line:
    """Say whether there is room."""
    found = shutil.disk_usage(house.data)
    share, says = found.free / found.total, f"{found.free / MEGABYTE:,.0f} MB are free where {house.data} lies."
    cure = "Make room, or put HUB_DATA onto a larger disk: a full one refuses every change."
    if share < LOWEST and found.free < ENOUGH:
        return fault("disk", says, cure)
    if share < LOW and found.free < ENOUGH:
        return warning("disk", says, cure)
    return ok("disk", says)


def look_at_database(house: House) -> Line:
    """Say whether it answers, is whole, and keeps what it accepts."""
    part, name = "database", shown(house.database)
    began = time.monotonic()
    try:
        state = schema_state(house.database)
        ping(house.database)
    except Unavailable as error:
        return fault(part, str(error), "Start it, or mend HUB_DATABASE_URL. A damaged SQLite file: hub restore.")
    took = time.monotonic() - began
    if state is not SchemaState.EMPTY and (damage := _damage(house)):
        return fault(part, f"{name} is damaged: {damage}.", "Stop the hub and restore a backup: hub restore --replace.")
    if weak := _weakness(house):
        return warning(part, weak, "Set fsync and synchronous_commit to on: else a power cut loses accepted changes.")
    if took > SLOW:
        return warning(part, f"{name} took {took:.1f} seconds for one row.", "Look at its load and at the network.")
    return ok(part, f"{name} answers within {max(1, took * 1000):.0f} ms.")


def look_at_schema(house: House) -> Line:
    """Say whether it is this program's."""
    try:
        check_schema(house.database)
    except SchemaError as error:
        says, _, cure = str(error).partition(". ")
        return fault("schema", f"{says}.", cure)
    return ok("schema", "The database is of this version of the hub.")


def look_at_clock(house: House) -> Line:
    """Say whether the clocks of machine, disk and database agree, and whether time has gone forward."""
    off = {"the disk's": _off_disk(house), "the database's": _off_database(house)}
    whose = max(off, key=lambda name: abs(off[name]))
    worst, cure = abs(off[whose]), "Let both machines keep time by NTP: sign-ins and end dates go by the clock."
    says = f"This machine's clock and {whose} are {worst:.0f} seconds apart."
    if worst > FAR_OFF:
        return fault("clock", says, cure)
    if worst > OFF:
        return warning("clock", says, cure)
    ahead = _newest_act(house)
    if ahead is not None and (ahead - house.clock.now()).total_seconds() > FAR_OFF:
        return fault("clock", f"The newest act was noted at {ahead:%d %B %Y %H:%M}, which is yet to come.", cure)
    return ok("clock", "The clocks agree.")


def _damage(house: House) -> str:
    if not house.database.is_sqlite:
        return ""
    with house.database.reading() as session:
        found = session.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return "" if found == "ok" else " ".join(str(found).split())[:200]


def _weakness(house: House) -> str:
    if house.database.is_sqlite:
        return ""
    with house.database.reading() as session:
        names = ("fsync", "synchronous_commit", "full_page_writes")
        off = [name for name in names if session.execute(text(f"SHOW {name}")).scalar() == "off"]
    return f"PostgreSQL runs with {', '.join(off)} off." if off else ""


def _off_disk(house: House) -> float:
    with tempfile.NamedTemporaryFile(dir=house.data, prefix=".hub-doctor-") as file:
        file.write(b"now")
        file.flush()
        written = Path(file.name).stat().st_mtime
    return (house.clock.now() - datetime.fromtimestamp(written, UTC)).total_seconds()


def _off_database(house: House) -> float:
    if house.database.is_sqlite:
        return 0.0
    with house.database.reading() as session:
        theirs = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return float((house.clock.now() - theirs).total_seconds())


def _newest_act(house: House) -> datetime | None:
    with house.database.reading() as session:
        return session.scalar(select(func.max(AuditEntry.at)))
