"""The Elasticsearch engine when its server is away, slow, old, not Elasticsearch, or has no index."""

import contextlib
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from acl.visibility import is_in
from search.elastic import ElasticEngine
from search.engine import EngineDown, EngineError, EngineSlow, QueryRefused
from tests.engines import drop, new_elastic
from tests.search.things import ask, entry, fill, ids


@contextlib.contextmanager
def answering(status: int, body: object, headers: dict[str, str]) -> Iterator[str]:
    """A server on loopback that answers everything alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(content)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_PUT = do_POST  # noqa: N815 - the library's own names

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


REAL = {"X-Elastic-Product": "Elasticsearch"}


def refusal(kind: str) -> dict[str, object]:
    return {"error": {"type": kind, "reason": "about the secret words", "root_cause": []}, "status": 400}


def test_a_server_that_is_not_there_is_named_at_once_without_its_password() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    engine = ElasticEngine(f"http://127.0.0.1:{port}", user="hub", password="hunter2")
    start = time.monotonic()
    with pytest.raises(EngineDown, match=f"Elasticsearch at http://127.0.0.1:{port} cannot be reached") as caught:
        ask(engine, "flood")
    assert time.monotonic() - start < 2
    assert "hunter2" not in str(caught.value)
    for act in (engine.healthy, engine.count, engine.commit, engine.begin_rebuild, lambda: engine.write([entry(1)])):
        with pytest.raises(EngineDown, match="cannot be reached"):
            act()


def test_a_server_that_says_nothing_is_given_up_within_two_seconds() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        engine = ElasticEngine(f"http://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        with pytest.raises(EngineSlow, match="did not answer in time"):
            ask(engine, "flood")
        assert time.monotonic() - start < 2


def test_an_answer_that_is_not_whole_is_no_answer() -> None:
    body = {
        "timed_out": True,
        "took": 1,
        "hits": {"hits": [], "total": {"value": 0, "relation": "eq"}},
        "aggregations": {},
    }
    with answering(200, body, REAL) as url, pytest.raises(EngineSlow, match="did not finish in time"):
        ask(ElasticEngine(url), "flood")


@pytest.mark.parametrize(
    ("status", "kind", "error", "sentence"),
    [
        (400, "media_type_header_exception", EngineDown, r'older than version 9.*"elasticsearch>=8.19,<9"'),
        (401, "security_exception", EngineDown, "refuses our name and password"),
        (403, "security_exception", EngineDown, "refuses our name and password"),
        (404, "index_not_found_exception", EngineDown, "run `hub index rebuild`"),
        (429, "circuit_breaking_exception", EngineSlow, "overloaded"),
        (503, "search_phase_execution_exception", EngineSlow, "overloaded"),
        (500, "illegal_state_exception", EngineDown, "failed with illegal_state_exception"),
        (400, "too_many_clauses", QueryRefused, "Use fewer or simpler words"),
    ],
)
def test_each_refusal_of_a_server_becomes_a_sentence(
    status: int, kind: str, error: type[EngineError], sentence: str
) -> None:
    """Also what a server of version 8 says to a client of version 9. Its own text may quote words: not passed on."""
    with answering(status, refusal(kind), REAL) as url, pytest.raises(error, match=sentence) as caught:
        ask(ElasticEngine(url), "secret words")
    assert "secret words" not in str(caught.value)


def test_what_is_not_elasticsearch_is_refused() -> None:
    with answering(200, {"hits": {}}, {}) as url, pytest.raises(EngineDown, match="is not Elasticsearch"):
        ask(ElasticEngine(url), "flood")


def test_a_person_with_too_many_places_is_told_so_before_the_server_is_asked() -> None:
    engine = ElasticEngine("http://127.0.0.1:1")
    with pytest.raises(QueryRefused, match="more than 65,536 places"):
        ask(engine, "flood", is_in("reach", [f"p{n}" for n in range(65_537)]))


@pytest.mark.elasticsearch
def test_a_search_before_there_is_an_index_says_what_to_do(elasticsearch_url: str) -> None:
    engine = new_elastic(elasticsearch_url)
    for act in (engine.healthy, lambda: ask(engine, "flood")):
        with pytest.raises(EngineDown, match="run `hub index rebuild`"):
            act()
    assert engine.count() == 0


@pytest.mark.elasticsearch
def test_sixty_thousand_places_still_find(elasticsearch_url: str) -> None:
    engine = new_elastic(elasticsearch_url)
    fill(engine, entry(1, "Flood"))
    assert ids(ask(engine, "flood", is_in("reach", ["leeds", *(f"p{n}" for n in range(60_000))]))) == ["1"]
    drop(engine, elasticsearch_url)


@pytest.mark.elasticsearch
def test_the_mapping_is_strict(elasticsearch_url: str) -> None:
    """An entry with a field of its own is refused, and names itself."""
    from elasticsearch import BadRequestError, Elasticsearch

    engine = new_elastic(elasticsearch_url)
    fill(engine, entry(1, "Flood"))
    with Elasticsearch(elasticsearch_url) as client, pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=engine._index, document={"id": "doc:2", "salary": 1})
    drop(engine, elasticsearch_url)


@pytest.mark.elasticsearch
def test_a_generation_that_is_gone_does_not_come_back_as_an_index_without_mapping(elasticsearch_url: str) -> None:
    from elasticsearch import Elasticsearch

    engine = new_elastic(elasticsearch_url)
    rebuild = engine.begin_rebuild()
    rebuild.abandon()
    with pytest.raises(EngineError):
        rebuild.write([entry(1)])
    with Elasticsearch(elasticsearch_url) as client:
        assert not client.indices.exists(index=f"{engine._index}-building")


@pytest.mark.elasticsearch
def test_two_writers_and_a_rebuild_in_another_process_leave_the_newest(elasticsearch_url: str) -> None:
    one = new_elastic(elasticsearch_url)
    other = ElasticEngine(elasticsearch_url, index=one._index)
    fill(one, entry(1, "Flood", version=1))
    rebuild = other.begin_rebuild()
    fill(one, entry(1, "Drought", version=2), entry(2, "Drought"))
    rebuild.write([entry(1, "Flood", version=1)])
    assert rebuild.finish() == 2
    fill(one, entry(3, "Drought"))
    assert sorted(ids(ask(one, "drought"))) == ["1", "2", "3"]
    drop(one, elasticsearch_url)


@pytest.mark.elasticsearch
def test_a_rebuild_whose_place_another_took_does_not_finish(elasticsearch_url: str) -> None:
    engine = new_elastic(elasticsearch_url)
    fill(engine, entry(1, "Flood"))
    first = engine.begin_rebuild()
    second = engine.begin_rebuild()
    with pytest.raises(EngineDown, match="another rebuild"):
        first.finish()
    assert second.finish() == 0
    drop(engine, elasticsearch_url)


@pytest.mark.elasticsearch
def test_a_large_batch_goes_in_several_requests(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.elastic import engine as module

    monkeypatch.setattr(module, "BULK_BYTES", 2_000)
    engine = new_elastic(elasticsearch_url)
    fill(engine, *(entry(n, "Flood", "water " * 100) for n in range(20)))
    assert engine.count() == 20
    drop(engine, elasticsearch_url)


@pytest.mark.elasticsearch
def test_writers_that_start_at_once_make_one_index(elasticsearch_url: str) -> None:
    name = new_elastic(elasticsearch_url)._index
    engines = [ElasticEngine(elasticsearch_url, index=name) for _ in range(6)]
    threads = [threading.Thread(target=fill, args=(e, entry(n, "Flood"))) for n, e in enumerate(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engines[0].count() == 6
    drop(engines[0], elasticsearch_url)
