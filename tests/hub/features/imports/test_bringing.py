"""Ann brings in a folder from her browser: drafts of hers, a report that is hers alone, published folder by folder."""

import io
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import event, func, select

from acl.cells import MAX_DEPTH
from hub.access.models import Place
from hub.features.imports import filing
from hub.features.imports import report as report_page
from hub.features.imports.filing import filing_round
from hub.features.imports.models import Bringing, BroughtFile
from hub.ground.db import Database
from hub.nouns.documents.models import Document
from hub.web.filters import LONDON
from tests import ROOT, shared_data
from tests.databases import address_of
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import World

POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,person:leeds/ann,manage,leeds/housing,up to OFFICIAL,any,-,Ann keeps Housing",
    "allow,person:leeds/eve,edit,leeds/housing,any,any,-,Eve writes for Housing",
    "allow,person:leeds/zed,manage,leeds,any,any,-,Zed keeps everything",
)


def the_town(world: World) -> None:
    """Leeds, where Ann manages Housing, Eve edits it and Cy reads it."""
    world.add_organisation("leeds", *POLICY)
    for handle in ("leeds/ann", "leeds/eve", "leeds/cy", "leeds/zed"):
        world.add_person(handle)
    world.add_space("leeds/housing", name="Housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


Content = str | bytes


def archive(files: dict[str, Content], *, at: tuple[int, ...] = (2019, 3, 4, 9, 30, 0), **more: Any) -> bytes:
    """A ZIP archive as a person's computer makes it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, at)  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED
            for field, value in more.items():
                setattr(info, field, value)
            out.writestr(info, content)
    return whole.getvalue()


def housing(world: World) -> str:
    """The id of the space."""
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == "leeds/housing")).one()


def brings(world: World, who: str, content: bytes, **fields: str) -> Any:
    """Somebody sends the form; the answer."""
    here = f"/bring/{housing(world)}"
    form = {"marking": "OFFICIAL", "file": (io.BytesIO(content), "Shared drive.zip"), **fields}
    return world.client(who).post(here, data=form, content_type="multipart/form-data")


def brought(world: World, who: str, content: bytes) -> str:
    """Somebody brings in an archive, and the worker is through with it; the address of the report and its text."""
    answer = brings(world, who, content)
    assert answer.status_code == 303, answer.text
    while filing_round(world.parts):
        pass
    page = world.client(who).get(answer.location)
    assert page.status_code == 200
    return f"{answer.location} " + " ".join(html.fromstring(page.text).text_content().split())


def documents(world: World) -> dict[str, Document]:
    """Every document, by title."""
    with world.parts.database.reading() as session:
        return {each.title: each for each in session.scalars(select(Document))}


def paths(world: World) -> list[str]:
    """The addresses of all folders."""
    with world.parts.database.reading() as session:
        return list(session.scalars(select(Place.path).where(Place.kind == "folder").order_by(Place.path)))


def test_ann_brings_in_a_shared_drive_and_is_told_what_came_of_each_file(town: World) -> None:
    """Real files: folders as folders, dates as they were, drafts of hers; and what of them she should know."""
    office = shared_data("office")
    hidden = (office / "poi" / "spreadsheet" / "TwoSheetsOneHidden.xlsx").read_bytes()
    locked = (office / "pdf" / "libreoffice-writer-password.pdf").read_bytes()
    plain = (office / "pdf" / "minimal-document.pdf").read_bytes()
    report = brought(
        town,
        "leeds/ann",
        archive(
            {
                "Housing/Rents/Rents 2019.xlsx": hidden,
                "Housing/Rents/Locked.pdf": locked,
                "Housing/Plan.pdf": plain,
                "Housing/Old/Plan copy.pdf": plain,
                "Housing/Read me.md": "# Read me\n\n[The plan](Old/Plan%20copy.pdf), [rents](Rents/Rents%202019.xlsx).",
                "Housing/Thumbs.db": b"x",
                "Housing/~$Plan.docx": b"x",
                "__MACOSX/._Plan.pdf": b"x",
                "Housing/Empty.txt": b"",
                "Housing/Inner.zip": archive({"../../evil.txt": "kept as a file"}),
            }
        ),
    )
    assert "6 documents came in" in report
    assert "Did not come in (1) Housing/Empty.txt: it is empty" in report
    assert "Have hidden parts (1) Housing/Rents/Rents 2019.xlsx: 1 hidden sheet" in report
    assert "Housing/Rents/Locked.pdf: it is protected by a password" in report
    assert "Came in more than once (1) Housing/Plan.pdf: the same as “Housing/Old/Plan copy.pdf”" in report
    assert "Passed over (3)" in report
    assert "Housing/Thumbs.db: a system file" in report
    assert "__MACOSX/._Plan.pdf: in a system folder" in report
    found = documents(town)
    assert {(each.state, each.marking, each.owner) for each in found.values()} == {
        ("draft", "OFFICIAL", "person:leeds/ann")
    }
    rents = found["Rents 2019"]
    assert rents.created_at.astimezone(LONDON) == datetime(2019, 3, 4, 9, 30, tzinfo=LONDON)
    assert paths(town)[:1] == ["leeds/housing/housing"]
    assert "leeds/housing/housing/rents" in paths(town)
    text = town.client("leeds/ann").get(f"/documents/{found['Read me'].id}").text
    assert f"/documents/{rents.id}" in text
    assert f"/documents/{found['Plan copy'].id}" in text, "each path is a document of its own"
    assert "Plan" in found


def test_she_publishes_a_folder_once_she_is_told_whom_that_shows_it_to(town: World) -> None:
    """By the way in which several things are published at once: there is no second one."""
    report = brought(
        town, "leeds/ann", archive({"Plans/a.md": "# A\n\nWords.", "Plans/b.md": "# B\n\nWords.", "c.md": "# C\n\nW."})
    )
    ann, cy = town.client("leeds/ann"), town.client("leeds/cy")
    assert cy.get(f"/documents/{documents(town)['A'].id}").status_code == 404
    page = ann.get(report.split()[0])
    forms = [f for f in html.fromstring(page.text).iter("form") if (f.get("action") or "").endswith("/publish")]
    assert [form.xpath("string(.//button)") for form in forms] == ["Publish 1 document", "Publish 2 documents"]
    asked = ann.post(forms[1].get("action"), data={"thing": [f"doc:{documents(town)[t].id}" for t in "AB"]})
    assert asked.status_code == 200
    assert "This shows 2 documents to 1 person in 1 organisation who cannot read them now." in asked.text
    done = Sheet(asked, forms[1].get("action"))
    done.fields["thing"] = [f"doc:{documents(town)[t].id}" for t in "AB"]
    assert done.send(ann).status_code == 200
    assert cy.get(f"/documents/{documents(town)['A'].id}").status_code == 200
    assert cy.get(f"/documents/{documents(town)['C'].id}").status_code == 404
    after = html.fromstring(ann.get(report.split()[0]).text).text_content()
    assert "Nothing of it waits as a draft." in after
    assert "Publish 1 document" in after


def test_what_is_brought_in_again_is_there_already(town: World) -> None:
    """A file by its bytes, a text by its path, length and check sum, of what she sees; it is not filed again."""
    whole = archive({"Plan.txt": "sandbags", "notes/a.md": "# A\n\n[b](b.md)", "notes/b.md": "# B\n\nWords."})
    brought(town, "leeds/ann", whole)
    before = {each.id for each in documents(town).values()}
    again = brought(town, "leeds/ann", whole)
    assert "0 documents came in" in again
    assert "Were there already (3)" in again
    assert {each.id for each in documents(town).values()} == before
    secret = town.add_file("leeds/housing", "Secret.txt", b"the code word is CANARY", marking="OFFICIAL-SENSITIVE")
    told = brought(town, "leeds/ann", archive({"guess.txt": "the code word is CANARY"}))
    assert "1 document came in" in told, "what she may not see is no double"
    assert secret.removeprefix("doc:") not in told


def _bomb() -> bytes:
    return archive({f"{n}.txt": b"\0" * 4_900_000 for n in range(6)})


def _encrypted() -> bytes:
    whole = bytearray(archive({"a.txt": "words"}))
    for signature, where in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(signature) + where] |= 1
    return bytes(whole)


def _twice() -> bytes:
    whole = archive({"one.txt": "words", "two.txt": "words"})
    return whole.replace(b"two.txt", b"one.txt")


def _overlapping() -> bytes:
    """The second file of the table of contents lies where the first does (David Fifield, 2019)."""
    whole = bytearray(archive({"one.txt": "words" * 50, "two.txt": "words" * 50}))
    second = whole.index(b"PK\x01\x02", whole.index(b"PK\x01\x02") + 1)
    whole[second + 42 : second + 46] = bytes(4)
    return bytes(whole)


REFUSED = {
    "no archive": (lambda: b"%PDF-1.4 words", "This is no ZIP archive, or it is damaged"),
    "half an archive": (lambda: archive({"a.txt": "words" * 99})[:-40], "This is no ZIP archive, or it is damaged"),
    "one that leads out": (lambda: archive({"../../evil.txt": "x"}), "leads out of the folder"),
    "one that leads out the Windows way": (lambda: archive({"..\\evil.txt": "x"}), "leads out of the folder"),
    "one that leads out by unseen letters": (lambda: archive({".\u200b./evil.txt": "x"}), "leads out of the folder"),
    "an absolute one": (lambda: archive({"/etc/passwd": "x"}), "leads out of the folder"),
    "one with a drive": (lambda: archive({"C:/evil.txt": "x"}), "leads out of the folder"),
    "a bomb": (_bomb, "times its size, as no folder of documents does"),
    "too many files": (lambda: archive({f"{n}.txt": "x" for n in range(1_001)}), "more than the 1,000 files"),
    "one under a password": (_encrypted, "It is protected by a password"),
    "two of one name": (_twice, "It holds two files called “one.txt”"),
    "files upon one another": (_overlapping, "Files in it lie upon one another"),
    "system files": (lambda: archive({"Thumbs.db": "x", ".git/config": "x"}), "There is no file in it to bring in"),
    "nothing": (lambda: archive({}), "There is no file in it to bring in"),
}  # fmt: skip


def test_a_bad_archive_is_refused_in_words_and_nothing_of_it_stays(town: World) -> None:
    for name, (make, words) in REFUSED.items():
        answer = brings(town, "leeds/ann", make())
        assert answer.status_code == 422, name
        assert words in html.fromstring(answer.text).text_content(), name
    with town.parts.database.reading() as session:
        assert not session.scalar(select(func.count()).select_from(Bringing))
    assert list(town.parts.files.hashes()) == []


def test_a_table_of_contents_that_never_ends_is_not_read(town: World) -> None:
    """Some 40,000 empty entries: more than the hub puts into its memory for anybody."""
    answer = brings(town, "leeds/ann", archive({f"{'n' * 20}{n}": "" for n in range(20_000)}))
    assert answer.status_code == 422
    assert "more than the 1,000 files" in answer.text


def test_odd_names_become_plain_ones_and_links_are_passed_over(town: World) -> None:
    """UTF-8 that says so or does not, the letters of DOS, what turns letters round, what is far too long."""
    whole = archive(
        {
            "Żółw.txt": "1",
            "invoice\u202efdp.txt": "2",
            "con\x07trol.txt": "3",
            "w" * 255 + ".txt": "5",
            "x/" * 600 + "y.txt": "6",
        }
    )
    report = brought(town, "leeds/ann", whole)
    found = documents(town)
    assert {"Żółw", "invoicefdp", "con trol"} <= set(found)
    assert "its path is longer than 1,000 letters" in report
    link = archive({"link.txt": "/etc/passwd"}, create_system=3, external_attr=0o120777 << 16)
    both = io.BytesIO(link)
    with zipfile.ZipFile(both, "a") as out:
        out.writestr("real.txt", "words")
        raw = zipfile.ZipInfo("caf\u00e9.txt".encode().decode("cp437"))
        out.writestr(raw, "more words")
    content = bytearray(both.getvalue())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # as macOS does: UTF-8 that does not say so
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + flags + 1] &= ~0x08
    report = brought(town, "leeds/ann", bytes(content))
    assert "link.txt: a link" in report
    assert "real" in documents(town)


@pytest.mark.long
def test_what_lies_deeper_than_places_may_goes_into_the_deepest(town: World) -> None:
    report = brought(town, "leeds/ann", archive({f"{'deep/' * 40}a.txt": "words", "why/b.txt": "words too"}))
    assert "2 documents came in" in report
    assert "leeds/housing/why-2" in paths(town), "a word of the hub's own addresses"
    assert max(path.count("/") for path in paths(town)) == MAX_DEPTH - 2


def test_a_damaged_file_does_not_come_in_and_the_others_do(town: World) -> None:
    """Its check sum is another one: what it holds is not what was put in."""
    packed = io.BytesIO(archive({"good.txt": "fine words", "bad.txt": "words that rot"}))
    with zipfile.ZipFile(packed, "a") as out:
        out.writestr("odd.txt", "words", compress_type=zipfile.ZIP_LZMA)
    whole = bytearray(packed.getvalue())
    at = whole.index(b"bad.txt") + len(b"bad.txt") + 3
    whole[at] ^= 0xFF
    report = brought(town, "leeds/ann", bytes(whole))
    assert "1 document came in" in report
    assert "bad.txt: it is damaged in the archive" in report
    assert "odd.txt: it is packed in a way that the hub does not unpack" in report


def test_nobody_else_sees_it_and_one_is_under_way_at_a_time(town: World) -> None:
    """Zed keeps all of Leeds, and Eve edits in that space: it is Ann's all the same."""
    there = brings(town, "leeds/ann", archive({"a.txt": "words"})).location
    absent = town.client("leeds/zed").get("/imports/zzzzzzzzzzzz")
    for who in ("leeds/zed", "leeds/eve", "leeds/cy"):
        hidden = town.client(who).get(there)
        assert hidden.status_code == 404
        assert town.client("leeds/zed").get(there).data == absent.data
    ann = town.client("leeds/ann")
    page = ann.get(there).text
    assert "0 of 1 files are done" in page
    assert "Look again" in page
    second = brings(town, "leeds/ann", archive({"b.txt": "words"}))
    assert second.status_code == 409
    assert "You are bringing in another folder" in second.text
    form = ann.get(f"/bring/{housing(town)}").text
    assert "See how far it is" in form
    assert 'type="file"' not in form
    assert brings(town, "leeds/cy", archive({"c.txt": "words"})).status_code == 403


def test_the_archive_itself_goes_once_it_is_in(town: World) -> None:
    """What stays in the store are the files of documents."""
    brought(town, "leeds/ann", archive({"a.txt": "some words", "b.txt": "other words"}))
    with town.parts.database.reading() as session:
        row = session.scalars(select(Bringing)).one()
    assert row.parcel == ""
    assert len(list(town.parts.files.hashes())) == 2


def test_eve_who_may_make_no_folders_has_her_files_together(town: World) -> None:
    """She edits Housing and does not manage it: the form says so, and a folder that is there is used."""
    town.add_folder("leeds/housing/plans", name="Plans")
    assert "You may not make folders here" in town.client("leeds/eve").get(f"/bring/{housing(town)}").text
    brought(town, "leeds/eve", archive({"Plans/a.txt": "one", "Rents/b.txt": "two", "Plans/New/c.txt": "three"}))
    assert paths(town) == ["leeds/housing/plans"]
    found = documents(town)
    assert found["b"].place_id == housing(town)
    assert found["a"].place_id == found["c"].place_id != housing(town)


def test_a_hidden_folder_of_that_name_gives_way(town: World) -> None:
    """Ann may not see the folder Plans that Zed keeps: hers gets the address, and nothing of hers lies in his."""
    his = town.add_folder("leeds/housing/plans", name="Plans", marking="OFFICIAL-SENSITIVE")
    report = brought(town, "leeds/ann", archive({"Plans/a.txt": "one"}))
    assert "1 document came in" in report
    assert documents(town)["a"].place_id != his
    with town.parts.database.reading() as session:
        hers = session.get_one(Place, documents(town)["a"].place_id)
        assert hers.path == "leeds/housing/plans"
        assert session.get_one(Place, his).path != hers.path


def test_who_may_not_add_any_more_is_told_so_and_nothing_more_comes_in(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann's line of policy goes while her archive is half in."""
    monkeypatch.setattr(filing, "AT_ONCE", 1)
    there = brings(town, "leeds/ann", archive({"a.txt": "one", "b.txt": "two"})).location
    filing_round(town.parts)
    town.set_policy("leeds", POLICY[0], *POLICY[2:])
    while filing_round(town.parts):
        pass
    assert list(documents(town)) == ["a"]
    page = town.client("leeds/ann").get(there)
    assert "You may not add drafts here any more, so the rest did not come in." in page.text
    assert "Housing" in page.text


WORKER = """
import sys, time
from pathlib import Path
from hub.features.imports import filing
from hub.features.imports import report as report_page
from hub.ground.db import Database
from tests.hub.world import make_parts

real, filed = filing.add_document, []
def add(*args):
    filed.append(real(*args))
    if len(filed) == 2:
        print("written, not yet committed", flush=True)
        time.sleep(600)
    return filed[-1]
filing.add_document = add
filing.filing_round(make_parts(Database(sys.argv[2]), None, Path(sys.argv[1])))
"""


@pytest.mark.long
def test_a_worker_that_is_killed_goes_on_and_files_nothing_twice(town: World, tmp_path: Path) -> None:
    """Killed as the second file was written and not yet committed: each transaction holds a whole file or nothing."""
    there = brings(town, "leeds/ann", archive({"a.txt": "one", "b.txt": "two", "c.txt": "three"})).location
    address = address_of(town.parts.database)
    command = [sys.executable, "-c", WORKER, str(tmp_path), address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout
        while "written" not in (line := worker.stdout.readline()):
            assert line, "the worker ended by itself"
        worker.kill()
    assert "1 of 3 files are done" in town.client("leeds/ann").get(there).text
    while filing_round(town.parts):
        pass
    with town.parts.database.reading() as session:
        assert sorted(session.scalars(select(Document.title))) == ["a", "b", "c"]
        assert {file.state for file in session.scalars(select(BroughtFile))} == {"filed"}


def test_a_large_report_asks_the_database_no_more_often(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """15 files in 3 folders, of which each list names five: as many queries as for one."""
    monkeypatch.setattr(report_page, "MOST_TOLD", 5)
    asked = []
    for files in (1, 15):
        there = brought(
            town, "leeds/ann", archive({f"{n % 3}-{files}/{n}.md": f"# {n}" for n in range(files)})
        ).split()[0]
        ann, queries = town.client("leeds/ann"), list[str]()
        ann.get(there)
        count = lambda *args: queries.append(args[2])  # noqa: B023, E731
        event.listen(town.parts.database.engine, "before_cursor_execute", count)
        page = ann.get(there).text
        event.remove(town.parts.database.engine, "before_cursor_execute", count)
        asked.append(len(queries))
    assert "And 10 more." in page
    assert asked[0] == asked[1] <= 15
