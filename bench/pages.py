"""Pages as a signed-in person gets them: 20,000 documents, SQLite and the embedded engine, a person with 300 spaces.

The 95th percentile over 200 different searches, each asked several times in turn with the others: in one process by its
WSGI interface, and over HTTP from the server that `hub serve` starts. Of the same person: their home page; a document;
a place with 5,000 documents; a space of theirs with 2,000 members; and who, of 20,000 people, can see that space.
"""

import http.client
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import select

from acl.visibility import joined
from bench.corpus import Corpus
from bench.table import Row, print_table
from bench.town import FULLEST, Size, cookies, town_of
from config.settings import Settings
from hub.access.models import Place
from hub.access.parts import Parts
from hub.app import build_parts, create_app
from hub.nouns.documents.models import Document

TOWN = Size(people=20_000, lookers=1)
ROUNDS = 3
BAR = 60.0
"""Milliseconds."""
COUNTING_BAR = 300.0
"""Of a page that asks of everyone at once; and of one that lists 2,000 members."""
UNBOUNDED = 10**9
"""One person asks for everything here."""


def main() -> list[Row]:
    """Measure and return the rows of the table."""
    with town_of(TOWN) as data:
        port = _free_port()
        settings = Settings(
            data=data,
            port=port,
            url=f"http://localhost:{port}",
            searches_a_minute=UNBOUNDED,
            checks_a_minute=UNBOUNDED,
        )
        parts = build_parts(settings)
        try:
            return [_told(row) for row in _measured(settings, parts)]
        finally:
            parts.engine.close()
            parts.database.close()


def _told(row: Row) -> Row:
    print(f"  {row.name}: {row.measured} ({row.bar})", file=sys.stderr, flush=True)
    return row


def _measured(settings: Settings, parts: Parts) -> Iterator[Row]:
    addresses = [f"/search?q={quote_plus(query)}" for query in Corpus(0).queries()]
    others = _others(parts)
    app = create_app(settings, parts)
    (cookie,) = cookies(app, parts, TOWN.handles)
    label = f"{TOWN.documents:,} documents, p95"
    with _in_process(app, cookie) as get:
        yield _row(f"search page, {label}, in process", get, addresses)
        yield _row(f"home page, {label}, in process", get, ["/"] * 50)
    parts.engine.close()
    with _over_http(settings, cookie) as get:
        yield _row(f"search page, {label}, over HTTP", get, addresses)
        yield _row(f"home page, {label}, over HTTP", get, ["/"] * 50)
        for name, (address, bar) in others.items():
            yield _row(f"{name}, over HTTP", get, [address] * 30, bar)


def _others(parts: Parts) -> dict[str, tuple[str, float]]:
    """Other pages of the fullest space, and their bars."""
    with parts.database.reading() as session:
        space = session.scalars(select(Place).where(Place.path == FULLEST)).one()
        readable = Document.place_id == space.id, Document.ms == joined("OFFICIAL", "published")
        document = session.scalars(select(Document.id).where(*readable).limit(1)).one()
    return {
        "document page": (f"/documents/{document}", BAR),
        f"page of a space with {TOWN.crowded:,} documents": (f"/places/{FULLEST}", BAR),
        f"page of a space’s {TOWN.members:,} members": (f"/members/{space.id}", COUNTING_BAR),
        f"who of {TOWN.people:,} people can see a space": (f"/audience/place/{space.id}", COUNTING_BAR),
    }


def _row(name: str, get: Callable[[str], int], addresses: Sequence[str], bar: float = BAR) -> Row:
    for address in addresses[:20]:
        get(address)
    taken = []
    for address in itertools.chain.from_iterable([addresses] * ROUNDS):
        begun = time.perf_counter()
        status = get(address)
        taken.append((time.perf_counter() - begun) * 1000)
        if status != http.HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {status}")
    taken.sort()
    middle, late = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    return Row(name, f"{late:.0f} ms (p50 {middle:.0f} ms)", f"at most {bar:.0f} ms", late <= bar)


@contextmanager
def _in_process(app: Flask, cookie: str) -> Iterator[Callable[[str], int]]:
    browser = app.test_client(use_cookies=False)
    yield lambda address: browser.get(address, headers={"Cookie": cookie}).status_code


@contextmanager
def _over_http(settings: Settings, cookie: str) -> Iterator[Callable[[str], int]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environment = kept | {"HUB_DATA": str(settings.data), "HUB_PORT": str(settings.port), "HUB_URL": settings.url}
    environment |= {f"HUB_{kind}_A_MINUTE": str(UNBOUNDED) for kind in ("SEARCHES", "CHECKS")}
    command = [sys.executable, "-m", "hub.cli", "web"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as server:
        connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=30)

        def get(address: str) -> int:
            connection.request("GET", address, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            return answer.status

        try:
            _wait_for(lambda: get("/healthz"), connection)
            yield get
        finally:
            connection.close()
            server.terminate()


def _wait_for(ask: Callable[[], int], connection: http.client.HTTPConnection) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if ask() == http.HTTPStatus.OK:
                return
        except OSError:
            connection.close()
        time.sleep(0.1)
    raise RuntimeError("the web process does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    print_table(main())
