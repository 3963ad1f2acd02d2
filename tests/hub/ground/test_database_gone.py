"""A database that dies in the middle of a page: what was read stands, and what was not is an error of the database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, PendingRollbackError

from hub.ground.db import Database
from tests.hub.upkeep.own_postgresql import own_postgresql


@pytest.mark.postgresql
def test_a_page_that_was_made_when_the_database_died_is_still_sent() -> None:
    """Giving its connection back is no reason to take it away; the next one finds the database that came back."""
    with own_postgresql() as server:
        database = Database(server.address)
        with database.reading() as session:
            assert session.scalar(text("SELECT 1")) == 1
            server.kill(all_of_it=True)
        server.restart()
        with database.reading() as session:
            assert session.scalar(text("SELECT 2")) == 2
            server.kill(all_of_it=True)
            with pytest.raises(OperationalError):
                session.scalar(text("SELECT 3"))
            with pytest.raises(PendingRollbackError):
                session.scalar(text("SELECT 4"))
        server.restart()
        with database.reading() as session:
            assert session.scalar(text("SELECT 5")) == 5
        database.close()
