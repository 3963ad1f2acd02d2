"""A town in which people ask for what they cannot see."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from hub.access.models import Grant, Person, Place
from hub.features.asking.models import AccessRequest
from hub.features.asking.reaching import reach_round, watch_round
from hub.ground.db import Database
from hub.mail.models import SentLetter
from hub.nouns.documents.models import Document, Revision
from tests.hub.once import Begin
from tests.hub.world import TestClock, World

TOKENS = re.compile(r'name="(?:csrf|form)_token" value="[^"]*"')


@dataclass
class Town:
    """Leeds, York and a supplier, with what they asked of each other."""

    world: World
    clock: TestClock
    plan: str = ""
    merger: str = ""

    def client(self, handle: str) -> FlaskClient:
        """A person's browser."""
        return self.world.client(handle)

    def ask(self, handle: str, address: str, reason: str = "Joint flood plan") -> TestResponse:
        """A person asks, and the worker looks after it."""
        answer = self.client(handle).post("/ask-for-access", data={"address": address, "reason": reason})
        reach_round(self.world.parts)
        return answer

    def asked(self, handle: str, address: str, reason: str = "Joint flood plan") -> str:
        """The same; the id of the request that it made."""
        before = {request.id for request in self.requests()}
        assert self.ask(handle, address, reason).status_code == 303
        (new,) = (request.id for request in self.requests() if request.id not in before)
        return new

    def requests(self) -> list[AccessRequest]:
        """Every request, as it stands, the earliest first."""
        with self.world.parts.database.reading() as session:
            return list(session.scalars(select(AccessRequest).order_by(AccessRequest.created_at, AccessRequest.id)))

    def grants(self, handle: str) -> list[Grant]:
        """What somebody was given themselves and still has."""
        words = (f"person:{handle}", f"guest:{handle}")
        with self.world.parts.database.reading() as session:
            wanted = select(Grant).where(Grant.principal.in_(words), Grant.ended_at.is_(None))
            return list(session.scalars(wanted.order_by(Grant.created_at)))

    def letters(self) -> list[tuple[str, str, str]]:
        """To whom the hub wrote, about what, and where the letter leads."""
        with self.world.parts.database.reading() as session:
            rows = session.execute(
                select(Person.handle, SentLetter.subject, SentLetter.link)
                .join(Person, Person.id == SentLetter.person_id)
                .order_by(SentLetter.created_at, Person.handle)
            )
            return [(handle, subject, link) for handle, subject, link in rows]

    def watch(self) -> int:
        """The worker looks whether somebody manages what is asked for."""
        return watch_round(self.world.parts)

    def place_id(self, path: str) -> str:
        """A place's id."""
        with self.world.parts.database.reading() as session:
            return session.scalars(select(Place.id).where(Place.path == path)).one()

    def remove_document(self, entry: str) -> None:
        """A document is gone, row and all."""
        with self.world.work() as uow:
            document = uow.session.get_one(Document, entry.removeprefix("doc:"))
            for revision in uow.session.scalars(select(Revision).where(Revision.document_id == document.id)).all():
                uow.session.delete(revision)
            uow.session.flush()
            uow.session.delete(document)


def the_town(world: World) -> tuple[str, str]:
    """Mo keeps Leeds' private housing space, Dee its confidential one, Lee what policy reaches; Ada administers."""
    world.add_organisation(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
        "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
        "allow,person:leeds/ada,administer,leeds,any,any,-,Ada administers",
    )
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    for handle in ("leeds/ada", "leeds/ann", "leeds/dee", "leeds/lee", "leeds/mo", "york/bo"):
        world.add_person(handle)
    world.add_person("york/cy", name="Cy Moss", job="Flood engineer")
    world.add_person("acme/gus", name="Gus Hale", kind="guest")
    with world.work() as uow:
        for person in uow.session.scalars(select(Person)):
            person.email = f"{person.handle.replace('/', '.')}@example.org"
    world.add_space("leeds/housing", "private", name="Housing")
    world.add_space("leeds/legal", "confidential", name="Reorganisation")
    world.add_space("leeds/works", "restricted", name="Works")
    world.add_space("york/rivers", "private", name="Rivers")
    world.give("person:leeds/mo", "manage", "leeds/housing")
    world.give("person:leeds/dee", "manage", "leeds/legal")
    world.give("person:york/bo", "manage", "york/rivers")
    plan = world.add_document("leeds/housing", "Flood plan", "Sandbags")
    merger = world.add_document("leeds/legal", "Merger", "CANARY")
    return plan, merger


@pytest.fixture
def town(begin: Begin, database: Database) -> Town:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return Town(world, world.parts.clock, *world.told)


@pytest.fixture
def queries(database: Database) -> list[str]:
    """The statements that the database is given."""
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    return found


def link_to(entry: str) -> str:
    """A document's address, as somebody mails it."""
    return f"http://localhost:8000/documents/{entry.removeprefix('doc:')}"


def words(response: TestResponse) -> str:
    """What the main part of a page says."""
    found = html.fromstring(response.text).xpath("//main")[0]
    return " ".join(found.text_content().split())


def agree(client: FlaskClient, asked: TestResponse) -> TestResponse:
    """Press the button of a page that asks."""
    assert asked.status_code == 200, asked.text
    form = html.fromstring(asked.text).xpath("//div[@class='hub-buttons']/form")[0]
    return client.post(form.action, data=dict(form.form_values()))


def told(response: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """All that an answer says, but for the token of its form, a fresh cookie and the time."""
    headers = sorted((k, v) for k, v in response.headers if k not in {"Set-Cookie", "Date"})
    return response.status_code, TOKENS.sub("", response.text), headers
