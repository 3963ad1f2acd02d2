"""Several files added at once: each is decided for itself, and what was accepted stays where another one fails."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Place
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import World


def the_town(world: World) -> None:
    """Leeds, whose housing Mo edits and Ann reads; what is OFFICIAL-SENSITIVE there is hidden from Mo."""
    world.add_organisation(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
        "allow,person:leeds/mo,edit,leeds/housing,up to OFFICIAL,any,-,Mo keeps housing",
    )
    for handle in ("leeds/mo", "leeds/ann"):
        world.add_person(handle)
    world.add_space("leeds/housing", "restricted", name="Housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database, upload_limit=1_000)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def address(world: World) -> str:
    with world.parts.database.reading() as session:
        return f"/upload/{session.scalars(select(Place.id).where(Place.path == 'leeds/housing')).one()}"


def send(browser: FlaskClient, where: str, files: list[tuple[str, bytes]], **more: Any) -> TestResponse:
    """Send the form with these files, as a browser does from the page that it shows."""
    fields = Sheet(browser.get(where), where).fields | {"state": "published", "marking": "OFFICIAL"}
    sent = {**fields, "file": [(io.BytesIO(content), name) for name, content in files]}
    browser.looks = False  # type: ignore[attr-defined]
    return browser.post(where, data=sent, content_type="multipart/form-data", **more)


def there(world: World) -> list[tuple[str, str]]:
    with world.parts.database.reading() as session:
        return sorted((document.title, document.state) for document in session.scalars(select(Document)))


def words(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text[:500]
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def test_each_file_is_decided_for_itself_and_what_was_taken_stays(town: World) -> None:
    """Too large, empty, known already, twice the same name: each with what to do; two are added all the same."""
    town.add_document("leeds/housing", "Rota")
    hidden = town.add_document("leeds/housing", "Merger", marking="OFFICIAL-SENSITIVE")
    mo, where = town.client("leeds/mo"), address(town)
    answer = send(
        mo,
        where,
        [
            ("Plan.txt", b"a plan"),
            ("rota.docx", b"x"),
            ("Large.txt", b"x" * 1_001),
            ("Empty.txt", b""),
            ("plan.pdf", b"twice"),
            ("Merger.txt", b"of the same name as what Mo may not see"),
        ],
    )
    said = words(answer)
    assert "2 documents added, 4 not" in said
    assert "rota: there is a document of this name here already" in said
    assert "Large: the file is larger than the" in said
    assert "Empty: it is empty" in said
    assert "plan: you chose two files of this name" in said
    assert "Merger:" not in said, "that there is one is not said to who may not see it"
    assert there(town) == [("Merger", "draft"), ("Merger", "published"), ("Plan", "draft"), ("Rota", "published")]
    assert hidden not in answer.text


def test_they_wait_as_drafts_and_are_published_together_once_it_is_seen_whom_that_shows_them_to(town: World) -> None:
    mo, ann, where = town.client("leeds/mo"), town.client("leeds/ann"), address(town)
    answer = send(mo, where, [("One.txt", b"1"), ("Two.txt", b"2")])
    assert "They wait as drafts" in words(answer)
    assert there(town) == [("One", "draft"), ("Two", "draft")]
    form = next(f for f in html.fromstring(answer.text).xpath("//main//form") if f.get("action").endswith("/publish"))
    sent = "&".join(f"{i.get('name')}={i.get('value')}" for i in form.iter("input") if i.get("name") == "thing")
    question = mo.post(form.get("action"), data=sent, content_type="application/x-www-form-urlencoded")
    assert "Publish 2 documents?" in words(question)
    assert "This shows 2 documents to 1 person in 1 organisation" in words(question)
    assert "One" not in ann.get("/places/leeds/housing").text


def test_a_script_that_sends_them_one_by_one_is_told_of_each_and_twice_is_once(town: World) -> None:
    mo, where = town.client("leeds/mo"), address(town)
    asked = {"headers": {"Accept": "application/json"}}
    first = send(mo, where, [("One.txt", b"1")], **asked)
    (added,) = first.json["added"]
    assert (added["title"], first.json["left"]) == ("One", [])
    assert added["thing"].startswith("doc:")
    again = send(mo, where, [("One.txt", b"1")], **asked)
    assert again.json["added"] == []
    assert again.json["left"][0]["href"] == added["href"]
    assert there(town) == [("One", "draft")]
    assert mo.get(added["href"]).status_code == 200


def test_one_file_is_what_it_was_and_none_is_asked_for(town: World) -> None:
    mo, where = town.client("leeds/mo"), address(town)
    answer = send(mo, where, [("One.txt", b"1")])
    assert answer.status_code == 303
    assert answer.location.endswith("/publish")
    assert "Choose a file" in send(mo, where, []).text


def test_a_name_is_known_in_whatever_size_of_plain_letters_and_alike_on_every_database(town: World) -> None:
    """Databases agree on the sizes of A to Z alone: Ü and ü are two names on both."""
    town.add_document("leeds/housing", "ROTA of Übach")
    mo, where = town.client("leeds/mo"), address(town)
    said = words(send(mo, where, [("rota OF Übach.txt", b"1"), ("rota of übach.txt", b"2")]))
    assert "rota OF Übach: there is a document of this name here already" in said
    assert [title for title, _ in there(town)] == ["ROTA of Übach", "rota of übach"]
