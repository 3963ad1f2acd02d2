"""Leeds, York and a supplier, a housing space, and the people who write, read and must not."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement
from sqlalchemy import event
from werkzeug.test import TestResponse

from hub.access.models import Place
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2027-03-31,Joint flood plan",
    "allow,group:leeds/clerks,edit,leeds/housing,any,draft,-,Clerks prepare but do not publish",
    "deny,group:leeds/temps,read,leeds/housing,any,any,-,Temporary staff stay out",
)


def the_town(world: World) -> None:
    """Hana and Ivo keep the housing space; Cleo prepares; Ann reads; Bo is of York; Gus is a guest; Tim is kept out."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/ivo", "leeds/housing", name="Ivo Brown")
    world.add_person("leeds/cleo", "leeds/clerks")
    world.add_person("leeds/ann")
    world.add_person("leeds/tim", "leeds/temps")
    world.add_person("york/bo")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/housing", "private", name="Housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def queries(database: Database) -> list[str]:
    """The statements that the database is given."""
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    return found


@dataclass
class Desk:
    """Somebody at their browser, with what people say of pages."""

    world: World
    handle: str

    def __post_init__(self) -> None:
        self.browser: FlaskClient = self.world.client(self.handle)
        self.page: HtmlElement = html.fromstring("<p></p>")

    def see(self, address: str, status: int = 200) -> str:
        """The words of a page."""
        return self._read(self.browser.get(address), status)

    def send(self, address: str, status: int = 303, **fields: object) -> str:
        """Send a form; of a redirect, the words of the page that it leads to."""
        answer = self.browser.post(address, data=fields, content_type="multipart/form-data")
        if answer.status_code == status == 303:
            return self.see(answer.headers["Location"])
        return self._read(answer, status)

    def press(self, button: str, status: int = 303) -> str:
        """Press a button of the page at hand: its form goes as it stands. The words of what comes."""
        for form in self.page.iter("form"):
            if any(words_of(each) == button for each in form.iter("button")):
                fields = {f.get("name"): f.get("value") for f in form.iter("input")}
                return self.send(form.get("action"), status, **fields)
        raise AssertionError(f"no button {button} in: {words_of(self.page)}")

    def fill(self, address: str, status: int = 303, **fields: object) -> str:
        """Open a page with a form and send that with these fields; the words of what comes."""
        self.see(address)
        forms = [form for form in self.page.xpath("//main//form") if form.get("method") == "post"]
        form = next((form for form in forms if set(form.xpath(".//@name")) >= set(fields)), forms[0])
        hidden = {f.get("name"): f.get("value") for f in form.xpath(".//input[@type='hidden']")}
        return self.send(form.get("action"), status, **(hidden | fields))

    def step(self, address: str, step: str, button: str) -> str:
        """Ask for a step of the state, and take it."""
        self.see(f"{address}/{step}")
        return self.press(button)

    def _read(self, answer: TestResponse, status: int) -> str:
        self.page = html.fromstring(answer.text)
        assert answer.status_code == status, (answer.status_code, words_of(self.page))
        return words_of(self.page)


def words_of(element: HtmlElement) -> str:
    """What a part of a page says between its tags."""
    return " ".join(" ".join(element.itertext()).split())


def address_of(document: str) -> str:
    return f"/documents/{document.removeprefix('doc:')}"


def row(world: World, document: str) -> Document:
    """The document as the database has it."""
    with world.parts.database.reading() as session:
        return session.get_one(Document, document.removeprefix("doc:"))


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.query(Place).filter_by(path=path).one().id
