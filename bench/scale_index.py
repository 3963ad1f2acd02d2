"""What documents cost: the index on disk, building it anew, and a list that is sifted."""

import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from bench.corpus import Corpus
from bench.country import NOW, Country, grant
from bench.slopes import Part, least
from hub.access.models import Grant, Person
from hub.access.parts import Parts
from hub.features.desk.queries import recent_things
from hub.running.indexing import everything, rebuild
from hub.upkeep.tables import dump
from search.elastic import ElasticEngine
from search.elastic.client import connect
from search.embedded import EmbeddedEngine
from search.entry import Entry
from search.reindex import reindex

SERVER: Final = os.environ.get("HUB_TEST_ELASTICSEARCH_URL", "")
SHARD: Final = 40e9
"""Bytes of one shard of Elasticsearch: 30 to 50 GB, as its makers advise."""
IN_ELASTICSEARCH: Final = Part("the index in Elasticsearch, on disk", "B", SHARD, "a shard for each 40 GB")
INDEX: Final = (
    Part("documents in the database, on disk", "B"),
    Part("the database is copied for a backup", "s", 4 * 3_600.0, "copies by the database's own means"),
    Part("build the index anew", "s", 8 * 3_600.0, "several readers of the database"),
    Part("the embedded index, on disk", "B", SHARD, "Elasticsearch"),
    *((IN_ELASTICSEARCH,) if SERVER else ()),
    Part("is the index still there? (embedded)", "s", 0.1, "Elasticsearch"),
    Part("what changed last, for who sees none of it", "s", 0.25, "the last of each place that they see"),
)
TEXTS: Final = (Part("the embedded index, each document", "B"),)


def index_costs(parts: Parts, country: Country, documents: int) -> Mapping[str, float]:
    """What hangs on how many documents there are; of the last space of the country, in which none lies, too."""
    begun = time.process_time()
    made = rebuild(parts)
    took = time.process_time() - begun
    if made < documents:
        raise RuntimeError(f"of {documents:,} documents {made:,} are in the index")
    found = {
        "build the index anew": took,
        "the embedded index, on disk": _bytes_in(parts.policy_dir.parent / "index"),
        "is the index still there? (embedded)": least(parts.engine.count),
        "what changed last, for who sees none of it": _sifted(parts, country),
    }
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        found["the database is copied for a backup"] = least(lambda: dump(parts.database, Path(folder)), 1)
    return found | ({IN_ELASTICSEARCH.name: _in_elasticsearch(parts)} if SERVER else {})


def _sifted(parts: Parts, country: Country) -> float:
    """The list of home, for a guest who was let into one space only, in which nothing lies."""
    word = "guest:council-0/visitor"
    with parts.database.engine.begin() as connection:
        connection.execute(insert(Grant).values(grant(word, country.spaces[-1])))
        connection.execute(
            insert(Person).values(
                id="visitor", organisation_id="o0", handle="council-0/visitor", kind="guest", name="V", created_at=NOW
            )
        )
    with parts.database.reading() as session:
        viewer = parts.viewer(session, session.get_one(Person, "visitor"))
        if recent_things(viewer):
            raise RuntimeError("the guest sees documents")
        return least(lambda: recent_things(viewer), 3)


def _in_elasticsearch(parts: Parts) -> float:
    """Bytes of an index on the tests' server, of one shard without a copy."""
    name = f"scale-{secrets.token_hex(4)}"
    with ElasticEngine(SERVER, index=name) as engine:
        reindex(engine, everything(parts, []), batch=1_000)
        try:
            client = connect(SERVER)
            client.indices.forcemerge(index=name, max_num_segments=1)
            client.indices.flush(index=name)
            return float(
                client.indices.stats(index=name, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
            )
        finally:
            client.close()
            for generation in engine.generations():
                engine.forget(generation)


def texts_costs(documents: int, words: int) -> Mapping[str, float]:
    """What hangs on how many words a document has."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, EmbeddedEngine(Path(folder)) as engine:
        reindex(engine, _of_words(documents, words))
        return {"the embedded index, each document": _bytes_in(Path(folder)) / documents}


def _of_words(documents: int, words: int) -> Iterator[Entry]:
    corpus = Corpus(documents * words)
    entries = corpus.entries()
    for _ in range(documents):
        entry, body = next(entries), []
        while len(body) < words:
            body += next(entries).body.split(" ")
        yield replace(entry, body=" ".join(body[:words]))


def _bytes_in(folder: Path) -> float:
    return float(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
