"""A hub that is looked after: a world, its settings, and the `hub` command over them."""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config.settings import Settings
from hub.access.parts import Parts
from hub.app import build_parts
from hub.cli import run
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.nouns.documents.models import Document, Revision
from hub.running.console import Console
from hub.upkeep import tables
from hub.upkeep.house import House, open_house
from search.embedded import EmbeddedEngine
from tests import ROOT
from tests.hub.commandline import Ran
from tests.hub.world import World, make_parts

POLICY = ("allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",)
HOSTILE = 'A\ttab, a "quote", a\nline, a \\backslash, \\N, \\., a\rreturn and ünïcödé 🗺'


@dataclass
class Town:
    """A data folder and a database."""

    data: Path
    database: Database

    @property
    def settings(self) -> Settings:
        """As from the environment."""
        return Settings(data=self.data, database_url=address(self.database), loopback_issuers=True)

    def hub(self, *arguments: str) -> Ran:
        """Run a command of `hub`."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(list(arguments), Console(open_parts=self.open_parts, settings=lambda: self.settings))
        return Ran(code, out.getvalue(), err.getvalue())

    @contextmanager
    def open_parts(self) -> Iterator[Parts]:
        """The parts, as a command opens them."""
        parts = build_parts(self.settings)
        try:
            yield parts
        finally:
            parts.engine.close()
            parts.database.close()

    @contextmanager
    def world(self) -> Iterator[World]:
        """The hub, opened and closed again: nobody works with it in between."""
        parts = make_parts(Database(address(self.database)), EmbeddedEngine(self.data / "index"), self.data)
        try:
            yield World(replace(parts, clock=SystemClock()))
        finally:
            parts.engine.close()
            parts.database.close()

    @contextmanager
    def house(self) -> Iterator[House]:
        """Where its things lie."""
        with open_house(self.settings) as found:
            yield found

    def environment(self) -> dict[str, str]:
        """The settings for another process."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        own = {"HUB_DATA": str(self.data), "HUB_DATABASE_URL": address(self.database), "PYTHONPATH": str(ROOT)}
        return kept | own

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """A Python process with the hub's settings."""
        command = [sys.executable, *arguments]
        return subprocess.Popen(
            command,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the database."""
        database = Database(address(self.database))
        with database.reading() as session:
            found = {
                table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in tables.tables()
            }
        database.close()
        return found


def address(database: Database) -> str:
    """The address, with its password, of a database that is furnished: nothing is opened, for it may be damaged."""
    return database.url.render_as_string(hide_password=False)


def furnish(world: World) -> None:
    """Leeds with Ann and Omar, a guest, a space, and documents with texts that are hard to copy."""
    world.add_organisation("leeds", *POLICY)
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/ann", "leeds/housing-officers")
    world.add_person("leeds/omar")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/housing")
    world.add_document("leeds/housing", "Rent review", HOSTILE, owner="person:leeds/ann")
    world.add_file("leeds/housing", "plan.bin", bytes(range(256)) * 3000)
    world.index_all()


@dataclass(frozen=True)
class Acknowledged:
    """A write that somebody was told had been done."""

    id: str
    hash: str
    at: datetime


def read_ledger(lines: list[str]) -> list[Acknowledged]:
    """What a writer said; a line that was cut by its death was never read by anybody."""
    whole = [line for line in lines if line.startswith("{") and line.endswith("}\n")]
    return [Acknowledged(f["id"], f["hash"], datetime.fromisoformat(f["at"])) for f in map(json.loads, whole)]


def lost(town: Town, ledger: list[Acknowledged]) -> list[str]:
    """The acknowledged writes that are not there, or not as they were written."""
    with town.house() as house, house.database.reading() as session:
        rows = session.execute(
            select(Document.id, Revision.body, Revision.file_hash)
            .join(Revision, (Revision.document_id == Document.id) & (Revision.number == Document.number))
            .where(Document.id.in_([entry.id for entry in ledger]))
        )
        found = {own: (body, file_hash) for own, body, file_hash in rows}
        return [entry.id for entry in ledger if not _is_there(house, found.get(entry.id), entry)]


def _is_there(house: House, row: tuple[str, str] | None, entry: Acknowledged) -> bool:
    if row is None:
        return False
    body, file_hash = row
    content = b"".join(house.files.read(file_hash)) if file_hash else body.encode()
    return hashlib.sha256(content).hexdigest() == entry.hash
