"""Several files, or a folder with those below it, as one archive: what somebody may read now, and nothing else."""

import io
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.access.models import Place
from hub.features.browse import packing
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from tests.hub.once import Begin
from tests.hub.world import World


def the_town(world: World) -> None:
    """Leeds, whose housing Ann reads: two texts of one title, a file, a folder in a folder, and what is hidden."""
    world.add_organisation("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work")
    world.add_person("leeds/ann")
    world.add_person("leeds/zoe")
    world.add_space("leeds/housing", name="Housing")
    world.add_folder("leeds/housing/plans", name="Plans: old/new")
    world.add_folder("leeds/housing/plans/2026", name="2026")
    world.add_folder("leeds/housing/secret", name="CANARY", marking="OFFICIAL-SENSITIVE")
    world.add_document("leeds/housing", "Rota", "# Rota\n\nOne.")
    world.add_document("leeds/housing", "rota", "Two.")
    world.add_document("leeds/housing/plans/2026", "Damp", "Dry it.")
    world.add_document("leeds/housing/secret", "In a hidden folder", "Read me.")
    world.add_document("leeds/housing/plans", "CANARY", "CANARY", marking="OFFICIAL-SENSITIVE")
    world.add_file("leeds/housing/plans", "../CON.txt", b"in a file")


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    world = begin(the_town, sqlite_database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def files(world: World, path: str = "leeds/housing") -> str:
    with world.parts.database.reading() as session:
        return f"/files/{session.scalars(select(Place.id).where(Place.path == path)).one()}"


def unpacked(answer: TestResponse) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def entries(world: World) -> list[tuple[str, str]]:
    with world.parts.database.reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act == "things:take"))
        return [(entry.actor, entry.detail) for entry in found]


def test_ann_takes_a_space_away_with_its_folders_and_nothing_that_is_hidden_is_in_it(town: World) -> None:
    """What lies in a folder whose name she may not see is in the nearest whose name she may."""
    answer = town.client("leeds/ann").get(f"{files(town)}/zip")
    found = unpacked(answer)
    assert sorted(found.values()) == ["# Rota\n\nOne.", "Dry it.", "Read me.", "Two.", "in a file"]
    assert {name.casefold() for name in found} == {
        "rota.md", "rota (2).md", "in a hidden folder.md", "plans- old-new/2026/damp.md", "plans- old-new/-con.txt",
    }  # fmt: skip
    assert b"CANARY" not in answer.data
    assert "Housing.zip" in answer.headers["Content-Disposition"]
    assert [(actor, detail.partition(",")[0]) for actor, detail in entries(town)] == [("leeds/ann", "5 files")]
    assert "2026/Damp.md" in unpacked(town.client("leeds/ann").get(f"{files(town, 'leeds/housing/plans')}/zip"))


def test_what_was_chosen_and_is_hidden_or_lies_elsewhere_or_is_not_there_is_passed_over(town: World) -> None:
    here, ann = files(town, "leeds/housing/plans"), town.client("leeds/ann")
    mine = town.add_document("leeds/housing/plans", "Mine")
    hidden = town.add_document("leeds/housing/plans", "CANARY 2", marking="OFFICIAL-SENSITIVE")
    elsewhere = town.add_document("leeds/housing", "Elsewhere")
    chosen = "&".join(f"thing={node}" for node in (hidden, mine, "doc:zzzzzzzzzzzz", elsewhere))
    answer = ann.post(f"{here}/zip", data=chosen, content_type="application/x-www-form-urlencoded")
    assert list(unpacked(answer)) == ["Mine.md"]
    for node in (hidden, "doc:zzzzzzzzzzzz"):
        none = ann.post(f"{here}/zip", data={"thing": node})
        assert none.status_code == 303
        assert (
            "There is nothing to download here that you may read." in ann.get(none.location, follow_redirects=True).text
        )


def test_what_is_closed_while_it_is_sent_is_not_in_it_any_more_and_the_archive_says_so(town: World) -> None:
    """Each file is judged once more when its turn comes."""
    ann = town.client("leeds/ann")
    answer = ann.get(f"{files(town)}/zip", buffered=False)
    content = answer.iter_encoded()
    begun = next(chunk for chunk in content if chunk)
    town.set_policy("leeds", "deny,person:leeds/ann,read,leeds,any,any,-,Not Ann any more")
    with zipfile.ZipFile(io.BytesIO(begun + b"".join(content))) as archive:
        assert archive.testzip() is None
        _, *rest = archive.namelist()
        assert rest == ["About this download.txt"]
        assert "4 of the documents are not in it" in archive.read(rest[0]).decode()


def test_too_much_is_refused_in_words_before_anything_is_sent(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, here = town.client("leeds/ann"), files(town)
    monkeypatch.setattr(packing, "MOST_FILES", 3)
    assert "more than the 3 files that one download may have" in said(ann, f"{here}/zip")
    monkeypatch.setattr(packing, "MOST_FILES", 1_000)
    monkeypatch.setattr(packing, "MOST_BYTES", 10)
    assert "more than the 10 bytes that one download may have" in said(ann, f"{here}/zip")
    assert entries(town) == []
    many = "&".join(f"thing=doc:{n:012}" for n in range(201))
    answer = ann.post(f"{here}/zip", data=many, content_type="application/x-www-form-urlencoded")
    assert "201 were chosen: download up to 200 at a time, or the whole folder." in ann.get(answer.location).text


def said(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 303
    return browser.get(answer.location).text


def test_a_look_at_the_headers_alone_is_no_download(town: World) -> None:
    assert town.client("leeds/ann").head(f"{files(town)}/zip").status_code == 200
    assert entries(town) == []
