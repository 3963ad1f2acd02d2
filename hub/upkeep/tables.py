"""The rows of a hub's database, taken out of one consistent state of it and put into another, whichever kind each is.

SQLite is copied whole by its online backup, PostgreSQL by COPY within one transaction, so that neither needs programs
of the database's own. Both are read back as plain values, row by row: either can be restored into the other.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Integer, String, Table, delete, func, insert, inspect, select, text
from sqlalchemy.orm import Session

from hub.ground.db import Database, Line, Moment
from hub.ground.errors import Unavailable
from hub.ground.migrations.autogenerate import whole_metadata
from hub.ground.schema import VERSION_TABLE

SQLITE_COPY = "hub.sqlite3"
AT_ONCE = 1_000
Row = Sequence[Any]


@dataclass(frozen=True)
class Dumped:
    """One state of a database, on disk: `paths` are its files, `rows` counts each table's."""

    kind: str
    paths: tuple[Path, ...]
    rows: dict[str, int]
    sequences: dict[str, int]
    """The last number that each table with numbered rows has given out."""
    files: tuple[str, ...]
    """Hashes of the stored files that its rows name."""


def tables() -> list[Table]:
    """Every table of the hub, in an order in which each comes after those that it refers to."""
    return whole_metadata().sorted_tables


def columns() -> dict[str, list[str]]:
    """The columns of each table."""
    return {table.name: [column.name for column in table.columns] for table in tables()}


def dump(database: Database, folder: Path) -> Dumped:
    """Write one state of the database into an empty folder, while others write. Raises Unavailable."""
    with database.reading() as session:
        _refuse_strange_tables(session)
    return _dump_sqlite(database, folder) if database.is_sqlite else _dump_postgresql(database, folder)


@contextmanager
def reading(folder: Path, kind: str) -> "Iterator[Callable[[Table], Iterator[Row]]]":
    """What gives the rows of each table that `dump` has written into a folder."""
    if kind != "sqlite":
        yield lambda table: _rows_of_copy(folder / f"{table.name}.copy", table)
        return
    copy = Database(f"sqlite:///{folder / SQLITE_COPY}")
    try:
        with copy.reading() as session:
            yield lambda table: _rows(session, table)
    finally:
        copy.close()


def replace(session: Session, rows_of: Callable[[Table], Iterator[Row]], sequences: Mapping[str, int]) -> None:
    """Put rows in place of all that are there, within the session's transaction: nobody sees anything between.

    Numbers that were given out are never given out again, neither those of the backup nor those of this database.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        _replace_on_sqlite(connection, rows_of)
    else:
        _replace_on_postgresql(connection, rows_of)
    for table in _numbered():
        _raise_sequence(connection, table, sequences.get(table.name, 0))


def _dump_sqlite(database: Database, folder: Path) -> Dumped:
    path = folder / SQLITE_COPY
    try:
        with closing(sqlite3.connect(database.url.database or "")) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
            found = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise Unavailable(f"The database cannot be copied: {error}.") from error
    if found != ("ok",):
        raise Unavailable(
            "The database file is damaged, so no backup was made of it. Restore the last good one: hub restore FILE."
        )
    copy = Database(f"sqlite:///{path}")
    try:
        with copy.reading() as session:
            return Dumped("sqlite", (path,), *_facts(session))
    finally:
        copy.close()


def _dump_postgresql(database: Database, folder: Path) -> Dumped:
    paths = []
    with database.reading() as session:
        facts = _facts(session)  # the first query fixes the state
        cursor = _cursor(session.connection())
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("SET LOCAL DateStyle = 'ISO'")
        for table in tables():
            path = folder / f"{table.name}.copy"
            named = ", ".join(f'"{column.name}"' for column in table.columns)
            with path.open("wb") as file, cursor.copy(_copy(f"{table.name} ({named}) TO STDOUT")) as out:
                for piece in out:
                    file.write(piece)
            paths.append(path)
    return Dumped("postgresql", tuple(paths), *facts)


def _facts(session: Session) -> tuple[dict[str, int], dict[str, int], tuple[str, ...]]:
    counts = {
        table.name: int(session.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables()
    }
    sequences = {table.name: _last_number(session.connection(), table) for table in _numbered()}
    return counts, sequences, stored_files(session)


def stored_files(session: Session) -> tuple[str, ...]:
    """The hashes of the stored files that rows name, in whatever column is called so."""
    hashes: set[str] = set()
    for table in tables():
        for column in table.columns:
            if column.name.endswith("file_hash"):
                hashes.update(session.scalars(select(column).where(column != "").distinct()))
    return tuple(sorted(hashes - {None}))


def _refuse_strange_tables(session: Session) -> None:
    known = {table.name for table in tables()} | {VERSION_TABLE}
    strange = sorted(set(inspect(session.connection()).get_table_names()) - known)
    if strange:
        raise Unavailable(
            f"The database holds a table that is not the hub's ({strange[0]}), which a backup would lose: "
            "move it elsewhere first."
        )


def _replace_on_sqlite(connection: Connection, rows_of: Callable[[Table], Iterator[Row]]) -> None:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in reversed(tables()):
        connection.execute(delete(table))
    for table in tables():
        names, rows = [column.name for column in table.columns], rows_of(table)
        while some := [dict(zip(names, row, strict=True)) for row in islice(rows, AT_ONCE)]:
            connection.execute(insert(table), some)


def _replace_on_postgresql(connection: Connection, rows_of: Callable[[Table], Iterator[Row]]) -> None:
    connection.exec_driver_sql(f"TRUNCATE {', '.join(table.name for table in tables())}")
    cursor = _cursor(connection)
    for table in tables():
        named = ", ".join(f'"{column.name}"' for column in table.columns)
        with cursor.copy(_copy(f"{table.name} ({named}) FROM STDIN")) as into:
            for row in rows_of(table):
                into.write_row(row)


def _copy(what: str) -> str:
    return f"COPY {what} WITH (ENCODING 'UTF8')"


def _cursor(connection: Connection) -> Any:
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise Unavailable("The database closed its connection.")
    return raw.cursor()


def _numbered() -> list[Table]:
    """Tables whose rows the database numbers."""
    return [table for table in tables() if table.autoincrement_column is not None and _is_number(table)]


def _is_number(table: Table) -> bool:
    column = table.autoincrement_column
    return column is not None and column.default is None and not column.foreign_keys


def _last_number(connection: Connection, table: Table) -> int:
    column = table.autoincrement_column
    highest: int = connection.execute(select(func.max(column))).scalar() or 0  # type: ignore[assignment]
    if connection.dialect.name == "sqlite":
        counted = "SELECT seq FROM sqlite_sequence WHERE name = :name"
        kept = connection.execute(text(counted), {"name": table.name}).scalar() if _has_sequences(connection) else 0
    else:
        name = _sequence(connection, table)
        asked = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}"  # noqa: S608  # the database's name
        kept = connection.execute(text(asked)).scalar() if name else 0
    return max(highest, int(kept or 0))


def _raise_sequence(connection: Connection, table: Table, number: int) -> None:
    last = max(number, _last_number(connection, table))
    if not last:
        return
    if connection.dialect.name == "sqlite":
        if table.dialect_options["sqlite"]["autoincrement"]:
            given = {"name": table.name, "last": last}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)
    elif name := _sequence(connection, table):
        connection.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})


def _has_sequences(connection: Connection) -> bool:
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first()
    return found is not None


def _sequence(connection: Connection, table: Table) -> str:
    column = table.autoincrement_column
    named = {"table": table.name, "column": column.name if column is not None else ""}
    return str(connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), named).scalar() or "")


def _rows(session: Session, table: Table) -> Iterator[Row]:
    yield from session.connection().execution_options(yield_per=AT_ONCE).execute(select(table))


def _rows_of_copy(path: Path, table: Table) -> Iterator[Row]:
    r"""PostgreSQL's text format of COPY: a line for each row, tabs between the values, `\N` for none."""
    readers = [_reader(column.type) for column in table.columns]
    with path.open("rb") as file:
        for line in file:
            cells = line.removesuffix(b"\n").decode().split("\t")
            yield [None if cell == r"\N" else read(cell) for read, cell in zip(readers, cells, strict=True)]


def _reader(kind: Any) -> Callable[[str], Any]:
    for known, read in _READERS:
        if isinstance(kind, known):
            return read
    raise TypeError(f"hub/upkeep/tables.py does not know how to read back a {kind!r}: say so there")


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _plain(cell: str) -> str:
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), cell) if "\\" in cell else cell


_READERS: tuple[tuple[type[Any], Callable[[str], Any]], ...] = (
    (Moment, datetime.fromisoformat),
    (Boolean, lambda cell: cell == "t"),
    (Integer, int),
    (Date, date.fromisoformat),
    (String, _plain),
    (Line, _plain),
)
