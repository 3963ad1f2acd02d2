"""Someone who looks, when the two ways to decide do not agree."""

import pytest
from structlog.testing import capture_logs

from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,org:leeds,edit,leeds/housing,any,any,-,Everybody edits",
)


def the_town(world: World) -> None:
    """Leeds with a housing space that all its staff edit."""
    world.add_organisation("leeds", *LEEDS)
    world.add_person("leeds/ann")
    world.add_space("leeds/housing")


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_town, sqlite_database)


def test_where_casbin_contradicts_the_lines_ann_is_refused_and_the_operator_hears_of_it(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody ever gets anything, nor a fault of the hub, on the ground of two decisions that differ."""
    document = town.add_document("leeds/housing", "Flood plan")
    address = f"/documents/{document.removeprefix('doc:')}"
    client = town.client("leeds/ann")
    with town.work() as uow:
        place_id = town._place(uow, "leeds/housing").id
    assert client.get(address).status_code == 200
    assert client.get(f"/upload/{place_id}").status_code == 200

    monkeypatch.setattr("acl.gate.enforce", lambda *_: False)
    with capture_logs() as logged:
        read, edit = client.get(address), client.get(f"/upload/{place_id}")
    assert (read.status_code, edit.status_code) == (404, 403)
    assert read.data == client.get("/no/such/page").data
    assert b"Flood plan" not in read.data
    alarms = [entry for entry in logged if entry["log_level"] == "error" and entry.get("subject") == "person:leeds/ann"]
    assert len(alarms) >= 2
    assert "Flood plan" not in str(logged)
