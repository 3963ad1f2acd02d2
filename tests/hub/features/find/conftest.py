"""Worlds on the pairs of database and engine that a hub may have."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search.embedded import EmbeddedEngine
from tests.engines import drop, new_elastic
from tests.hub.world import World, make_parts
from tests.remembered import open_database

PAIRS = (
    "sqlite-tantivy",
    pytest.param("sqlite-elasticsearch", marks=pytest.mark.elasticsearch),
    pytest.param("postgresql-tantivy", marks=pytest.mark.postgresql),
)


@pytest.fixture(params=PAIRS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An empty hub on each pair in turn."""
    with _world(request, tmp_path, request.param) as found:
        yield found


@pytest.fixture
def postgresql_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An empty hub on PostgreSQL and tantivy, for what can happen there only."""
    with _world(request, tmp_path, "postgresql-tantivy") as found:
        yield found


@contextmanager
def _world(request: pytest.FixtureRequest, folder: Path, pair: str) -> Iterator[World]:
    which, _, engine_name = pair.partition("-")
    if which == "sqlite":
        database = request.getfixturevalue("sqlite_database")
    else:
        database = open_database(request.getfixturevalue("postgresql_server").migrated())
    url = request.getfixturevalue("elasticsearch_url") if engine_name == "elasticsearch" else ""
    engine = new_elastic(url) if url else EmbeddedEngine(folder / "index")
    yield World(make_parts(database, engine, folder))
    if url:
        drop(engine, url)
    engine.close()
    if which == "postgresql":
        request.getfixturevalue("postgresql_server").drop(database)


@pytest.fixture
def small_world(sqlite_database: object, tmp_path: Path) -> Iterator[World]:
    """An empty hub on SQLite and tantivy, for what does not depend on either."""
    engine = EmbeddedEngine(tmp_path / "index")
    yield World(make_parts(sqlite_database, engine, tmp_path))  # type: ignore[arg-type]
    engine.close()
