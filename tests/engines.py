"""The two engines as fixtures. The real Elasticsearch is started once a run, whoever asks for it first."""

import atexit
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.engine import Engine
from tests import ROOT, missing

KINDS = ("tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch))


@cache
def _started() -> tuple[str, str]:
    """The URL of a server of our own that lives as long as this process, or '' and why there is none."""
    script = ROOT / "tools" / "elasticsearch" / "server.py"
    server = subprocess.Popen(
        [sys.executable, str(script), "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert server.stdout
    assert server.stderr
    url = server.stdout.readline().decode().strip()
    if not url:
        return "", server.communicate(timeout=60)[1].decode().strip()
    atexit.register(server.communicate, timeout=60)  # closes its standard input, which stops it
    return url, ""


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The URL of a real server: the one that HUB_TEST_ELASTICSEARCH_URL names, else one of our own."""
    given = os.environ.get("HUB_TEST_ELASTICSEARCH_URL")
    if given:
        return given
    url, reason = _started()
    if not url:
        missing("Elasticsearch", reason)
    return url


def new_elastic(url: str) -> ElasticEngine:
    """An engine over an index of its own on the server."""
    return ElasticEngine(url, index=f"test-{uuid.uuid4().hex[:12]}")


def drop(engine: Engine, url: str) -> None:
    """Takes an engine's indices from a server that is not ours; ours goes with all that it holds."""
    from elasticsearch import Elasticsearch

    if isinstance(engine, ElasticEngine) and os.environ.get("HUB_TEST_ELASTICSEARCH_URL"):
        with Elasticsearch(url) as client:
            names = list(client.indices.get(index=f"{engine._index}-generation-*").body)
            if names:
                client.indices.delete(index=names)


@pytest.fixture(scope="session", params=KINDS)
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Engine]]:
    """Makes empty engines of one kind, and takes them away at the end."""
    url = request.getfixturevalue("elasticsearch_url") if request.param == "elasticsearch" else ""
    made: list[Engine] = []

    def make() -> Engine:
        made.append(new_elastic(url) if url else EmbeddedEngine(Path(tmp_path_factory.mktemp("index"))))
        return made[-1]

    yield make
    for engine in made:
        drop(engine, url)
        engine.close()


@pytest.fixture
def engine(engines: Callable[[], Engine]) -> Engine:
    """An empty engine, of each kind in turn."""
    return engines()
