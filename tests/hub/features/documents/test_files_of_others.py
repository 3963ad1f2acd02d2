"""Bo uploads bytes that Leeds keeps from him: nothing that he sees, and nothing that the hub does, tells him so."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from hub.features.documents.reading import reading_round
from hub.ground.db import Database
from hub.ground.migrations.run import downgrade
from hub.ground.outbox import OutboxMessage
from hub.ground.schema import migrate
from hub.nouns.documents.models import FileText
from hub.nouns.documents.texts import EXTRACT
from tests.hub.features.documents.test_pages import send, upload_address
from tests.hub.features.sharing.conftest import settled
from tests.hub.once import Begin
from tests.hub.world import World

HIDDEN = b"Ward,Closing\nArmley,Operation Heron\n" * 40
KNOWN_TO_NOBODY = HIDDEN.replace(b"Heron", b"Egret")
POLICY = (
    "allow,org:{0},read,{0},up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,document-owner,manage,{0},any,any,-,Authors keep their own",
    "allow,group:{0}/writers,edit,{0},up to OFFICIAL,any,-,Writers add what they write",
)


def the_councils(world: World) -> None:
    """Leeds holds a sensitive table, read and indexed; Bo and Cy work for York."""
    for slug in ("leeds", "york"):
        world.add_organisation(slug, *(line.format(slug) for line in POLICY))
    world.add_person("leeds/hana")
    world.add_person("york/bo", "york/writers")
    world.add_person("york/cy")
    world.add_space("leeds/housing", "private")
    world.add_space("york/rivers", "open")
    world.add_file("leeds/housing", "closures.csv", HIDDEN, marking="OFFICIAL-SENSITIVE", owner="person:leeds/hana")
    world.index_all()


@pytest.fixture
def councils(begin: Begin, database: Database) -> World:
    world = begin(the_councils, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


OF_ITS_OWN = {"Set-Cookie", "Date", "ETag"}
"""Headers: the last is keyed to the document (`tests/hub/features/documents/test_ranges.py`)."""


def told(client: FlaskClient, address: str) -> tuple[object, ...]:
    """All of an answer, without what every document has of its own."""
    answer = client.get(address)
    own = re.compile(rf'{address.split("/")[2]}|[0-9a-f]{{64}}|nonce=\S+|name="\w+" value="[^"]{{30,}}"')
    headers = sorted((name, own.sub("", value)) for name, value in answer.headers if name not in OF_ITS_OWN)
    return answer.status_code, headers, own.sub("", answer.get_data(as_text=True)).replace("Egret", "Heron")


def life(world: World, statements: list[str], content: bytes) -> list[object]:
    """What Bo is told and what the database is asked, from his upload of a file until after it was read."""
    bo, found = world.client("york/bo"), list[object]()
    bo.get(upload_address(world, "york/rivers"))  # a process that has loaded its people
    statements.clear()
    form = {"name": "Mine", "marking": "OFFICIAL", "state": "draft", "file": (io.BytesIO(content), "mine.txt")}
    there = send(bo, upload_address(world, "york/rivers"), **form)
    found += (statements.copy(), told(bo, there), told(bo, f"{there}/file"), told(bo, f"{there}/view"))
    statements.clear()
    found += (reading_round(world.parts), statements.copy(), reading_round(world.parts))
    world.index_all()
    found += (told(bo, there), told(bo, f"{there}/revisions/1"), told(bo, f"{there}/file"))
    statements.clear()
    again = {"name": "Mine again", "note": "", "based_on": "1", "file": (io.BytesIO(content), "table.csv")}
    assert bo.post(f"{there}/edit", data=again, content_type="multipart/form-data").status_code == 303
    found += (statements.copy(), told(bo, there))
    world.index_all()
    found += (told(bo, there), told(bo, f"{there}/compare"))
    assert settled(bo, bo.post(f"{there}/delete")).status_code == 303
    return found


def test_bytes_that_somebody_else_keeps_are_bytes_like_any_others(councils: World) -> None:
    """Statements, answers and headers are equal; the text is read anew, by the name that Bo gave it."""
    statements: list[str] = []
    event.listen(councils.parts.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    fresh = life(councils, statements, KNOWN_TO_NOBODY)
    assert fresh == life(councils, statements, HIDDEN)
    before, after = fresh[1], fresh[7]
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert "Armley" not in before[2], "nobody has read it yet"
    assert "Armley" in after[2]
    assert "Plain text" in after[2], "told from this upload's own name"


def test_what_is_read_out_of_one_upload_changes_nothing_of_another(councils: World) -> None:
    """Bo's file, which is called a text, and Cy's, which is called a table, hold the same."""
    world = councils
    first = world.add_file("york/rivers", "notes.txt", KNOWN_TO_NOBODY)
    world.index_all()
    second = world.add_file("york/rivers", "table.csv", KNOWN_TO_NOBODY)
    cy = world.client("york/cy")
    before = told(cy, f"/documents/{first.removeprefix('doc:')}")
    assert "Armley" not in cy.get(f"/documents/{second.removeprefix('doc:')}").text
    world.index_all()
    assert before == told(cy, f"/documents/{first.removeprefix('doc:')}")
    assert "CSV table" in cy.get(f"/documents/{second.removeprefix('doc:')}").text
    assert {hit.id for hit in world.ask("york/cy", "egret").hits} == {first, second}
    assert world.ask("york/cy", "heron").total == 0


def test_the_text_of_ones_own_older_revision_is_not_read_twice(councils: World) -> None:
    """A new title, and a revision brought back, keep what was read of the file: words, hidden parts, who wrote it."""
    world = councils
    document = world.add_file("york/rivers", "notes.txt", KNOWN_TO_NOBODY, owner="person:york/bo")
    world.index_all()
    with world.work() as uow:
        read = uow.session.scalars(select(FileText).where(FileText.document_id == document.removeprefix("doc:"))).one()
        read.hidden, read.author = "3 hidden sheets", "Hana Novak"
    there, bo = f"/documents/{document.removeprefix('doc:')}", world.client("york/bo")
    bo.post(f"{there}/edit", data={"name": "A better title", "note": "", "based_on": "1"})
    assert "Armley" in bo.get(there).text
    assert bo.post(f"{there}/revisions/1/bring-back", data={"based_on": "2"}).status_code == 303
    page = bo.get(there).text
    assert ("Armley" in page, "Plain text" in page) == (True, True)
    assert ("It has 3 hidden sheets." in page, "Written by Hana Novak, as its file says" in page) == (True, True)
    assert reading_round(world.parts) == 0


def test_a_draft_that_is_deleted_while_it_waits_is_not_read(councils: World) -> None:
    """And nothing of it is left; the equal file of others stays whole."""
    world = councils
    bo = world.client("york/bo")
    form = {"state": "draft", "file": (io.BytesIO(HIDDEN), "mine.txt")}
    there = send(bo, upload_address(world, "york/rivers"), **form)
    assert settled(bo, bo.post(f"{there}/delete")).status_code == 303
    assert reading_round(world.parts) == 1
    assert reading_round(world.parts) == 0
    with world.parts.database.reading() as session:
        assert len(session.scalars(select(FileText)).all()) == 1
    stored = next(world.parts.files.hashes())
    assert b"".join(world.parts.files.read(stored)) == HIDDEN


def test_a_hub_from_before_keeps_its_texts_when_it_is_migrated(councils: World) -> None:
    """Down to one text for each content and up again: every revision has its own, and what waits still waits."""
    world = councils
    twin = world.add_file("york/rivers", "same.csv", HIDDEN)
    world.index_all()
    world.add_file("york/rivers", "waits.txt", KNOWN_TO_NOBODY)
    shown = "SELECT document_id, number, kind, readable, reason, text, cut FROM file_texts ORDER BY document_id"
    database = world.parts.database
    before, waiting = rows(database, shown), messages(database)
    assert len(before) == 2
    assert len(waiting) == 1
    downgrade(database, "0001")
    assert [len(rows(database, "SELECT * FROM file_texts"))] == [1]
    assert rows(database, "SELECT about FROM outbox WHERE topic = 'extract'")[0][0].startswith("file:")
    migrate(database)
    assert (rows(database, shown), messages(database)) == (before, waiting)
    world.index_all()
    assert {hit.id for hit in world.ask("york/cy", "heron").hits} == {twin}
    assert world.ask("york/cy", "egret").total == 1


def rows(database: Database, asked: str) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(asked))]


def messages(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage.about).where(OutboxMessage.topic == EXTRACT)))
