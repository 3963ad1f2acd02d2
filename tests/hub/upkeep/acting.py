"""A process that acts on a hub as fast as it can, and keeps a book of what it meant to do and what was acknowledged.

A line of JSON before each act (what it will have made of which thing) and one after its commit was acknowledged. When
the database goes away under it, it says that it does not know, waits, and goes on with other documents.
"""

import hashlib
import json
import os
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import count

from sqlalchemy.exc import DBAPIError

from acl.vocabulary import MARKINGS
from config.settings import Settings
from hub.access.models import Place
from hub.access.parts import Parts
from hub.access.places import place_at, set_audience
from hub.app import build_parts
from hub.ground.db import ping
from hub.ground.ids import new_secret
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

PLACES = ("leeds/housing", "leeds/estates")
STATES = ("published", "draft", "withdrawn", "archived")
AUDIENCES = ("open", "restricted", "private", "confidential")
OWNER = "person:leeds/ann"


@dataclass(frozen=True)
class Shape:
    """What a document is, as anybody could find out: its text by the SHA-256 of it."""

    number: int
    hash: str
    file: bool
    marking: str
    state: str
    place: str


def say(**what: object) -> None:
    """A line in the book: one write, which the death of this process cannot take back."""
    os.write(1, (json.dumps(what) + "\n").encode())


class Actor:
    """Somebody who writes, revises, marks, moves and restricts."""

    def __init__(self, parts: Parts, name: str) -> None:
        self.parts, self.name, self.draw, self.numbers = parts, name, random.Random(name), count(1)
        self.kept: dict[str, tuple[str, Shape]] = {}
        """Its documents by title: id, and what it knows them to be."""

    def act(self) -> None:
        """Do one thing."""
        acts: list[Callable[[], None]] = [self.add, self.restrict]
        if self.kept:
            acts += [self.revise, self.revise, self.mark, self.mark, self.move]
        self.draw.choice(acts + [self.add] * (3 if len(self.kept) < 20 else 0))()

    def add(self) -> None:
        """A page, or every third time a file."""
        title = f"Report {next(self.numbers)} of {self.name} {new_secret()[:6]}"
        content, file = self.content(file=self.draw.random() < 1 / 3)
        place, marking = self.draw.choice(PLACES), self.draw.choice(MARKINGS)
        shape = Shape(1, _hash(content), file is not None, marking, self.draw.choice(STATES), place)
        made: list[str] = []

        def do(uow: UnitOfWork) -> None:
            where = self.place(uow, place)
            body = "" if file else content.decode()
            new = NewDocument(title, shape.marking, shape.state, OWNER, body=body, file=file)
            made.append(add_document(uow, where, new).id)

        if self.done("document:add", title, asdict(shape), do):
            self.kept[title] = (made[0], shape)

    def revise(self) -> None:
        """Another text, or another file."""
        title, shape, document = self.some()
        content, file = self.content(file=shape.file)
        new = NewDocument(title, shape.marking, shape.state, OWNER, body="" if file else content.decode(), file=file)
        after = replace(shape, number=shape.number + 1, hash=_hash(content))
        self.change(title, "document:revise", after, lambda uow: revise_document(uow, document(uow), shape.number, new))

    def mark(self) -> None:
        """Publish it, withdraw it, raise its marking."""
        title, shape, document = self.some()
        after = replace(shape, marking=self.draw.choice(MARKINGS), state=self.draw.choice(STATES))
        self.change(
            title,
            "document:mark",
            after,
            lambda uow: set_marking_and_state(uow, document(uow), after.marking, after.state),
        )

    def move(self) -> None:
        """Into the other space."""
        title, shape, document = self.some()
        after = replace(shape, place=PLACES[1 - PLACES.index(shape.place)])
        self.change(
            title, "document:move", after, lambda uow: move_document(uow, document(uow), self.place(uow, after.place))
        )

    def restrict(self) -> None:
        """Open or close a space of its own."""
        path, audience = f"leeds/{self.name.partition('-')[0]}", self.draw.choice(AUDIENCES)

        def do(uow: UnitOfWork) -> None:
            space = self.place(uow, path)
            set_audience(uow, space, audience)
            uow.record("space:audience", space.id, space.organisation_id, audience)

        self.done("space:audience", path, {"audience": audience}, do)

    def some(self) -> tuple[str, Shape, Callable[[UnitOfWork], Document]]:
        """One of its documents: title, what it is, and how to load it."""
        title = self.draw.choice(list(self.kept))
        own, shape = self.kept[title]
        return title, shape, lambda uow: uow.session.get_one(Document, own)

    def change(self, title: str, act: str, after: Shape, do: Callable[[UnitOfWork], object]) -> None:
        """Do something to a document, and remember what it is then; forget it when that cannot be known."""
        if self.done(act, title, asdict(after), do):
            self.kept[title] = (self.kept[title][0], after)
        else:
            del self.kept[title]

    def done(self, act: str, key: str, after: dict[str, object], do: Callable[[UnitOfWork], object]) -> bool:
        """Act in a unit of work, with an entry before and after in the book; whether it was acknowledged."""
        number = next(self.numbers)
        say(n=number, act=act, key=key, then=after)
        try:
            with unit_of_work(self.parts.database, self.parts.clock) as uow:
                do(uow)
        except DBAPIError as error:
            say(unknown=number, why=type(error).__name__)
            self.wait()
            return False
        say(ok=number)
        return True

    def wait(self) -> None:
        """Until the database is there again."""
        while True:
            try:
                return ping(self.parts.database)
            except DBAPIError:
                time.sleep(0.02)

    def content(self, *, file: bool) -> tuple[bytes, StoredUpload | None]:
        """A text of its own, and the file in the store that holds it."""
        content = f"{self.name} {new_secret()} ".encode() * self.draw.choice([1, 3, 4000 if file else 30])
        if not file:
            return content.strip(), None
        stored = self.parts.files.put([content], limit=10_000_000)
        return content, StoredUpload(stored.hash, f"{stored.hash[:6]}.txt", stored.size)

    def place(self, uow: UnitOfWork, path: str) -> Place:
        """A place that is there."""
        found = place_at(uow.session, path)
        assert found is not None, path
        return found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(name: str) -> None:
    """Act until somebody pulls the plug."""
    actor = Actor(build_parts(Settings()), name)
    say(ready=True)
    while True:
        actor.act()
