"""How fast the worker brings the index up to what changed: 20,000 documents that wait in the outbox, one message each.

By the worker's own job, on both databases, with the embedded engine, and with Elasticsearch where the tests have one
(HUB_TEST_ELASTICSEARCH_URL).
"""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from itertools import product

from sqlalchemy import delete, insert, select

from bench.filled import NOW, hub_on
from bench.table import Row, print_table
from hub.access.parts import Parts
from hub.ground.outbox import INDEX, OutboxMessage
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document
from hub.running.indexing import index_round
from search.elastic import ElasticEngine

DOCUMENTS = 20_000
BAR = 1_500
"""Documents a second."""


def main(documents: int = DOCUMENTS) -> list[Row]:
    """Measure and return the rows of the table."""
    server = os.environ.get("HUB_TEST_ELASTICSEARCH_URL", "")
    engines = ("tantivy", "elasticsearch") if server else ("tantivy",)
    return [row for kind, engine in product(("sqlite", "postgresql"), engines) for row in _row(kind, engine, documents)]


def _row(kind: str, engine: str, documents: int) -> Iterator[Row]:
    own: dict[str, str] = {}
    if engine == "elasticsearch":
        server = os.environ["HUB_TEST_ELASTICSEARCH_URL"]
        own = {"elasticsearch_url": server, "elasticsearch_index": f"bench-{secrets.token_hex(4)}"}
    with hub_on(kind, documents, **own) as (_, parts):
        while index_round(parts):  # organisations and spaces, and whatever is done but once
            pass
        _enqueue(parts)
        begun, spent = time.perf_counter(), time.process_time()
        while index_round(parts):
            pass
        took, spent = time.perf_counter() - begun, time.process_time() - spent
        found = parts.engine.count()
        if found < documents:
            raise RuntimeError(f"of {documents} documents {found} are in the index")
        if engine == "elasticsearch":
            _remove(parts)
    rate = documents / took
    row = Row(
        f"indexing {documents:,} changed documents, {engine}, {kind}",
        f"{rate:,.0f} a second ({spent / took * 100:.0f} % busy)",
        f"at least {BAR:,} a second",
        rate >= BAR,
    )
    print(f"  {row.name}: {row.measured} (bar {row.bar})", file=sys.stderr, flush=True)
    yield row


def _enqueue(parts: Parts) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.execute(delete(OutboxMessage))
        ids = uow.session.scalars(select(Document.id).order_by(Document.id)).all()
        rows = [{"topic": INDEX, "about": f"doc:{own}", "created_at": NOW} for own in ids]
        uow.session.execute(insert(OutboxMessage), rows)


def _remove(parts: Parts) -> None:
    engine = parts.engine
    if isinstance(engine, ElasticEngine):
        for name in engine.generations():
            engine.forget(name)


if __name__ == "__main__":
    print_table(main(*(int(argument) for argument in sys.argv[1:])))
