"""The database refuses what policy could not judge, whoever writes it."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts

WRONG = (
    "marking = 'SECRET', ms = 'SECRET.published'",
    "marking = 'official', ms = 'official.published'",
    "state = 'deleted', ms = 'OFFICIAL.deleted'",
    "state = '', ms = 'OFFICIAL.'",
    "marking = 'OFFICIAL-SENSITIVE'",
    "ms = 'PUBLIC.published'",
)
"""Words that no rule knows, and an `ms` that says something else than marking and state."""


@pytest.mark.parametrize("table", ["places", "documents"])
@pytest.mark.parametrize("wrong", WRONG)
def test_a_script_that_goes_behind_the_hubs_back_is_refused(
    database: Database, tmp_path: Path, table: str, wrong: str
) -> None:
    """Mona of the database team may mistype a marking; lists and single pages must still judge alike (L28)."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(database, engine, tmp_path))
        world.add_organisation("leeds")
        world.add_person("leeds/ann")
        world.add_space("leeds/housing")
        world.add_document("leeds/housing", "Plan", owner="leeds/ann")
    with database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE {table} SET {wrong} WHERE ms = 'OFFICIAL.published'"))
