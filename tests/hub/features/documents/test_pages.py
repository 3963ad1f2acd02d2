"""Reading, adding and downloading documents in the browser."""

import io
import resource

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from hub.access.places import rename_place
from hub.features.documents.sending import disposition
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    "allow,org:york,read,leeds/housing/flood-plan,up to OFFICIAL,published,2027-03-31,Joint flood plan",
)


def the_town(world: World) -> None:
    """Leeds and York, a housing space, and a flood plan that they share."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
    world.add_person("leeds/ann")
    world.add_person("york/bo")
    world.add_space("leeds/housing", "restricted")
    world.add_space("leeds/housing/flood-plan", "restricted")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def upload_address(world: World, path: str) -> str:
    """Where a document is added to a place."""
    with world.work() as uow:
        return f"/upload/{world._place(uow, path).id}"


def documents_in(world: World) -> int:
    """How many documents there are."""
    with world.parts.database.reading() as session:
        return session.query(Document).count()


def send(client: FlaskClient, address: str, **fields: object) -> str:
    """Send the upload form; the address of the new document."""
    form = {"name": "Plan", "marking": "OFFICIAL", "state": "published", "note": "", **fields}
    answer = client.post(address, data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    there = answer.headers["Location"]
    if not there.endswith("/publish"):
        return there
    asked = html.fromstring(client.get(there).text).xpath("//div[@class='hub-buttons']/form")[0]
    answer = client.post(there, data=dict(asked.form_values()))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_a_housing_officer_writes_a_document_and_reads_it(town: World) -> None:
    """What Hana writes is there at once, with her as its owner."""
    hana = town.client("leeds/hana")
    there = send(hana, upload_address(town, "leeds/housing"), body="# Sandbags\n\nThey lie in the depot.")
    page = hana.get(there)
    assert page.status_code == 200
    for said in (b"They lie in the depot", b"OFFICIAL", b"Hana Iqbal", b"because"):
        assert said in page.data


def test_nothing_is_uploaded_to_other_readers_or_another_place_than_the_form_said(town: World) -> None:
    """Hana keeps no drafts; the place is renamed, then opened to York, while she chooses a file: she is told each."""
    town.set_policy(
        "leeds", LEEDS[0], "allow,group:leeds/housing,edit,leeds/housing,any,published,-,No drafts here", *LEEDS[3:]
    )
    hana, address = town.client("leeds/hana"), upload_address(town, "leeds/housing")

    def sent(page: TestResponse) -> TestResponse:
        form = {"name": "Rota", "marking": "OFFICIAL", "state": "published", "note": "", "seen": seen_in(page)}
        return hana.post(address, data={**form, "file": (io.BytesIO(b"rota"), "rota.txt")})

    page = hana.get(address)
    with town.work() as uow:
        rename_place(uow, town._place(uow, "leeds/housing"), "Homes", "")
    refused = sent(page)
    assert refused.status_code == 409
    assert "Nothing was done yet. The place is “Homes” at leeds/housing now." in words(refused)
    assert "Choose the file again" in words(refused)
    assert 'value="Rota"' in refused.text, "what was typed stays"
    town.set_policy(
        "leeds",
        LEEDS[0],
        "allow,group:leeds/housing,edit,leeds/housing,any,published,-,No drafts here",
        "allow,org:york,read,leeds/housing,up to OFFICIAL,published,-,Joint work",
    )
    told = sent(refused)
    assert told.status_code == 409
    assert "Of what is OFFICIAL it now holds: Everyone at Leeds" in words(told)
    assert "York" in words(told).partition("it now holds")[2].partition("Look at it")[0]
    assert documents_in(town) == 0
    assert sent(told).status_code == 303
    assert documents_in(town) == 1


def seen_in(page: TestResponse) -> str:
    """What the form showed, as it is sent back."""
    return str(html.fromstring(page.text).xpath("//main//input[@name='seen']/@value")[0])


def words(page: TestResponse) -> str:
    """What the main part of a page says."""
    return " ".join(" ".join(html.fromstring(page.text).xpath("//main")[0].itertext()).split())


def test_a_file_comes_back_as_it_was_sent_and_never_runs(town: World) -> None:
    """D-UP 39, 40, L47: bytes and name are kept, the type is not believed."""
    hana = town.client("leeds/hana")
    name = "Minutes – “final” ★.html"
    content = b"<script>alert(1)</script>"
    there = send(hana, upload_address(town, "leeds/housing"), file=(io.BytesIO(content), name))
    answer = hana.get(f"{there}/file")
    assert answer.data == content
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Minutes%20%E2%80%93" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "x" * 400, ".htaccess", "\u202egpj.exe"])
def test_a_hostile_file_name_does_no_harm(town: World, name: str) -> None:
    """D-UP 40."""
    hana = town.client("leeds/hana")
    there = send(hana, upload_address(town, "leeds/housing"), file=(io.BytesIO(b"text"), name))
    answer = hana.get(f"{there}/file")
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert "/" not in disposition.partition("UTF-8''")[0]
    assert "\n" not in disposition
    assert "x=1" not in answer.headers.get("Set-Cookie", "")


def full_database() -> OperationalError:
    """What SQLite raises when a page more than it may have is wanted."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        try:
            connection.execute(text("CREATE TABLE t AS SELECT randomblob(100000) AS canary"))
        except OperationalError as error:
            return error
    raise AssertionError


@pytest.mark.parametrize("size", [100_000, 2_000_000])
def test_hana_is_told_that_a_disk_is_full_and_nothing_is_kept(
    town: World, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    """D-FA 104: where files are kept (the small one), and where large ones rest while the form is read."""
    hana, address = town.client("leeds/hana"), upload_address(town, "leeds/housing")
    hana.application.config["PROPAGATE_EXCEPTIONS"] = False
    seen = Sheet(hana.get(address), address).fields["seen"]
    form = {"name": "Canary", "marking": "OFFICIAL", "state": "published", "note": "", "seen": seen}
    boundary, body = encode_multipart({**form, "file": FileStorage(io.BytesIO(b"x" * size), "canary.txt")})
    sent = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, old[1]))  # no file may grow beyond: the kernel's own refusal
    try:
        answer = hana.post(address, **sent)
        reading = hana.get("/places/leeds/housing").status_code
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert (answer.status_code, reading, documents_in(town)) == (503, 200, 0)
    assert "disk of the hub is full" in answer.get_data(as_text=True)
    assert "NO ROOM LEFT" in caplog.text
    assert "canary" not in caplog.text.lower()
    again = hana.post(address, **sent)
    assert again.status_code == 303


def test_a_full_database_is_told_alike(
    town: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    error = full_database()
    monkeypatch.setattr("hub.features.browse.places.place_by_path", lambda *_: (_ for _ in ()).throw(error))
    answer = town.client("leeds/hana").get("/places/leeds/housing")
    assert answer.status_code == 503
    assert "disk of the hub is full" in answer.get_data(as_text=True)
    assert "NO ROOM LEFT" in caplog.text
    assert "canary" not in caplog.text


def test_someone_who_may_only_read_cannot_add(town: World) -> None:
    """Ann sees the space and no button; the form and what she sends are refused."""
    ann = town.client("leeds/ann")
    address = upload_address(town, "leeds/housing")
    assert b"Upload" not in ann.get("/places/leeds/housing").data.partition(b"<main")[2]
    assert ann.get(address).status_code == 403
    form = {"name": "Plan", "marking": "PUBLIC", "state": "published", "body": "Text"}
    assert ann.post(address, data=form).status_code == 403
    assert documents_in(town) == 0


def test_a_draft_is_seen_by_its_author_and_editors_only(town: World) -> None:
    """State is part of every decision."""
    there = send(town.client("leeds/hana"), upload_address(town, "leeds/housing"), body="Not yet", state="draft")
    assert town.client("leeds/hana").get(there).status_code == 200
    assert town.client("leeds/ann").get(there).status_code == 404


def test_york_reads_the_shared_plan_and_is_told_why(town: World) -> None:
    """A sentence, with no word of file and line: those are for who manages it."""
    there = send(town.client("leeds/hana"), upload_address(town, "leeds/housing/flood-plan"), body="Sandbags")
    page = town.client("york/bo").get(there).get_data(as_text=True)
    assert "Joint flood plan" in page
    assert "31 March 2027" in page
    assert "leeds.csv" not in page
    hana = town.client("leeds/hana").get(there).get_data(as_text=True)
    assert "organisations/leeds.csv line 2" in hana


def test_york_does_not_learn_the_name_of_a_hidden_ancestor(town: World) -> None:
    """L13: the plan lies in the housing space, which York may not see."""
    town.set_audience("leeds/housing", "confidential")
    town.set_policy("leeds", *LEEDS, "allow,org:york,read,leeds/housing/flood-plan,any,any,-,Joint flood plan")
    there = send(town.client("leeds/hana"), upload_address(town, "leeds/housing/flood-plan"), body="Sandbags")
    page = town.client("york/bo").get(there).get_data(as_text=True)
    assert "Sandbags" in page
    assert ">Housing<" not in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose a file"),
        ({"body": "Text", "name": ""}, "Enter a title"),
        ({"body": "Text", "marking": "SECRET"}, "Select a marking"),
        ({"body": "Text", "state": "archived"}, "Select whether to publish it"),
        ({"body": "Text", "name": "x" * 301}, "300 characters or fewer"),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_what_to_mend(town: World, fields: dict[str, str], said: str) -> None:
    """Nothing typed is lost."""
    hana = town.client("leeds/hana")
    form = {"name": "My plan", "marking": "OFFICIAL", "state": "published", "note": "First try", **fields}
    answer = hana.post(upload_address(town, "leeds/housing"), data=form)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert "First try" in page
    assert documents_in(town) == 0


def test_a_file_over_the_limit_is_refused_in_words(town: World) -> None:
    """The limit of this hub is five megabytes; nothing of the file stays."""
    hana = town.client("leeds/hana")
    form = {"marking": "OFFICIAL", "state": "published", "file": (io.BytesIO(b"x" * 5_000_001), "big.txt")}
    answer = hana.post(upload_address(town, "leeds/housing"), data=form)
    assert answer.status_code == 422
    assert "larger than" in answer.get_data(as_text=True)
    assert list(town.parts.files.hashes()) == []


def test_a_body_over_the_limit_is_refused_before_it_is_read(town: World) -> None:
    """A request of more than a form and a file may hold."""
    hana = town.client("leeds/hana")
    answer = hana.post(upload_address(town, "leeds/housing"), data=b"", content_length=2_000_000_000)
    assert answer.status_code in {413, 422}
    assert documents_in(town) == 0


def test_revisions_are_listed_and_each_can_be_read(town: World) -> None:
    """The older text stays as it was."""
    document = town.add_document("leeds/housing", "Plan", "First words", owner="person:leeds/hana")
    town.revise(document, "Plan", "Second words")
    address = f"/documents/{document.removeprefix('doc:')}"
    ann = town.client("leeds/ann")
    assert b"Second words" in ann.get(address).data
    assert b"First words" in ann.get(f"{address}/revisions/1").data
    assert ann.get(f"{address}/revisions/3").status_code == 404
    assert town.client("york/bo").get(f"{address}/revisions/1").status_code == 404


def test_a_file_that_could_not_be_read_says_so_and_can_be_had(town: World) -> None:
    """Stored with "text not readable" and the reason."""
    document = town.add_file("leeds/housing", "scan.bin", b"\x00\x01\x02" * 50)
    town.index_all()
    page = town.client("leeds/ann").get(f"/documents/{document.removeprefix('doc:')}").get_data(as_text=True)
    assert "not readable" in page
    assert "scan.bin" in page


def test_a_stored_file_that_rotted_is_an_alarm_and_not_an_answer(town: World) -> None:
    """D-UP 47."""
    document = town.add_file("leeds/housing", "note.txt", b"The code word")
    stored = next(town.parts.files.hashes())
    path = town.parts.policy_dir.parent / "files" / stored[:2] / stored
    path.chmod(0o600)
    path.write_bytes(b"Another word!")
    answer = town.client("leeds/ann").get(f"/documents/{document.removeprefix('doc:')}/file")
    assert answer.status_code == 503
    assert b"Another" not in answer.data


def test_a_line_break_in_a_name_cannot_write_a_header() -> None:
    """D-UP 40: browsers encode them, but nobody must."""
    written = disposition("a\r\nSet-Cookie: x=1")
    assert "\r" not in written
    assert "\n" not in written


def test_an_uploaded_file_waits_as_a_draft_until_hana_knows_whom_it_shows(town: World) -> None:
    """She chose to publish it: exactly who gains is said first, and whoever turns away has a draft."""
    hana, ann = town.client("leeds/hana"), town.client("leeds/ann")
    form = {"name": "Plan", "marking": "OFFICIAL", "state": "published", "note": "", "body": "Sandbags"}
    answer = hana.post(upload_address(town, "leeds/housing"), data=form)
    assert answer.location.endswith("/publish")
    page = hana.get(answer.location).text
    assert "This shows it to 1 person in 1 organisation who cannot read it now." in page
    assert ann.get(answer.location.removesuffix("/publish")).status_code == 404
    asked = html.fromstring(page).xpath("//div[@class='hub-buttons']/form")[0]
    assert hana.post(answer.location, data=dict(asked.form_values())).status_code == 303
    assert ann.get(answer.location.removesuffix("/publish")).status_code == 200


def test_what_nobody_else_would_read_is_published_at_once(town: World) -> None:
    """Marked above what the staff of Leeds read, it shows to those who see its draft anyway."""
    form = {"name": "Plan", "marking": "OFFICIAL-SENSITIVE", "state": "published", "note": "", "body": "Sandbags"}
    answer = town.client("leeds/hana").post(upload_address(town, "leeds/housing"), data=form)
    assert not answer.location.endswith("/publish")
    with town.parts.database.reading() as session:
        assert session.query(Document).one().state == "published"
