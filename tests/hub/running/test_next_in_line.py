"""What is next in line is found in as many steps whether a hundred wait or thousands."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, insert, text
from sqlalchemy.orm import Session

from hub.access.models import SignedInSession
from hub.ground.db import Database
from hub.ground.outbox import OutboxMessage
from hub.mail.due import due_letters
from hub.mail.jobs import links_over
from hub.mail.models import SentLetter
from hub.running.indexing import next_subtree
from hub.things.history import bring_up, every_kept
from hub.things.models import Past
from hub.upkeep.measures import sessions_open
from tests.databases import PostgresqlServer

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FEW, MANY = 100, 3_000
Ask = Callable[[Session], object]


def letters(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"id": f"l{number}", "address": "sam@leeds.example", "subject": "x", "lines": "x", "created_at": NOW,
               "due_at": NOW, "secret_until": NOW}  # fmt: skip


def messages(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"topic": "index", "about": f"doc:{number}", "created_at": NOW}


def sessions(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"handle_hash": f"{number:064x}", "person_id": "sam", "created_at": NOW, "seen_at": NOW,
               "expires_at": NOW + timedelta(days=1), "ended_at": NOW}  # fmt: skip


LINES: dict[str, tuple[type[Any], Callable[[int], Iterator[dict[str, Any]]], Ask, str]] = {
    "the letters that are due": (SentLetter, letters, lambda s: due_letters(s, NOW), "ix_letters_next"),
    "one-use links that are over": (SentLetter, letters, lambda s: links_over(s, NOW), "ix_letters_links"),
    "the next subtree": (OutboxMessage, messages, next_subtree, "ix_outbox_subtrees"),
    "the sessions that are open": (SignedInSession, sessions, lambda s: sessions_open(s, NOW), "ix_sessions_open"),
}


def steps(database: Database, ask: Ask) -> int:
    """How many steps SQLite takes to answer: the same on every machine."""
    with database.reading() as session:
        connection: Any = session.connection().connection.driver_connection
        ask(session)
        taken: list[None] = []
        connection.set_progress_handler(lambda: taken.append(None), 1)
        try:
            ask(session)
        finally:
            connection.set_progress_handler(None, 1)
        return len(taken)


def asked_of_few_and_many(database: Database, line: str) -> tuple[int, int]:
    model, rows, ask, _ = LINES[line]
    found = []
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        for count in (FEW, MANY):
            with connection.begin():
                connection.execute(delete(model))
                connection.execute(insert(model.__table__), list(rows(count)))  # type: ignore[arg-type]
            found.append(steps(database, ask))
    return found[0], found[1]


@pytest.mark.parametrize("line", LINES)
def test_thousands_that_wait_make_the_next_one_no_dearer(sqlite_database: Database, line: str) -> None:
    few, many = asked_of_few_and_many(sqlite_database, line)
    assert many < 1.5 * few


@pytest.mark.parametrize("line", LINES)
def test_without_its_index_each_of_them_would(sqlite_database: Database, line: str) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {LINES[line][3]}"))
    few, many = asked_of_few_and_many(sqlite_database, line)
    assert many > 5 * few


@pytest.mark.postgresql
def test_a_place_changes_without_the_whole_of_history_being_read(postgresql_server: PostgresqlServer) -> None:
    """Places go on from one moment, the last that history has: every change of the tree asks for it, holding a lock."""
    ended = ({"node": f"{number}", "kind": ("space", "doc")[number % 2], "place_id": "", "organisation_id": "",
              "owner": "", "ms": "", "audience": "", "path": "", "blocked": False, "from_at": NOW, "to_at": NOW,
              "found": False} for number in range(MANY))  # fmt: skip
    said: list[tuple[str, Any]] = []
    database = postgresql_server.promised()
    with database.engine.connect() as connection:
        with connection.begin():
            connection.execute(insert(Past.__table__), list(ended))  # type: ignore[arg-type]
        with connection.begin():
            connection.exec_driver_sql("ANALYZE history")
        event.listen(connection, "before_cursor_execute", lambda *told: said.append((told[2], told[3])))
        (tree,) = [kept for kept in every_kept() if kept.whole]
        bring_up(Session(connection), tree, NOW, {("platform",)})
        plans = [str(connection.exec_driver_sql(f"EXPLAIN {one}", values).all()) for one, values in list(said)]
    postgresql_server.drop(database)
    assert all("ix_history_kind_from_at" in plan for plan in plans)
    assert not any("Seq Scan on history" in plan for plan in plans)
