"""Mo sends a large file in parts: what breaks off goes on where it was, and the whole is added like any other file."""

import base64
import hashlib
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Place
from hub.features.documents import service
from hub.features.documents.models import Upload, UploadPart
from hub.features.documents.service import LARGEST, MOST, SMALLEST, tidy_uploads
from hub.ground.db import Database
from hub.ground.files import CHUNK
from hub.nouns.documents.models import Document, Revision
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import TestClock, World

POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,person:leeds/mo,edit,leeds/housing,up to OFFICIAL,any,-,Mo keeps housing",
    "allow,person:leeds/pat,edit,leeds/housing,up to OFFICIAL,any,-,Pat does too",
)
LIMIT = 5_000_000
WHOLE = random.Random(7).randbytes(2_500_000)


def the_town(world: World) -> None:
    """Leeds, whose housing Mo and Pat edit and Ann reads; and a space of somebody else's."""
    world.add_organisation("leeds", *POLICY)
    for handle in ("leeds/mo", "leeds/pat", "leeds/ann"):
        world.add_person(handle)
    world.add_space("leeds/housing", "restricted", name="Housing")
    world.add_space("leeds/merger", "confidential", name="Merger")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database, upload_limit=LIMIT)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def place(world: World, path: str = "leeds/housing") -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == path)).one()


def begins(browser: FlaskClient, where: str, **heads: Any) -> TestResponse:
    """A script says that it is going to send the file to a place."""
    known = {
        "Upload-Complete": "?0",
        "Upload-Length": str(len(WHOLE)),
        "Content-Disposition": "attachment; filename*=UTF-8''Pl%C3%A4ne.pdf",
        "Idempotency-Key": '"2500000-1700000000"',
    }
    said = {**known, **{name.replace("_", "-"): value for name, value in heads.items()}}
    return browser.post(f"/upload/{where}/parts", headers={n: v for n, v in said.items() if v is not None})


def sends(
    browser: FlaskClient, there: str, start: int, part: bytes, environ: dict[str, str] | None = None, **heads: Any
) -> TestResponse:
    """It sends a part of it."""
    known = {
        "Content-Type": "application/partial-upload",
        "Upload-Offset": str(start),
        "Upload-Complete": "?1" if start + len(part) == len(WHOLE) else "?0",
    }
    said = {**known, **{name.replace("_", "-"): value for name, value in heads.items()}}
    heads = {name: value for name, value in said.items() if value is not None}
    return browser.patch(there, data=part, headers=heads, environ_overrides=environ or {})


def sends_all(browser: FlaskClient, where: str, content: bytes = WHOLE, **heads: Any) -> str:
    """It sends the whole, a megabyte at a time; the id of the upload."""
    there = begins(browser, where, **heads).location
    for start in range(0, len(content), SMALLEST):
        answer = sends(browser, there, start, content[start : start + SMALLEST])
        assert answer.status_code == 204, answer.text
    return str(there.rpartition("/")[2])


def adds(browser: FlaskClient, where: str, upload: str, **fields: Any) -> TestResponse:
    """The form that names what came is sent, as its page has it."""
    form = {"state": "draft", "marking": "OFFICIAL", **fields, "upload": upload}
    sheet = Sheet(browser.get(f"/upload/{where}"), f"/upload/{where}")
    headers = form.pop("headers", {})
    browser.looks = False  # type: ignore[attr-defined]
    return browser.post(
        f"/upload/{where}", data=sheet.fields | form, content_type="multipart/form-data", headers=headers
    )


def documents(world: World) -> dict[str, tuple[str, str]]:
    """Title, state and hash of what each document holds."""
    with world.parts.database.reading() as session:
        rows = session.execute(select(Document.title, Document.state, Revision.file_hash).join(Revision))
        return {title: (state, file_hash) for title, state, file_hash in rows}


def left(world: World) -> tuple[int, int, int]:
    """Uploads and parts that the database knows, and files that are stored."""
    with world.parts.database.reading() as session:
        uploads, rows = session.scalars(select(Upload.id)).all(), session.scalars(select(UploadPart.start)).all()
    return len(uploads), len(rows), len(list(world.parts.files.hashes()))


def words(answer: TestResponse) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def digest_of(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def test_what_breaks_off_goes_on_where_it_was_and_is_added_whole(town: World) -> None:
    """From another browser of hers too: it is known by her, the place, its name, size and day."""
    mo, where = town.client("leeds/mo"), place(town)
    begun = begins(mo, where)
    assert (begun.status_code, begun.headers["Upload-Offset"], begun.headers["Upload-Complete"]) == (201, "0", "?0")
    assert "max-size=5000000" in begun.headers["Upload-Limit"]
    assert f"max-append-size={LARGEST}" in begun.headers["Upload-Limit"]
    assert "max-age=86400" in begun.headers["Upload-Limit"]
    assert sends(mo, begun.location, 0, WHOLE[:SMALLEST]).headers["Upload-Offset"] == "1000000"
    again = town.client("leeds/mo")
    found = begins(again, where)
    assert (found.location, found.headers["Upload-Offset"]) == (begun.location, "1000000")
    looked = again.head(begun.location)
    assert (looked.status_code, looked.headers["Upload-Offset"], looked.headers["Upload-Length"]) == (
        204, "1000000", "2500000",
    )  # fmt: skip
    assert looked.headers["Cache-Control"] == "no-store"
    last = sends(again, begun.location, SMALLEST, WHOLE[SMALLEST:])
    assert (last.status_code, last.headers["Upload-Complete"]) == (204, "?1")
    assert begins(again, where).headers["Upload-Complete"] == "?1"
    answer = adds(again, where, begun.location.rpartition("/")[2])
    assert answer.status_code == 303
    assert documents(town) == {"Pläne": ("draft", hashlib.sha256(WHOLE).hexdigest())}
    tidy_uploads(town.parts)
    assert left(town) == (0, 0, 1)


def test_what_is_added_goes_the_way_of_every_file(town: World) -> None:
    """What would be shown to more people waits as a draft and is asked about; a script is told in JSON."""
    mo, where = town.client("leeds/mo"), place(town)
    upload = sends_all(mo, where)
    answer = adds(mo, where, upload, state="published", headers={"Accept": "application/json"})
    (added,) = answer.json["added"]
    assert added["thing"].startswith("doc:")
    assert documents(town)["Pläne"][0] == "draft"
    upload = sends_all(mo, where)
    known = adds(mo, where, upload, state="published", headers={"Accept": "application/json"})
    assert "there is a document of this name here already" in known.json["left"][0]["why"]
    tidy_uploads(town.parts)
    assert left(town)[:2] == (0, 0)
    upload = sends_all(mo, where)
    asked = adds(mo, where, upload, state="published", name="Another")
    assert asked.location.endswith("/publish")


def test_the_form_that_comes_back_still_has_the_file(town: World) -> None:
    """Mo forgot to choose a marking: what came need not be chosen again, and is not listed as unfinished."""
    mo, where = town.client("leeds/mo"), place(town)
    upload = sends_all(mo, where)
    refused = adds(mo, where, upload, marking="")
    assert refused.status_code == 422
    assert "“Pläne.pdf” (2.5 MB) is here already: you need not choose it again." in words(refused)
    assert "Not finished yet" not in words(refused)
    sheet = Sheet(refused, f"/upload/{where}")
    assert sheet.fields["upload"] == upload
    assert sheet.send(mo, marking="OFFICIAL", state="draft").status_code == 303
    assert list(documents(town)) == ["Pläne"]


def test_one_upload_is_added_once_from_whichever_window(town: World) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    upload = sends_all(mo, where)
    assert adds(mo, where, upload).status_code == 303
    second = adds(mo, where, upload, name="Twice")
    assert second.status_code == 422
    assert "Choose the file again" in words(second)
    assert list(documents(town)) == ["Pläne"]


def second(mo: FlaskClient, there: str, part: bytes = WHOLE[SMALLEST:], **heads: Any) -> TestResponse:
    """The second part, where a megabyte is there."""
    return sends(mo, there, SMALLEST, part, **heads)


WRONG: dict[str, tuple[int, Callable[[FlaskClient, str], TestResponse]]] = {
    "a part that overlaps": (409, lambda mo, there: sends(mo, there, 0, WHOLE[:SMALLEST])),
    "a part that leaves a gap": (409, lambda mo, there: sends(mo, there, 2 * SMALLEST, WHOLE[2 * SMALLEST :])),
    "an offset that is none": (400, lambda mo, there: second(mo, there, Upload_Offset="-1")),
    "no offset": (400, lambda mo, there: second(mo, there, Upload_Offset=None)),
    "an endless offset": (400, lambda mo, there: second(mo, there, Upload_Offset="9" * 40)),
    "more than was said": (400, lambda mo, there: second(mo, there, WHOLE[SMALLEST:] + b"x", Upload_Complete="?1")),
    "an end that is none": (400, lambda mo, there: second(mo, there, WHOLE[:SMALLEST], Upload_Complete="?1")),
    "the end that says it is none": (400, lambda mo, there: second(mo, there, Upload_Complete="?0")),
    "nothing said of the end": (400, lambda mo, there: second(mo, there, Upload_Complete=None)),
    "a part too small": (400, lambda mo, there: second(mo, there, b"x")),
    "an empty part": (400, lambda mo, there: second(mo, there, b"", environ={"CONTENT_LENGTH": "0"})),
    "a part too large": (413, lambda mo, there: second(mo, there, b"x" * (LARGEST + 1))),
    "a part of another type": (415, lambda mo, there: second(mo, there, Content_Type="text/plain")),
    "a part without length": (411, lambda mo, there: second(mo, there, b"")),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_part_is_refused_and_nothing_of_it_stays(town: World, what: str) -> None:
    status, send = WRONG[what]
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    sends(mo, there, 0, WHOLE[:SMALLEST])
    answer = send(mo, there)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    if status == 409:
        assert answer.headers["Upload-Offset"] == "1000000"
        assert answer.json["type"].endswith("#mismatching-upload-offset")
    assert left(town) == (1, 1, 1)
    assert sends(mo, there, SMALLEST, WHOLE[SMALLEST:]).status_code == 204, "it goes on all the same"
    adds(mo, where, there.rpartition("/")[2])
    assert documents(town)["Pläne"][1] == hashlib.sha256(WHOLE).hexdigest()


def test_a_part_that_breaks_off_is_not_there(town: World) -> None:
    """The network went in the middle of it: its length says more than what came."""
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    answer = mo.patch(
        there,
        input_stream=_Broken(WHOLE[: SMALLEST // 2]),
        headers={
            "Content-Type": "application/partial-upload",
            "Upload-Offset": "0",
            "Upload-Complete": "?0",
            "Content-Length": str(SMALLEST),
        },
    )
    assert answer.status_code == 400
    assert mo.head(there).headers["Upload-Offset"] == "0"
    assert left(town) == (1, 0, 0)


class _Broken:
    """What a server hands on of a request whose sender is gone."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def tell(self) -> int:
        return 0

    def seek(self, *_where: int) -> int:
        return 0

    def read(self, size: int = -1) -> bytes:
        given, self.content = self.content[: size if size >= 0 else None], self.content[size:] if size >= 0 else b""
        return given

    def readinto(self, buffer: Any) -> int:
        given = self.read(len(buffer))
        buffer[: len(given)] = given
        return len(given)


@pytest.mark.parametrize(
    ("what", "heads", "status"),
    [
        ("longer than the hub takes", {"Upload_Length": str(LIMIT + 1)}, 413),
        ("empty", {"Upload_Length": "0"}, 400),
        ("of no length", {"Upload_Length": None}, 400),
        ("of an odd length", {"Upload_Length": "١٢"}, 400),
        ("complete before it began", {"Upload_Complete": "?1"}, 400),
        ("begun without a word of its end", {"Upload_Complete": None}, 400),
        ("of a check sum that is none", {"Repr_Digest": "sha-256=:YWJj:"}, 400),
        ("of a check sum that is no base 64", {"Repr_Digest": "sha-256=:???:"}, 400),
        ("of a key that is too long", {"Idempotency_Key": "x" * 201}, 400),
    ],
)
def test_what_is_announced_wrongly_is_not_begun(town: World, what: str, heads: dict[str, Any], status: int) -> None:
    heads = {name: value and value.encode().decode("latin-1") for name, value in heads.items()}
    assert begins(town.client("leeds/mo"), place(town), **heads).status_code == status, what
    assert left(town) == (0, 0, 0)


def test_a_whole_that_is_another_one_is_not_added_and_begins_anew(town: World) -> None:
    """The file was saved while it was sent, so that its halves are of two files."""
    mo, where = town.client("leeds/mo"), place(town)
    altered = WHOLE[:SMALLEST] + b"x" + WHOLE[SMALLEST + 1 :]
    upload = sends_all(mo, where, altered, Repr_Digest=digest_of(WHOLE))
    refused = adds(mo, where, upload)
    assert refused.status_code == 422
    assert "The file did not arrive as it was sent" in words(refused)
    assert "is here already" not in words(refused)
    assert documents(town) == {}
    tidy_uploads(town.parts)
    assert left(town) == (0, 0, 0)
    assert begins(mo, where, Repr_Digest=digest_of(WHOLE)).headers["Upload-Offset"] == "0"
    good = sends_all(mo, where, Repr_Digest=digest_of(WHOLE))
    assert adds(mo, where, good).status_code == 303
    told = sends_all(mo, where, altered, Repr_Digest=digest_of(WHOLE))
    several = adds(mo, where, told, headers={"Accept": "application/json"})
    assert "did not arrive as it was sent" in several.json["left"][0]["why"]


def test_a_file_of_the_same_name_and_size_and_another_sum_is_another_one(town: World) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    one = begins(mo, where, Repr_Digest=digest_of(WHOLE)).location
    for heads in (
        {"Repr_Digest": digest_of(b"x")},
        {"Idempotency_Key": "another day"},
        {"Upload_Length": "2500001"},
        {"Content_Disposition": "attachment; filename=other.pdf"},
    ):
        assert begins(mo, where, **({"Repr_Digest": digest_of(WHOLE)} | heads)).location != one


def test_a_name_brings_no_folders(town: World) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    name = "attachment; filename*=UTF-8''..%2F..%5Cetc%2Fpass%E2%80%AEwd.txt"
    adds(mo, where, sends_all(mo, where, Content_Disposition=name))
    with town.parts.database.reading() as session:
        assert session.scalars(select(Revision.file_name)).all() == ["passwd.txt"]


def answers(browser: FlaskClient, upload: str) -> list[tuple[int, bytes, str | None]]:
    """How each address of an upload answers somebody."""
    there = f"/uploads/{upload}"
    asked = (
        browser.head(there),
        sends(browser, there, 0, WHOLE[:SMALLEST]),
        browser.delete(there),
        browser.post(f"{there}/discard"),
    )
    return [(answer.status_code, answer.data, answer.headers.get("Upload-Offset")) for answer in asked]


def test_what_is_somebody_elses_is_not_there(town: World) -> None:
    """Pat edits the same space, and Ann reads it: to them it is as if there were none, and a form cannot name it."""
    mo, where = town.client("leeds/mo"), place(town)
    upload = sends_all(mo, where)
    for who in ("leeds/pat", "leeds/ann"):
        assert answers(town.client(who), upload) == answers(town.client(who), "zzzzzzzzzzzz")
        assert {status for status, _, _ in answers(town.client(who), upload)} == {404}
    hers, none = (adds(town.client("leeds/pat"), where, each) for each in (upload, "zzzzzzzzzzzz"))
    assert hers.status_code == none.status_code == 422
    assert "Choose the file again" in words(hers)
    assert words(hers) == words(none)
    assert "Pläne" not in hers.text
    assert documents(town) == {}
    assert mo.head(f"/uploads/{upload}").headers["Upload-Complete"] == "?1", "nobody has touched it"
    assert begins(town.client("leeds/pat"), where).location.rpartition("/")[2] != upload


def test_who_may_not_add_there_begins_nothing(town: World) -> None:
    ann = town.client("leeds/ann")
    assert begins(ann, place(town)).status_code == 403
    hidden, absent = begins(ann, place(town, "leeds/merger")), begins(ann, "zzzzzzzzzzzz")
    assert hidden.status_code == 404
    assert hidden.data == absent.data
    assert begins(town.client("leeds/mo"), place(town, "leeds")).status_code in (403, 404)
    assert begins(town.client(), place(town)).status_code == 303
    assert left(town) == (0, 0, 0)


def test_who_may_no_longer_add_there_sends_no_part_and_adds_nothing(town: World) -> None:
    """Mo's line of policy goes in the middle, and comes back: it is judged each time."""
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    sends(mo, there, 0, WHOLE[:SMALLEST])
    town.set_policy("leeds", *POLICY[::2])
    assert mo.head(there).status_code == 403
    assert sends(mo, there, SMALLEST, WHOLE[SMALLEST:]).status_code == 403
    assert left(town) == (1, 1, 1)
    town.set_policy("leeds", *POLICY)
    assert sends(mo, there, SMALLEST, WHOLE[SMALLEST:]).status_code == 204
    sheet = Sheet(mo.get(f"/upload/{where}"), f"/upload/{where}")
    town.set_policy("leeds", *POLICY[::2])
    mo.looks = False  # type: ignore[attr-defined]
    form = sheet.fields | {"state": "draft", "marking": "OFFICIAL", "upload": there.rpartition("/")[2]}
    assert mo.post(f"/upload/{where}", data=form).status_code == 403
    town.set_policy("leeds", *POLICY, "deny,person:leeds/mo,read,leeds/housing,any,any,-,Not Mo")
    assert mo.head(there).status_code == 404
    assert documents(town) == {}


def test_it_is_added_where_it_was_begun_and_only_when_it_is_whole(town: World) -> None:
    town.set_policy("leeds", *POLICY, "allow,person:leeds/mo,edit,leeds/other,any,any,-,Mo keeps that too")
    mo, where, other = town.client("leeds/mo"), place(town), town.add_space("leeds/other", name="Other")
    upload = sends_all(mo, where)
    assert adds(mo, other, upload).status_code == 422
    half = begins(mo, where, Idempotency_Key="half").location
    sends(mo, half, 0, WHOLE[:SMALLEST])
    assert adds(mo, where, half.rpartition("/")[2]).status_code == 422
    assert documents(town) == {}


def test_it_is_listed_until_it_is_finished_and_can_be_discarded(town: World) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    sends(mo, there, 0, WHOLE[:SMALLEST])
    said = words(mo.get(f"/upload/{where}"))
    assert "Not finished yet" in said
    assert "Pläne.pdf: 1 MB of 2.5 MB" in said
    assert "Not finished yet" not in words(town.client("leeds/pat").get(f"/upload/{where}"))
    assert mo.post(f"{there}/discard").location == f"/upload/{where}"
    assert "Not finished yet" not in words(mo.get(f"/upload/{where}"))
    assert mo.head(there).status_code == 404
    tidy_uploads(town.parts)
    assert left(town) == (0, 0, 0)
    other = begins(mo, where).location
    assert other != there
    assert mo.delete(other).status_code == 204
    assert mo.delete(other).status_code == 404


def test_who_lost_the_right_to_the_place_can_still_discard(town: World) -> None:
    mo = town.client("leeds/mo")
    there = begins(mo, place(town)).location
    town.set_policy("leeds")
    assert mo.post(f"{there}/discard").status_code == 303


def test_one_person_has_so_many_under_way_and_so_many_bytes(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun counts as a whole, so that nobody begins what there is no room for; others have room of theirs."""
    mo, where = town.client("leeds/mo"), place(town)
    begun = [begins(mo, where, Idempotency_Key=str(n)) for n in range(9)]
    assert [answer.status_code for answer in begun] == [201] * 8 + [409]
    assert "too many large files under way" in begun[-1].json["title"]
    assert begins(mo, where, Idempotency_Key="3").location == begun[3].location, "what is there goes on"
    assert begins(town.client("leeds/pat"), where).status_code == 201
    mo.delete(begun[0].location)
    assert begins(mo, where, Idempotency_Key="again").status_code == 201
    monkeypatch.setattr(service, "MOST", 2)
    small = {"Upload_Length": str(SMALLEST)}
    found = [begins(town.client("leeds/pat"), where, Idempotency_Key=str(n), **small).status_code for n in range(2)]
    assert found == [201, 409]
    assert MOST == 20


def test_what_nobody_goes_on_with_is_gone_after_a_day(town: World) -> None:
    """A day after its last part, and at once for its person, whether the worker was there or not."""
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    assert isinstance(town.parts.clock, TestClock)
    town.parts.clock.move(hours=23)
    mo = town.client("leeds/mo")
    sends(mo, there, 0, WHOLE[:SMALLEST])
    town.parts.clock.move(hours=23)
    assert tidy_uploads(town.parts) == 0
    assert town.client("leeds/mo").head(there).status_code == 204
    town.parts.clock.move(hours=1, seconds=1)
    mo = town.client("leeds/mo")
    assert mo.head(there).status_code == 404
    assert sends(mo, there, SMALLEST, WHOLE[SMALLEST:]).status_code == 404
    assert tidy_uploads(town.parts) == 1
    assert left(town) == (0, 0, 0)
    assert tidy_uploads(town.parts) == 0


def test_another_process_goes_on_with_it(town: World, begin: Begin) -> None:
    """What is here is what the database and the store say: a process that never saw it before takes the next part."""
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    sends(mo, there, 0, WHOLE[:SMALLEST])
    town._app = None
    town.app.config["WTF_CSRF_ENABLED"] = False
    assert sends(town.client("leeds/mo"), there, SMALLEST, WHOLE[SMALLEST:]).status_code == 204
    assert adds(town.client("leeds/mo"), where, there.rpartition("/")[2]).status_code == 303


def at_once(act: Callable[[], Any]) -> None:
    """Something is done while a request is under way, by another thread, as requests are served."""
    other = threading.Thread(target=act)
    other.start()
    other.join()


def test_of_two_who_send_the_same_part_one_does(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two windows of Mo's: the second part was stored when the first was noted, and is removed again."""
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    store, other = town.parts.files, []
    real = store.put_apart

    def meanwhile(stream: Any, *, limit: int) -> Any:
        kept = real(stream, limit=limit)
        monkeypatch.setattr(store, "put_apart", real)
        at_once(lambda: other.append(sends(town.client("leeds/mo"), there, 0, WHOLE[:SMALLEST]).status_code))
        return kept

    monkeypatch.setattr(store, "put_apart", meanwhile)
    late = sends(mo, there, 0, WHOLE[:SMALLEST])
    assert (other, late.status_code, late.headers["Upload-Offset"]) == ([204], 409, "1000000")
    assert left(town) == (1, 1, 1)


def test_what_is_discarded_while_a_part_comes_leaves_nothing(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    store, real = town.parts.files, town.parts.files.put_apart

    def meanwhile(stream: Any, *, limit: int) -> Any:
        kept = real(stream, limit=limit)
        at_once(lambda: town.client("leeds/mo").delete(there))
        tidy_uploads(town.parts)
        return kept

    monkeypatch.setattr(store, "put_apart", meanwhile)
    assert sends(mo, there, 0, WHOLE[:SMALLEST]).status_code == 404
    assert left(town) == (0, 0, 0)


def test_parts_that_a_backup_did_not_hold_are_said_to_be_gone(town: World) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    upload = sends_all(mo, where)
    for file_hash in list(town.parts.files.hashes()):
        town.parts.files.remove(file_hash)
    refused = adds(mo, where, upload)
    assert refused.status_code == 422
    assert "not all of it is here any more" in words(refused)
    assert mo.head(f"/uploads/{upload}").status_code == 404


def test_a_form_of_another_site_begins_and_sends_nothing(town: World) -> None:
    """Without the token of the session each of them is refused, whatever the cookie says."""
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    town.app.config["WTF_CSRF_ENABLED"] = True
    for answer in (
        begins(mo, where, Idempotency_Key="another"),
        sends(mo, there, 0, WHOLE[:SMALLEST]),
        mo.delete(there),
        mo.post(f"{there}/discard"),
    ):
        assert answer.status_code == 403
    assert left(town) == (1, 0, 0)
    assert mo.head(there).status_code == 204


def test_a_part_is_never_held_in_memory_whole(town: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It goes to the store as it comes."""
    mo, where = town.client("leeds/mo"), place(town)
    there, seen = begins(mo, where).location, list[int]()
    store, real = town.parts.files, town.parts.files.put_apart

    def watched(stream: Any, *, limit: int) -> Any:
        def each() -> Any:
            for chunk in stream:
                seen.append(len(chunk))
                yield chunk

        return real(each(), limit=limit)

    monkeypatch.setattr(store, "put_apart", watched)
    sends(mo, there, 0, WHOLE[:SMALLEST])
    assert max(seen) <= CHUNK
    assert sum(seen) == SMALLEST


def test_what_a_script_is_told_of_its_age_shrinks(town: World) -> None:
    mo, where = town.client("leeds/mo"), place(town)
    there = begins(mo, where).location
    town.parts.clock.move(minutes=10)  # type: ignore[attr-defined]
    assert f"max-age={timedelta(hours=23, minutes=50).total_seconds():.0f}" in mo.head(there).headers["Upload-Limit"]
