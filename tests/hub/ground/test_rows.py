"""Rows by their keys, as pages ask for them."""

from typing import Any

from sqlalchemy import delete, event, update

from hub.access.models import HubState
from hub.ground.db import Database, row_of

UNSEEN = {"synchronize_session": False}
"""As another process would do it."""


def test_a_row_is_asked_for_once_and_one_that_is_not_there_is_none(database: Database) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as session:
        found = row_of(session, HubState, 1)
        assert found is not None
        assert row_of(session, HubState, 1) is found
        assert row_of(session, HubState, 7) is None
    assert len(asked) == 2


def test_a_row_that_was_changed_or_taken_away_meanwhile_is_asked_for_again(database: Database) -> None:
    with database.writing() as session:
        assert row_of(session, HubState, 1) is not None
        session.execute(update(HubState).values(policy_generation=77), execution_options=UNSEEN)
        session.expire_all()
        found = row_of(session, HubState, 1)
        assert found is not None
        assert found.policy_generation == 77
        session.execute(delete(HubState), execution_options=UNSEEN)
        session.expire_all()
        assert row_of(session, HubState, 1) is None
