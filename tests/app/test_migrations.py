"""The database that migrations make is the one that the models describe, on the way up and on the way down."""

import ast
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, inspect, select, text

from acl.directory import ROOT
from hub.access.columns import PLACES_KEPT
from hub.access.models import HubState, Place, PlaceClosure
from hub.ground.db import Database
from hub.ground.errors import Unavailable
from hub.ground.migrations.autogenerate import FOLDER, whole_metadata
from hub.ground.migrations.run import changing, downgrade
from hub.ground.schema import HEAD, OLDEST, SchemaError, SchemaState, check_schema, migrate, schema_state
from hub.things.history import astray
from search.embedded import EmbeddedEngine
from tests.hub.world import World, make_parts


def differences(database: Database, metadata: MetaData) -> list[object]:
    with changing(database) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))


def test_the_migrations_make_what_the_models_describe(database: Database) -> None:
    assert differences(database, whole_metadata()) == []


def test_the_migrations_make_every_check_of_the_models(database: Database) -> None:
    """Alembic compares no checks; `tests/hub/access/test_checks.py` tries what they say."""
    described = {
        (table.name, str(check.name))
        for table in whole_metadata().tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    found = inspect(database.engine)
    made = {
        (name, str(check["name"])) for name in found.get_table_names() for check in found.get_check_constraints(name)
    }
    assert made == described
    assert ("documents", "ck_documents_marking") in made


def test_a_table_that_no_migration_makes_is_noticed(database: Database) -> None:
    planted = MetaData(naming_convention=whole_metadata().naming_convention)
    for table in whole_metadata().tables.values():
        table.to_metadata(planted)
    Table("planted", planted, Column("id", Integer, primary_key=True))
    assert [change[0] for change in differences(database, planted)] == ["add_table"]


def test_a_column_that_no_migration_makes_is_noticed(database: Database) -> None:
    planted = MetaData(naming_convention=whole_metadata().naming_convention)
    for table in whole_metadata().tables.values():
        table.to_metadata(planted)
    planted.tables["people"].append_column(Column("planted", Integer))
    assert [change[0] for change in differences(database, planted)] == ["add_column"]


def test_down_leaves_nothing_and_up_again_is_whole(empty_database: Database) -> None:
    migrate(empty_database)
    downgrade(empty_database, "base")
    assert inspect(empty_database.engine).get_table_names() == ["alembic_version"]
    migrate(empty_database)
    check_schema(empty_database)
    assert differences(empty_database, whole_metadata()) == []


def test_a_hub_from_before_who_may_write_was_said_loses_nothing_of_its_spaces_and_their_history(
    database: Database, tmp_path: Path
) -> None:
    """All staff may write in its open spaces, members in others; what history tells goes on as it was."""
    world = World(make_parts(database, EmbeddedEngine(tmp_path / "index"), tmp_path))
    world.add_organisation("leeds")
    for audience in ("open", "private"):
        world.add_space(f"leeds/{audience}", audience)
    downgrade(database, "0022")
    migrate(database)
    with database.reading() as session:
        spaces = session.scalars(select(Place).where(Place.kind == "space").order_by(Place.path)).all()
        assert [(space.voices, space.voices_in_force) for space in spaces] == [("", "staff"), ("", "members")]
        assert sum(astray(session, kept) for kept in PLACES_KEPT) == 0


def test_a_new_hub_has_its_counters_and_the_root_of_the_tree(database: Database) -> None:
    with database.reading() as session:
        assert session.execute(select(HubState.policy_generation, HubState.indexed_sequence)).one() == (1, 0)
        root = session.get_one(Place, ROOT)
        assert (root.kind, root.path, root.ms, root.created_at.tzinfo is not None) == (
            "platform", "", "PUBLIC.published", True,
        )  # fmt: skip
        assert session.get_one(PlaceClosure, (ROOT, ROOT)).open


def test_two_operators_who_migrate_at_once_both_succeed(empty_database: Database) -> None:
    failures: list[BaseException] = []

    def try_it() -> None:
        other = Database(empty_database.url.render_as_string(hide_password=False))
        try:
            migrate(other)
        except BaseException as error:
            failures.append(error)
        finally:
            other.close()

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    check_schema(empty_database)


def test_an_operator_with_an_empty_folder_is_told_how_to_begin(empty_database: Database) -> None:
    assert schema_state(empty_database) is SchemaState.EMPTY
    with pytest.raises(SchemaError, match="“hub migrate”"):
        check_schema(empty_database)


def test_a_database_of_a_newer_hub_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    for refuse in (check_schema, migrate):
        with pytest.raises(SchemaError, match="newer version"):
            refuse(database)


def test_a_database_of_an_older_hub_is_refused_until_it_is_migrated(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.ground.schema.HEAD", "0099")
    with pytest.raises(SchemaError, match=r"older version.*“hub migrate”"):
        check_schema(sqlite_database)


ADDING = {"create_table", "create_index", "add_column", "batch_alter_table", "f"}
"""What a migration may do under programs that know nothing of it."""


def takes_away(source: str) -> list[str]:
    """What a migration does that programs of before could not work with."""
    found = []
    steps = [part for part in ast.parse(source).body if isinstance(part, ast.FunctionDef) and part.name == "upgrade"]
    for call in (each for each in ast.walk(steps[0]) if isinstance(each, ast.Call)):
        said, done = ast.unparse(call), call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in {"op", "table", "batch_op"}:
            if said.startswith(("op.execute('INSERT INTO", 'op.execute("INSERT INTO')):
                continue
            left_empty = "nullable=True" in said or "server_default=" in said
            if done not in ADDING or (done == "add_column" and not left_empty) or "unique=True" in said:
                found.append(said)
    return found


def test_programs_of_before_go_on_only_where_nothing_was_taken_from_them() -> None:
    """`OLDEST` names the newest migration that does more than add; after it, each adds only."""
    for path in sorted((FOLDER / "versions").glob("0*.py")):
        if path.name[:4] > OLDEST:
            assert takes_away(path.read_text("utf-8")) == [], f"{path.name}: write its number into migrations/OLDEST"
    assert OLDEST <= HEAD


@pytest.mark.parametrize(
    ("step", "alone"),
    [
        ("op.create_table('later', sa.Column('id', sa.String(40)))", True),
        ("op.add_column('people', sa.Column('tint', sa.String(9), nullable=True))", True),
        ("op.add_column('people', sa.Column('tint', sa.String(9), nullable=False, server_default=''))", True),
        ("op.add_column('people', sa.Column('tint', sa.String(9), nullable=False))", False),
        ("op.create_index('ix', 'people', ['name'], unique=True)", False),
        ("op.drop_index('ix', 'people')", False),
        ("op.execute('DELETE FROM people')", False),
        ("op.execute('INSERT INTO outbox (about) VALUES (1)')", True),
    ],
)
def test_what_a_migration_takes_away_is_seen(step: str, alone: bool) -> None:
    assert (takes_away(f"def upgrade():\n    {step}\n") == []) is alone


def test_someone_elses_database_is_refused(empty_database: Database) -> None:
    with empty_database.writing() as session:
        session.execute(text("CREATE TABLE parking_permits (id INTEGER)"))
        session.commit()
    for refuse in (check_schema, migrate):
        with pytest.raises(SchemaError, match="not a hub's"):
            refuse(empty_database)


def test_a_database_that_is_not_there_is_one_sentence() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/hub")
    with pytest.raises(Unavailable, match="cannot be opened"):
        check_schema(database)
    database.close()


def test_what_is_in_the_database_is_backed_up_before_it_is_changed(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The step to the next version fails here; the backup stands, and the database is as it was."""
    monkeypatch.setattr("hub.ground.schema.HEAD", "0099")
    with pytest.raises(Exception, match="0099"):
        migrate(sqlite_database)
    (backup,) = tmp_path.glob("hub.sqlite3.before-0099-was-*")
    assert backup.stat().st_mode & 0o077 == 0
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert copy.execute("SELECT path FROM places").fetchall() == [("",)]
    monkeypatch.undo()
    check_schema(sqlite_database)


def test_a_migration_that_breaks_links_is_rolled_back(sqlite_database: Database) -> None:
    with (
        pytest.raises(Unavailable, match="would break 1 links"),
        changing(sqlite_database) as connection,
    ):
        connection.exec_driver_sql("UPDATE places SET parent_id = 'nowhere' WHERE id = 'platform'")
    with sqlite_database.reading() as session:
        assert session.get_one(Place, ROOT).parent_id is None


def test_the_head_file_names_the_newest_migration() -> None:
    numbers = sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("0*.py"))
    assert numbers[-1] == HEAD
