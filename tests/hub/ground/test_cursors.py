"""What columns came back is told to whoever asks, on each database, though it is worked out for nobody else."""

from typing import Any

import pytest
from sqlalchemy import text

from hub.ground.cursors import LazyCursor
from hub.ground.db import Database


def test_rows_of_a_statement_are_named_by_its_columns(database: Database) -> None:
    """Whether SQLAlchemy made it or somebody wrote it; and one without rows has none."""
    with database.reading() as session:
        rows = session.execute(text("SELECT 1 AS one, 'b' AS two")).mappings().all()
        assert [dict(row) for row in rows] == [{"one": 1, "two": "b"}]
    with database.writing() as session:
        assert not session.execute(text("CREATE TEMPORARY TABLE made (id INTEGER)")).returns_rows


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_cursor_tells_of_the_result_that_it_has(database: Database) -> None:
    """Of one that it had before it says that it is gone, and never names other columns for it."""
    with database.engine.connect() as connection:
        cursor: Any = connection.connection.cursor()
        assert isinstance(cursor, LazyCursor)
        cursor.execute("SELECT 1 AS one, 2 AS two")
        first = cursor.description
        cursor.execute("SELECT 3 AS three")
        assert [column.name for column in cursor.description] == ["three"]
        assert (len(cursor.description), cursor.description[0].name) == (1, "three")
        with pytest.raises(LookupError, match="gone on"):
            list(first)
        cursor.execute("SET TIME ZONE 'UTC'")
        assert cursor.description is None
