"""Pages as a signed-in person gets them: 20,000 documents, SQLite and the embedded engine, a person with 300 spaces.

The 95th percentile over 200 different searches, each asked several times in turn with the others: in one process by its
WSGI interface, and over HTTP from the server that `hub serve` starts. Of the same person: their home page; a document;
a place with 5,000 documents; a space of theirs with 2,000 members; and who, of 20,000 people, can see that space.
"""

import http.client
import itertools
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import insert, select

from acl.visibility import joined
from bench.corpus import Corpus
from bench.table import Row, print_table
from config.settings import Settings
from hub.access.login import start_session
from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.access.places import NewPlace
from hub.app import build_parts, create_app
from hub.features.policies.service import adopt_default
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.ground.schema import migrate
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.models import Document, Revision
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.people.service import NewGrant, NewPerson, add_person, give
from hub.nouns.spaces.service import add_space
from hub.running.indexing import rebuild

DOCUMENTS = 20_000
ORGANISATIONS, SPACES_EACH, MY_SPACES = 40, 25, 300
CROWDED, MEMBERS, PEOPLE = 5_000, 2_000, 20_000
"""Documents of the fullest space, its members, and people of the hub."""
ROUNDS = 3
BAR = 60.0
"""Milliseconds."""
COUNTING_BAR = 300.0
"""Of a page that asks of everyone at once; and of one that lists 2,000 members."""
FULLEST = "council-0/space-0"
UNBOUNDED = 10**9
"""One person asks for everything here."""
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TYPES = ("markdown", "pdf", "word", "spreadsheet", "mail")


def main(documents: int = DOCUMENTS) -> list[Row]:
    """Measure and return the rows of the table."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        port = _free_port()
        settings = Settings(
            data=Path(folder),
            port=port,
            url=f"http://localhost:{port}",
            searches_a_minute=UNBOUNDED,
            checks_a_minute=UNBOUNDED,
        )
        database = Database(settings.database)
        migrate(database)
        database.close()
        parts = build_parts(settings)
        corpus = Corpus(documents)
        _fill(parts, corpus)
        rebuild(parts)
        try:
            return [_told(row) for row in _measured(settings, parts, corpus)]
        finally:
            parts.engine.close()
            parts.database.close()


def _told(row: Row) -> Row:
    print(f"  {row.name}: {row.measured} ({row.bar})", file=sys.stderr, flush=True)
    return row


def _measured(settings: Settings, parts: Parts, corpus: Corpus) -> Iterator[Row]:
    addresses = [f"/search?q={quote_plus(query)}" for query in corpus.queries()]
    others = _others(parts)
    app = create_app(settings, parts)
    cookie = _cookie(app, parts)
    label = f"{corpus.documents:,} documents, p95"
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
        f"page of a space with {CROWDED:,} documents": (f"/places/{FULLEST}", BAR),
        f"page of a space’s {MEMBERS:,} members": (f"/members/{space.id}", COUNTING_BAR),
        f"who of {PEOPLE:,} people can see a space": (f"/audience/place/{space.id}", COUNTING_BAR),
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


def _cookie(app: Flask, parts: Parts) -> str:
    """The cookie of a browser in which the person is signed in."""
    with unit_of_work(parts.database, parts.clock) as uow:
        person = uow.session.scalars(select(Person).where(Person.handle == "council-0/ann")).one()
        handle = start_session(uow, parts, person, issuer_id=None)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = handle, True
    name = app.config["SESSION_COOKIE_NAME"]
    found = browser.get_cookie(name)
    if found is None:
        raise RuntimeError("no session cookie was set")
    return f"{name}={found.value}"


@dataclass(frozen=True)
class _Space:
    id: str
    organisation_id: str
    slug: str


def _fill(parts: Parts, corpus: Corpus) -> None:
    """Organisations, spaces and the person by their use cases; documents as rows, since there are many."""
    rng = random.Random(5)
    spaces: list[_Space] = []
    for number in range(ORGANISATIONS):
        slug = f"council-{number}"
        with unit_of_work(parts.database, parts.clock) as uow:
            place = add_organisation(uow, NewOrganisation(slug, f"Council {number}"))
            adopt_default(uow, place)
            for which in range(SPACES_EACH):
                audience = rng.choices(("open", "restricted", "private"), (3, 5, 2))[0]
                new = NewPlace("space", f"space-{which}", f"Space {which} of council {number}", audience=audience)
                spaces.append(_Space(add_space(uow, place, new).id, place.id, slug))
            if number == 0:
                add_person(uow, place, NewPerson("council-0/ann", "Ann Lee"))
    with unit_of_work(parts.database, parts.clock) as uow:
        for space in rng.sample(spaces, MY_SPACES):
            node, organisation = space.id, space.organisation_id
            give(uow, NewGrant("person:council-0/ann", "read", node, organisation, "bench"))
    _add_people(parts, spaces)
    _add_documents(parts, corpus, spaces, rng)


def _add_people(parts: Parts, spaces: Sequence[_Space]) -> None:
    """People of every organisation; of the fullest space, its manager and its members."""
    firms = list(dict.fromkeys((space.organisation_id, space.slug) for space in spaces))
    people = [
        {"id": new_id(), "organisation_id": firm, "handle": f"{slug}/p{number}", "kind": "staff", "created_at": NOW,
         "name": f"Person {number:05}"}
        for number in range(PEOPLE)
        for firm, slug in [firms[number % len(firms)]]
    ]  # fmt: skip
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.execute(insert(Person), people)
        fullest = uow.session.scalars(select(Place).where(Place.path == FULLEST)).one()
        organisation = fullest.organisation_id or ""
        give(uow, NewGrant("person:council-0/ann", "manage", fullest.id, organisation, "bench"))
        row = {
            "can": "read", "node": fullest.id, "organisation_id": organisation, "marking": "any", "state": "published",
            "source": "membership", "given_by": "bench", "reason": "Works with us", "created_at": NOW,
        }  # fmt: skip
        members = [row | {"id": new_id(), "principal": f"person:{p['handle']}"} for p in people[:MEMBERS]]
        uow.session.execute(insert(Grant), members)


def _add_documents(parts: Parts, corpus: Corpus, spaces: Sequence[_Space], rng: random.Random) -> None:
    entries = corpus.entries()
    while some := list(itertools.islice(entries, 2_000)):
        documents, revisions = [], []
        for entry in some:
            space, when = rng.choice(spaces), NOW - timedelta(minutes=rng.randrange(5_000_000))
            space = spaces[0] if rng.random() < CROWDED / corpus.documents else space
            row = {
                "id": new_id(), "place_id": space.id, "organisation_id": space.organisation_id, "title": entry.title,
                "type": rng.choice(TYPES), "marking": entry.marking, "state": entry.state,
                "ms": joined(entry.marking, entry.state), "owner": f"person:{space.slug}/p{rng.randrange(50)}",
                "number": 1, "created_at": when, "changed_at": when,
            }  # fmt: skip
            documents.append(row)
            revisions.append(
                {"document_id": row["id"], "number": 1, "title": entry.title, "body": entry.body,
                 "author": row["owner"], "created_at": when}
            )  # fmt: skip
        with unit_of_work(parts.database, parts.clock) as uow:
            uow.session.execute(insert(Document), documents)
            uow.session.execute(insert(Revision), revisions)


if __name__ == "__main__":
    print_table(main(*(int(argument) for argument in sys.argv[1:])))
