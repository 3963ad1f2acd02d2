"""The schema of the database: what it is, what this program needs, and the way from one to the other.

Checking costs one query and no import of Alembic, so that every start can afford it.
"""

import sqlite3
from enum import Enum
from importlib import resources
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub.ground.db import Database
from hub.ground.errors import Unavailable

HEAD = resources.files("hub.ground.migrations").joinpath("HEAD").read_text("utf-8").strip()
"""The newest revision. A file of its own, so that two migrations made side by side conflict in version control."""
OLDEST = resources.files("hub.ground.migrations").joinpath("OLDEST").read_text("utf-8").strip()
"""The oldest revision whose web processes work with the newest as well: what came after it only added something."""
VERSION_TABLE = "alembic_version"


class SchemaState(Enum):
    """How a database stands to this program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    USABLE = "usable"
    """Newer, and made so that web processes of this program go on with it until they are replaced."""
    NEWER = "newer"
    FOREIGN = "foreign"


class SchemaError(Unavailable):
    """The database is not one that this program can work with; the sentence says what to do."""


def schema_state(database: Database) -> SchemaState:
    """How the database stands; raises Unavailable when it cannot be reached."""
    try:
        with database.reading() as session:
            return _state(session)
    except DBAPIError as error:
        raise Unavailable(f"The database {shown(database)} cannot be opened: {_reason(error)}.") from error


def revision_of(database: Database) -> str:
    """The revision of a database, which is one of a hub."""
    with database.reading() as session:
        return str(session.execute(_REVISION).scalar_one())


def check_schema(database: Database, *, web: bool = False) -> None:
    """Return when the database has this program's schema; raise SchemaError with the cure when not.

    What only answers people (`web`) works with a newer one as well, where that is made for it.
    """
    state = schema_state(database)
    if state is not SchemaState.CURRENT and not (web and state is SchemaState.USABLE):
        raise SchemaError(_CURES[state].format(database=shown(database)))


def schema_now(session: Session) -> SchemaState:
    """How the database, which is one of a hub, stands by now. A query, and one more once it is a newer one's."""
    revision = session.execute(_REVISION).scalar()
    if revision is None:
        return SchemaState.EMPTY
    if revision == HEAD:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in _known() else _newer(session)


def migrate(database: Database) -> Path | None:
    """Bring the database to this program's schema; returns the backup that was made first (SQLite with content only).

    Safe to run twice, and from two places at once: the second waits, and finds nothing to do. Raises SchemaError for a
    database of a newer hub, or of something else.
    """
    state = schema_state(database)
    if state is SchemaState.CURRENT:
        return None
    if state in {SchemaState.USABLE, SchemaState.NEWER, SchemaState.FOREIGN}:
        raise SchemaError(_CURES[state].format(database=shown(database)))
    if database.is_sqlite:
        Path(database.url.database or ".").parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    backup = _back_up(database) if database.is_sqlite and state is SchemaState.OLDER else None
    from hub.ground.migrations.run import upgrade

    upgrade(database, HEAD, OLDEST)
    return backup


def shown(database: Database) -> str:
    """The database's address without its password."""
    url = database.url
    return str(url.database) if database.is_sqlite else url.render_as_string(hide_password=True)


def _state(session: Session) -> SchemaState:
    tables = inspect(session.connection()).get_table_names()
    if not tables:
        return SchemaState.EMPTY
    if VERSION_TABLE not in tables:
        return SchemaState.FOREIGN
    return schema_now(session)


def _newer(session: Session) -> SchemaState:
    """Whether a newer database lets web processes of this program go on; where it does not say so, it does not."""
    try:
        oldest = session.execute(text("SELECT works_from FROM hub_state")).scalar() or ""
    except DBAPIError:
        return SchemaState.NEWER
    return SchemaState.USABLE if "" < oldest <= HEAD else SchemaState.NEWER


def _known() -> set[str]:
    """Every revision that this program has a migration for."""
    versions = resources.files("hub.ground.migrations").joinpath("versions")
    return {entry.name.partition("_")[0] for entry in versions.iterdir() if entry.name.endswith(".py")}


def _back_up(database: Database) -> Path:
    """Copy the SQLite file beside itself, as one consistent whole; raises Unavailable when there is no room."""
    source = Path(database.url.database or "")
    target = _unused(source.with_name(f"{source.name}.before-{HEAD}-was-{revision_of(database)}"))
    partial = target.with_name(f"{target.name}.partial")
    try:
        before, copy = sqlite3.connect(source), sqlite3.connect(partial)
        try:
            before.backup(copy)
        finally:
            copy.close()
            before.close()
        partial.chmod(0o600)
        partial.rename(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(f"The database cannot be backed up to {target} ({error}), so it was not changed.") from error
    return target


def _unused(path: Path) -> Path:
    candidates = [path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 1000))]
    return next(candidate for candidate in candidates if not candidate.exists())


def _reason(error: DBAPIError) -> str:
    return " ".join(str(error.orig or error).split()).rstrip(".")[:300]


_REVISION = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  # a constant
_CURES = {
    SchemaState.EMPTY: (
        "There is no hub in {database} yet. Start one with “hub serve”, or create its database with “hub migrate”. "
        "If there should be one, set HUB_DATA to its folder."
    ),
    SchemaState.OLDER: (
        "The database {database} is of an older version of the hub. Stop the hub, then run “hub migrate”: "
        "it makes a backup first."
    ),
    SchemaState.USABLE: (
        "The database {database} is of a newer version of the hub than this program. Install that version: only web "
        "processes of before go on until they are replaced."
    ),
    SchemaState.NEWER: (
        "The database {database} is of a newer version of the hub than this program. Install that version, "
        "or restore the backup that “hub migrate” made."
    ),
    SchemaState.FOREIGN: (
        "The database {database} holds tables that are not a hub's. Give the hub a database of its own: "
        "set HUB_DATA or HUB_DATABASE_URL."
    ),
}
