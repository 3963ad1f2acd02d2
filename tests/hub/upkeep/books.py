"""What the actors were told had been done, and what the hub shows of it: rows, files, audit entries, index."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from acl.visibility import TRUE
from hub.access.models import Place
from hub.access.parts import Parts
from hub.ground.db import Database
from hub.ground.files import FileDamaged, FileStore
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import Document, Revision
from hub.running.indexing import rebuild
from search.embedded import EmbeddedEngine
from search.engine import Engine, Hit
from search.request import MAX_RESULTS, MAX_SIZE, NOTHING_HIDDEN, SearchRequest
from tests.hub.upkeep.acting import Shape
from tests.hub.upkeep.stable import Horse
from tests.hub.upkeep.town import Town, address
from tests.hub.world import World

WAIT = 30.0
"""Seconds in which the index must be what the database is (D-BK 96)."""


@dataclass
class Book:
    """What was meant, in order, for each thing: its acts, what each makes of it, and whether it was acknowledged."""

    meant: dict[str, list[tuple[str, dict[str, Any], bool]]] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> int:
        """Add what an actor wrote; returns how many acts were acknowledged."""
        found = [json.loads(line) for line in lines]
        told = {line["ok"] for line in found if "ok" in line}
        for line in found:
            if "act" in line:
                self.meant.setdefault(line["key"], []).append((line["act"], line["then"], line["n"] in told))
        return len(told)

    def faults(self, session: Session, files: FileStore, keys: Iterable[str] = ()) -> list[str]:
        """What the hub lost, half did, or did without an entry in the audit; of some things, or of all."""
        wanted = list(keys) or list(self.meant)
        shown = dict(_documents(session, files, wanted)) | dict(_spaces(session, wanted))
        said = [_fault(key, self.meant[key], *shown.get(key, (None, ()))) for key in wanted]
        return [sentence for sentence in said if sentence]


def _fault(key: str, meant: list[tuple[str, dict[str, Any], bool]], now: dict[str, Any] | None, acts: Any) -> str:
    """One sentence, or nothing. What was not acknowledged may have been done, in whole or not at all."""
    ways = {(0, -1)}  # entries of the audit that are explained so far, and the act that was done last
    for at, (act, _, told) in enumerate(meant):
        done = {(seen + 1, at) for seen, _ in ways if seen < len(acts) and acts[seen] == act}
        ways = done if told else done | ways
    ends = {last for seen, last in ways if seen == len(acts)}
    # a space is there, as somebody made it, before anything is meant for it
    if any(now == meant[last][1] if last >= 0 else now is None or key.startswith("leeds/") for last in ends):
        return ""
    return f"{key}: {now} after {list(acts)[-5:]}, though {meant[-5:]} was meant"


def _documents(session: Session, files: FileStore, titles: list[str]) -> Iterator[tuple[str, Any]]:
    for some in _batches(titles):
        rows = session.execute(
            select(Document, Revision.body, Revision.file_hash, Place.path)
            .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
            .join(Place, Place.id == Document.place_id)
            .where(Document.title.in_(some))
        ).all()
        acts = _acts(session, [f"doc:{row[0].id}" for row in rows])
        for document, body, file_hash, path in rows:
            content = b"".join(files.read(file_hash)) if file_hash else body.encode()
            own = hashlib.sha256(content).hexdigest()
            shape = Shape(document.number, own, bool(file_hash), document.marking, document.state, path)
            yield document.title, (asdict(shape), acts.get(f"doc:{document.id}", []))


def _spaces(session: Session, paths: list[str]) -> Iterator[tuple[str, Any]]:
    for some in _batches([path for path in paths if path.startswith("leeds/")]):
        for place in session.scalars(select(Place).where(Place.path.in_(some))):
            acts = [act for act in _acts(session, [place.id]).get(place.id, []) if act == "space:audience"]
            yield place.path, ({"audience": place.audience}, acts)


def _acts(session: Session, objects: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for about, act in session.execute(
        select(AuditEntry.object, AuditEntry.act).where(AuditEntry.object.in_(objects)).order_by(AuditEntry.id)
    ):
        found.setdefault(about, []).append(act)
    return found


def _batches(items: list[str]) -> Iterator[list[str]]:
    return (items[at : at + 500] for at in range(0, len(items), 500))


def damaged(database: Database, files: FileStore) -> list[str]:
    """Stored files that a row names and that are not there, or not what they were."""
    with database.reading() as session:
        named = set(session.scalars(select(Revision.file_hash).where(Revision.file_hash != "").distinct()))
    found = []
    for file_hash in sorted(named):
        try:
            for _ in files.read(file_hash):
                pass
        except FileDamaged as fault:
            found.append(str(fault))
    return found


def caught_up(database: Database, worker: Horse) -> float:
    """Wait until no message waits for the worker; returns the seconds that it took."""
    began = time.monotonic()
    while True:
        with database.reading() as session:
            waits = session.scalar(select(func.count()).select_from(OutboxMessage))
        took = time.monotonic() - began
        if not waits:
            return took
        assert worker.alive, worker.where()
        assert took < WAIT, f"{waits} messages wait after {WAIT:.0f} seconds, the worker is here: {worker.where()}"
        time.sleep(0.02)


def unlike(world: World) -> list[str]:
    """How the index differs from the documents of the database, one by one."""
    with world.parts.database.reading() as session:
        paths = {row.id: row.path for row in session.execute(select(Place.id, Place.path))}
        wanted = {
            f"doc:{row.id}": (row.title, row.marking, row.state, paths[row.place_id])
            for row in session.scalars(select(Document))
        }
    hits = {
        hit.id: ("".join(word for word, _ in hit.title), hit.marking, hit.state)
        for hit in _hits(world.parts.engine, ("document",))
    }
    found = {own: (*shown, wanted.get(own, ("",) * 4)[3]) for own, shown in hits.items()}
    return sorted(own for own in wanted.keys() | found.keys() if wanted.get(own) != found.get(own))


def as_rebuilt(parts: Parts, folder: Path) -> bool:
    """Whether the index holds, hit for hit, what one that is built anew from the database does."""
    from dataclasses import replace

    with EmbeddedEngine(folder) as engine:
        anew = replace(parts, engine=engine)
        rebuild(anew)
        return shown(parts.engine) == shown(engine)


def shown(engine: Engine) -> tuple[dict[str, Hit], dict[str, Any]]:
    """Every hit by its id, and the facets, as somebody would see them who may see all."""
    hits = {hit.id: hit for hit in _hits(engine, ())}
    return hits, {name: set(values) for name, values in engine.search(_everything(1, 1)).facets.items()}


def _hits(engine: Engine, kinds: tuple[str, ...]) -> Iterator[Hit]:
    engine.reload_if_behind(time.monotonic_ns())  # a number that it has not seen
    for page in range(1, MAX_RESULTS // MAX_SIZE + 1):
        hits = engine.search(_everything(page, MAX_SIZE, kinds)).hits
        yield from hits
        if len(hits) < MAX_SIZE:
            return
    raise AssertionError("more documents than a search shows")


def _everything(page: int, size: int, kinds: tuple[str, ...] = ()) -> SearchRequest:
    return SearchRequest(
        visibility=TRUE, hidden=NOTHING_HIDDEN, filters={"kind": kinds}, sort="newest", page=page, size=size
    )


def open_database(town: Town) -> Database:
    """The town's database, for a while."""
    return Database(address(town.database))
