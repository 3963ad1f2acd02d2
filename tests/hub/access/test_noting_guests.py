"""What Gus, a guest, opens and takes away is in the audit before he has it; what Ann of Leeds reads is not."""

import io
import zipfile
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from tests.hub.once import Begin
from tests.hub.world import World

STAFF = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work"


def the_town(world: World) -> dict[str, str]:
    """Leeds with a tender, in which lie a text and a file; Gus of Acme is admitted to it."""
    world.add_organisation("leeds", STAFF)
    world.add_organisation("acme", kind="supplier")
    world.add_person("leeds/ann")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/tender", "restricted")
    world.add_space("leeds/other", "private")
    told = {
        "text": world.add_document("leeds/tender", "Flood walls"),
        "file": world.add_file("leeds/tender", "plan.pdf", b"%PDF-1.4 plan"),
        "hidden": world.add_document("leeds/other", "Ours"),
        "thread": world.add_thread("leeds/tender", "How high?", "leeds/ann"),
    }
    world.give("guest:acme/gus", "read", "leeds/tender", source="guest", until=date(2027, 1, 31))
    return told


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def noted(world: World, who: str = "acme/gus") -> list[tuple[str, str]]:
    with world.parts.database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.actor == who, AuditEntry.act.startswith("guest:")))
        return [(entry.act, entry.object) for entry in rows.all()]


def test_each_page_and_file_that_gus_gets_is_noted_and_none_that_he_does_not(town: World) -> None:
    """Issue: reads and downloads by guests are audit entries, of the organisation whose things they are."""
    text, file, hidden, thread = (town.told[each] for each in ("text", "file", "hidden", "thread"))
    for who in ("leeds/ann", "acme/gus"):
        browser = town.client(who)
        for kind, node, end in (
            ("documents", text, ""), ("documents", file, "/file"), ("documents", hidden, ""),
            ("documents", "doc:none", ""), ("threads", thread, ""),
        ):  # fmt: skip
            browser.get(f"/{kind}/{node.partition(':')[2]}{end}").close()
        browser.get("/places/leeds/tender")
    assert noted(town, "leeds/ann") == []
    found = noted(town)
    assert ("guest:read", text) in found
    assert ("guest:read", thread) in found
    assert ("guest:download", file) in found
    assert not [each for each in found if hidden in each or "doc:none" in each]
    with town.parts.database.reading() as session:
        whose = set(session.scalars(select(AuditEntry.organisation_id).where(AuditEntry.act == "guest:read")))
    assert len(whose) == 1
    assert None not in whose


def test_of_an_archive_each_file_is_noted(town: World) -> None:
    gus = town.client("acme/gus")
    with town.work() as uow:
        place = town._place(uow, "leeds/tender").id
    answer = gus.get(f"/files/{place}/zip")
    assert len(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) == 2
    assert {each for each in noted(town) if each[0] == "guest:download"} == {
        ("guest:download", town.told["text"]),
        ("guest:download", town.told["file"]),
    }


def test_what_cannot_be_noted_is_not_shown(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-AU 88: the audit cannot be written, so Gus gets a sentence, and Ann her page."""

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    address = f"/documents/{town.told['text'].partition(':')[2]}"
    gus, ann = town.client("acme/gus"), town.client("leeds/ann")
    assert gus.get(address).status_code == 200
    monkeypatch.setattr("hub.access.noting_guests.unit_of_work", full)
    refused = gus.get(address)
    assert refused.status_code == 503
    assert "Flood walls" not in refused.text
    assert "cannot note at the moment" in refused.text
    assert ann.get(address).status_code == 200
