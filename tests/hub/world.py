"""A hub for tests, and the people, places and documents in it, made by the use cases that make them in life.

First `World(make_parts(database, engine, tmp_path))`, then `add_organisation("leeds", "allow,org:leeds,read,leeds,…")`,
`add_person("leeds/ann")`, `add_space("leeds/housing")`, `add_document("leeds/housing", "Flood plan", "Sandbags …")`,
`index_all()`, and `ask("leeds/ann", "sandbags").hits` or `client("leeds/ann").get("/search?q=sandbags")`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from acl.rules import COLUMNS
from config.mail import Mailing
from config.settings import Settings
from hub.access.login import start_session
from hub.access.models import Grant, Group, Person, Place
from hub.access.parts import Parts
from hub.access.places import NewPlace, place_at, set_audience, set_voices
from hub.access.snapshots import Snapshots
from hub.access.viewer import Viewer
from hub.features.documents.reading import reading_round
from hub.features.find.forms import read_question
from hub.features.find.queries import Answered, ask
from hub.features.policies.service import adopt
from hub.ground.db import Database
from hub.ground.files import FileStore
from hub.ground.keys import load_keys
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.trail import KEY as TRAIL
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import (
    NewDocument,
    StoredUpload,
    add_document,
    move_document,
    revise_document,
    set_marking_and_state,
)
from hub.nouns.kinds import KINDS
from hub.nouns.organisations.service import NewOrganisation, add_organisation
from hub.nouns.people.service import (
    NewGrant,
    NewPerson,
    add_group,
    add_member,
    add_person,
    end_grant,
    give,
    remove_member,
    set_status,
)
from hub.nouns.spaces.service import add_folder, add_space
from hub.nouns.talk.service import say
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import NewThread, open_thread, post_to
from hub.nouns.threads.sorts import SORTS
from hub.running.indexing import index_round
from search.engine import Engine
from tests.hub.sheets import Looking

HEADER = ",".join(COLUMNS) + "\n"
UNBOUNDED: dict[str, Any] = {
    f"{cost}_a_minute": 10**9 for cost in ("searches", "texts", "parts", "comparisons", "checks", "feeds", "strangers")
}
"""The clock of a test stands, so its minute is never over."""
START = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


@cache
def _settings() -> Settings:
    """Of every hub here; read once in a process, for the environment and files are searched for each."""
    return Settings(loopback_issuers=True, **UNBOUNDED)


class TestClock:
    """A clock that stands until it is moved."""

    __test__ = False

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.at

    def move(self, **by: float) -> None:
        """Move on by so many days, hours, minutes."""
        self.at += timedelta(**by)


def make_parts(database: Database, engine: Engine, folder: Path, **other: Any) -> Parts:
    """The parts of a hub over a database and an engine, with its data in `folder`; `other` replaces fields."""
    given: dict[str, Any] = {
        "database": database,
        "clock": TestClock(),
        "keys": load_keys(folder / "keys.json"),
        "snapshots": Snapshots(database),
        "files": FileStore(folder / "files"),
        "engine": engine,
        "kinds": KINDS,
        "policy_dir": folder / "policies",
        "public_url": "http://localhost:8000",
        "mail": Mailing(None, "hub@localhost", "Knowledge Hub", folder / "mail"),
        "upload_limit": 5_000_000,
        "session_idle_minutes": 60,
        "session_hours": 12,
        "sessions_at_once": 20,
        "loopback_issuers": True,
        "demo": False,
    }
    return Parts(**given | other)


class World:
    """A hub with people in it. Things are named as people name them: handles, paths, titles."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.told: Any = None
        """What its story returned, where it began in one (`tests/hub/once.py`)."""
        self._app: Flask | None = None

    # what is in it

    def work(self) -> Any:
        """A unit of work."""
        return unit_of_work(self.parts.database, self.parts.clock)

    def add_organisation(self, slug: str, *policy: str, name: str = "", kind: str = "council") -> str:
        """An organisation with the lines of its policy file (none: nobody may do anything). Returns its place id."""
        with self.work() as uow:
            place = add_organisation(uow, NewOrganisation(slug, name or f"{slug.title()} City Council", kind))
            found = place.id
        if policy:
            self.set_policy(slug, *policy)
        return found

    def set_policy(self, slug: str, *lines: str) -> None:
        """Put these lines in force as an organisation's policy (`platform`: the platform's)."""
        name = "platform.csv" if slug == "platform" else f"organisations/{slug}.csv"
        with self.work() as uow:
            adopt(uow, name, HEADER + "".join(f"{line}\n" for line in lines), "test")

    def add_person(self, handle: str, *groups: str, name: str = "", kind: str = "staff", job: str = "") -> str:
        """A person, in groups of their organisation (`leeds/housing`), which are made when new. Returns the id."""
        slug, _, own = handle.partition("/")
        with self.work() as uow:
            organisation = self._place(uow, slug)
            shown = name or own.replace("-", " ").title()
            person = add_person(uow, organisation, NewPerson(handle, shown, job_title=job, kind=kind))
            for group in groups:
                found = uow.session.scalar(select(Group).where(Group.handle == group))
                add_member(uow, found or add_group(uow, organisation, group, group), person)
            return person.id

    def add_space(self, path: str, audience: str = "open", *, name: str = "", marking: str = "OFFICIAL") -> str:
        """A space; returns its place id."""
        return self._add_place("space", path, name, audience=audience, marking=marking)

    def add_folder(self, path: str, *, name: str = "", marking: str = "OFFICIAL") -> str:
        """A folder; returns its place id."""
        return self._add_place("folder", path, name, marking=marking)

    def add_document(
        self,
        place: str,
        title: str,
        body: str = "Some words.",
        *,
        marking: str = "OFFICIAL",
        state: str = "published",
        owner: str = "person:leeds/nobody",
    ) -> str:
        """A document of Markdown; returns its entry id, `doc:ID`."""
        with self.work() as uow:
            new = NewDocument(title, marking, state, owner, body=body)
            return f"doc:{add_document(uow, self._place(uow, place), new).id}"

    def add_file(
        self, place: str, name: str, content: bytes, *, marking: str = "OFFICIAL", owner: str = "person:leeds/nobody"
    ) -> str:
        """A published document that is an uploaded file, not read yet; returns its entry id."""
        stored = self.parts.files.put([content], limit=50_000_000)
        with self.work() as uow:
            file = StoredUpload(hash=stored.hash, name=name, size=stored.size, type="other")
            new = NewDocument(name, marking, "published", owner, file=file)
            return f"doc:{add_document(uow, self._place(uow, place), new).id}"

    def add_thread(self, place: str, title: str, by: str, body: str = "Some words.", *, sort: str = "question") -> str:
        """A conversation that somebody opens, whatever policy says; returns its entry id, `thread:ID`."""
        with self.work() as uow:
            closes = uow.now + timedelta(days=30) if SORTS[sort].takes else None
            new = NewThread(sort, title, body, closes_at=closes)
            return open_thread(uow, self._place(uow, place), self._person(uow, by), new).node

    def post(self, node: str, by: str, body: str = "More words.") -> int:
        """Somebody posts to a conversation, or comments on a document, likewise; returns the number of the post."""
        with self.work() as uow:
            thread = uow.session.get(Thread, node.partition(":")[2])
            who = self._person(uow, by)
            return (post_to(uow, thread, who, body) if thread else say(uow, node, who, body)).number

    # what is done to it

    def revise(self, document: str, title: str, body: str) -> None:
        """A new revision of a document."""
        with self.work() as uow:
            row = self._document(uow, document)
            new = NewDocument(title, row.marking, row.state, row.owner, body=body)
            revise_document(uow, row, row.number, new)

    def mark(self, document: str, marking: str = "OFFICIAL", state: str = "published") -> None:
        """Mark a document anew."""
        with self.work() as uow:
            set_marking_and_state(uow, self._document(uow, document), marking, state)

    def move(self, document: str, place: str) -> None:
        """Put a document into another place."""
        with self.work() as uow:
            move_document(uow, self._document(uow, document), self._place(uow, place))

    def set_audience(self, space: str, audience: str) -> None:
        """Open or close a space."""
        with self.work() as uow:
            set_audience(uow, self._place(uow, space), audience)

    def set_voices(self, space: str, voices: str) -> None:
        """Say who may write in a space."""
        with self.work() as uow:
            set_voices(uow, self._place(uow, space), voices)

    def give(
        self, principal: str, can: str, where: str, *, until: date | None = None, source: str = "membership"
    ) -> str:
        """Give someone an action on a place (by path) or a thing in one (`doc:ID`); returns the grant's id."""
        with self.work() as uow:
            kind = self.parts.kinds.lying_as(where)
            if kind is not None:
                node, organisation = where, uow.session.get_one(kind.model, where.partition(":")[2]).organisation_id
            else:
                place = self._place(uow, where)
                node, organisation = place.id, place.organisation_id or ""
            new = NewGrant(principal, can, node, organisation, "test", source=source, reason="For a test", until=until)
            return give(uow, new).id

    def take_back(self, grant: str) -> None:
        """End a grant."""
        with self.work() as uow:
            end_grant(uow, uow.session.get_one(Grant, grant))

    def leave_group(self, handle: str, group: str) -> None:
        """Take a person out of a group."""
        with self.work() as uow:
            found = uow.session.scalars(select(Group).where(Group.handle == group)).one()
            remove_member(uow, found, self._person(uow, handle))

    def set_status(self, handle: str, status: str) -> None:
        """Suspend a person, or let them in again."""
        with self.work() as uow:
            set_status(uow, self._person(uow, handle), status)

    def index_all(self) -> int:
        """Do the worker's work until none is left: read files, index everything. Returns how much there was."""
        done = 0
        while found := reading_round(self.parts) + index_round(self.parts):
            done += found
        return done

    # what people see

    @contextmanager
    def viewer(self, handle: str) -> Iterator[Viewer]:
        """A person as someone who looks."""
        with self.parts.database.reading() as session:
            person = session.scalars(select(Person).where(Person.handle == handle)).one()
            yield self.parts.viewer(session, person)

    def ask(self, handle: str, words: str = "", **asked: Any) -> Answered:
        """What a person's search shows; filters as in the address (`from_` for `from`), one value or a list."""
        values = {n.rstrip("_"): v if isinstance(v, list) else [str(v)] for n, v in asked.items()} | {"q": [words]}
        read = read_question(values, self.parts.kinds)
        assert not read.problems, read.problems
        with self.viewer(handle) as viewer:
            return ask(self.parts.engine, self.parts.kinds, viewer, read.question)

    @property
    def app(self) -> Flask:
        """The application over these parts."""
        if self._app is None:
            from hub.app import create_app

            here = {"data": self.parts.policy_dir.parent, "url": self.parts.public_url}
            settings = _settings().model_copy(update=here)
            self._app = create_app(settings, self.parts)
            self._app.test_client_class = Looking
            self._app.extensions[TRAIL].later = lambda *_: None  # it would write while a test counts statements
        return self._app

    def client(self, handle: str = "") -> FlaskClient:
        """A browser, signed in as a person; without one, a stranger's."""
        browser = self.app.test_client()
        if handle:
            with self.work() as uow:
                session = start_session(uow, self.parts, self._person(uow, handle), issuer_id=None)
            with browser.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = session, True
        return browser

    def _add_place(self, kind: str, path: str, name: str, audience: str = "", marking: str = "OFFICIAL") -> str:
        above, _, slug = path.rpartition("/")
        new = NewPlace(kind, slug, name or slug.replace("-", " ").title(), marking=marking, audience=audience)
        with self.work() as uow:
            return (add_space if kind == "space" else add_folder)(uow, self._place(uow, above), new).id

    def _place(self, uow: UnitOfWork, path: str) -> Place:
        place = place_at(uow.session, path)
        assert place is not None, path
        return place

    def _person(self, uow: UnitOfWork, handle: str) -> Person:
        return uow.session.scalars(select(Person).where(Person.handle == handle)).one()

    def _document(self, uow: UnitOfWork, document: str) -> Document:
        return uow.session.get_one(Document, document.removeprefix("doc:"))
