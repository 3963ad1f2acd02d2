"""A process that does one thing, tells the index of it, and dies at the point that it was told.

Points lie before every statement that goes to the database, before and after every commit, around every step in which
a file is stored, and around the index's writes and commits. Without a point it lives, and says how many it has passed.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from config.settings import Settings
from hub.access.parts import Parts
from hub.access.places import place_at, set_audience
from hub.app import build_parts
from hub.features.documents.reading import reading_round
from hub.ground import files
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import (
    NewDocument,
    StoredUpload,
    add_document,
    move_document,
    revise_document,
    set_marking_and_state,
)
from hub.running.indexing import REBUILD, index_round
from search.engine import Engine, Rebuild

OWNER = "person:leeds/ann"
REBUILDING = "rebuilding"


class Fate:
    """Counts the points, and strikes at one."""

    def __init__(self, point: int) -> None:
        self.point, self.passed = point, 0

    def come(self, *_: object, **__: object) -> None:
        """A point."""
        self.passed += 1
        if self.passed == self.point:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call with a point before and one after."""

        def watched(*given: Any, **named: Any) -> Any:
            self.come()
            found = call(*given, **named)
            self.come()
            return found

        return watched


def add_a_page(uow: UnitOfWork, parts: Parts, word: str, _: str) -> None:
    place = place_at(uow.session, "leeds/housing")
    assert place is not None
    add_document(uow, place, NewDocument(f"New {word}", "OFFICIAL", "published", OWNER, body=f"It says {word}."))


def add_a_file(uow: UnitOfWork, parts: Parts, word: str, _: str) -> None:
    place = place_at(uow.session, "leeds/housing")
    assert place is not None
    stored = parts.files.put([f"It says {word}.\n".encode()], limit=1000)
    file = StoredUpload(stored.hash, f"{word}.txt", stored.size)
    add_document(uow, place, NewDocument(f"New {word}", "OFFICIAL", "published", OWNER, file=file))


def revise(uow: UnitOfWork, parts: Parts, word: str, document: str) -> None:
    row = uow.session.get_one(Document, document)
    new = NewDocument(f"Revised {word}", row.marking, row.state, OWNER, body=f"It says new{word}.")
    revise_document(uow, row, row.number, new)


def withdraw(uow: UnitOfWork, parts: Parts, word: str, document: str) -> None:
    set_marking_and_state(uow, uow.session.get_one(Document, document), "OFFICIAL", "withdrawn")


def raise_the_marking(uow: UnitOfWork, parts: Parts, word: str, document: str) -> None:
    set_marking_and_state(uow, uow.session.get_one(Document, document), "OFFICIAL-SENSITIVE", "published")


def move(uow: UnitOfWork, parts: Parts, word: str, document: str) -> None:
    place = place_at(uow.session, "leeds/vault")
    assert place is not None
    move_document(uow, uow.session.get_one(Document, document), place)


def restrict(uow: UnitOfWork, parts: Parts, word: str, document: str) -> None:
    space = place_at(uow.session, f"leeds/{word}")
    assert space is not None
    set_audience(uow, space, "confidential")
    uow.record("space:audience", space.id, space.organisation_id, "confidential")


def rebuilding(uow: UnitOfWork, parts: Parts, word: str, document: str) -> None:
    uow.enqueue("index:all", topic=REBUILD)


ACTS: dict[str, Callable[[UnitOfWork, Parts, str, str], None]] = {
    act.__name__: act for act in (add_a_page, add_a_file, revise, withdraw, raise_the_marking, move, restrict)
}


def watched_rebuild(fate: Fate, engine: Engine) -> Callable[[], Rebuild]:
    """Begins a rebuild, whose steps are points too."""
    begin = engine.begin_rebuild

    def begun() -> Rebuild:
        found = begin()
        found.write = fate.around(found.write)  # type: ignore[method-assign]
        found.finish = fate.around(found.finish)  # type: ignore[method-assign]
        return found

    return begun


def main(act: str, word: str, document: str, point: str) -> None:
    """Do it, index it, and say how many points there were."""
    parts, fate = build_parts(Settings()), Fate(int(point))
    event.listen(parts.database.engine, "before_cursor_execute", fate.come)
    event.listen(parts.database.engine, "commit", fate.come)
    files._fsync = fate.around(files._fsync)  # type: ignore[assignment]
    files.Path.replace = fate.around(Path.replace)  # type: ignore[method-assign]
    parts.engine.write = fate.around(parts.engine.write)  # type: ignore[method-assign]
    parts.engine.commit = fate.around(parts.engine.commit)  # type: ignore[method-assign]
    parts.engine.begin_rebuild = fate.around(watched_rebuild(fate, parts.engine))  # type: ignore[method-assign]
    with unit_of_work(parts.database, parts.clock) as uow:
        (ACTS | {REBUILDING: rebuilding})[act](uow, parts, word, document)
    fate.come()
    while reading_round(parts) + index_round(parts):
        pass
    os.write(1, f"{fate.passed}\n".encode())
