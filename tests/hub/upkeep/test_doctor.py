"""`hub doctor` finds each fault that is planted, and names its cure. No secret is in what it prints."""

import json
import os
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from hub.features.signin.models import QUARANTINED, Issuer
from hub.features.signin.service import NewIssuer, add_issuer
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.locks import is_locked, locked_file
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import Document
from hub.running.turn import only_worker
from hub.upkeep import ground
from tests.hub.running.test_serve import free_port
from tests.hub.upkeep.conftest import Build
from tests.hub.upkeep.town import Town
from tests.hub.world import TestClock


@dataclass(frozen=True)
class Said:
    """A line of the doctor's."""

    level: str
    says: str
    cure: str


def look(town: Town, part: str, *, code: int | None = None) -> list[Said]:
    """What is said of one part."""
    ran = town.hub("doctor", "--json")
    found = ran.value
    assert ran.code == (0 if found["ok"] else 1)
    assert code in {None, ran.code}, ran.out
    return [Said(line["level"], line["says"], line["cure"]) for line in found["lines"] if line["part"] == part]


def only(town: Town, part: str, level: str) -> Said:
    """The one line about a part, of a level; the exit code fits."""
    (line,) = look(town, part, code=1 if level == "fault" else 0)
    assert line.level == level, line
    assert (line.cure == "") == (level == "ok")
    return line


def test_a_hub_that_is_well_gets_no_fault_and_exit_code_0(town: Town) -> None:
    ran = town.hub("doctor")
    assert ran.code == 0, ran.out
    parts = {line.split()[1] for line in ran.out.splitlines() if not line.startswith(" ")}
    assert parts == {
        "data", "key", "disk", "database", "schema", "keys", "clock", "worker", "outbox", "index", "files", "policies",
        "history", "talk", "issuers", "mail",
    }  # fmt: skip
    assert "fault" not in ran.out


def test_no_secret_is_printed(town: Town) -> None:
    keys = json.loads((town.data / "keys.json").read_text("utf-8"))
    with town.world() as world, world.work() as uow:
        issuer = NewIssuer(f"http://127.0.0.1:{free_port()}", "hub", secret="s3cret-of-leeds")
        add_issuer(uow, world.parts, world._place(uow, "leeds"), issuer)
    said = town.hub("doctor").out + town.hub("doctor", "--json").out
    for secret in (*keys["signing"], *keys["encryption"], "s3cret-of-leeds", town.database.url.password or "s3cret"):
        assert secret not in said


def test_a_password_of_the_database_is_not_printed_even_when_it_cannot_be_reached(build: Build) -> None:
    town = build("sqlite", "town")
    town.database = Database(f"postgresql://hub:hunter2@127.0.0.1:{free_port()}/hub")
    ran = town.hub("doctor")
    assert ran.code == 1
    assert "HUB_DATABASE_URL" in ran.out
    assert "hunter2" not in ran.out + ran.err


def test_a_key_file_that_others_may_read(small_town: Town) -> None:
    path = small_town.data / "keys.json"
    path.chmod(0o644)
    assert only(small_town, "key file", "fault").cure == f"chmod 600 {path}"
    path.chmod(0o600)
    assert only(small_town, "key file", "ok")


@pytest.mark.parametrize("content", [None, b"{}", b"not json"], ids=["missing", "empty", "garbage"])
def test_a_key_file_that_is_missing_or_broken_is_not_made_anew(small_town: Town, content: bytes | None) -> None:
    path = small_town.data / "keys.json"
    path.unlink() if content is None else path.write_bytes(content)
    assert "Restore it from a backup" in only(small_town, "key file", "fault").cure
    assert content is not None or not path.exists()


def test_a_data_folder_that_others_may_write_to(small_town: Town) -> None:
    small_town.data.chmod(0o777)
    assert only(small_town, "data folder", "fault").cure == f"chmod o-rwx {small_town.data}"
    small_town.data.chmod(0o755)
    assert only(small_town, "data folder", "warning").cure == f"chmod o-rwx {small_town.data}"


def test_a_disk_that_is_nearly_full(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as full is moved, not the disk."""
    monkeypatch.setattr(ground, "ENOUGH", 1 << 62)
    monkeypatch.setattr(ground, "LOW", 1.1)
    monkeypatch.setattr(ground, "LOWEST", 0.0)
    assert "Make room" in only(small_town, "disk", "warning").cure
    monkeypatch.setattr(ground, "LOWEST", 1.1)
    assert "Make room" in only(small_town, "disk", "fault").cure


def test_a_damaged_database(small_town: Town) -> None:
    path = small_town.data / "hub.sqlite3"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "hub restore" in only(small_town, "database", "fault").cure
    path.write_bytes(b"scrambled" * 1000)
    assert "hub restore" in only(small_town, "database", "fault").cure


@pytest.mark.parametrize(
    ("statement", "cure"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "Install that version"),
        ("DROP TABLE alembic_version", "a database of its own"),
        ("DELETE FROM alembic_version", "hub serve"),
    ],
)
def test_a_database_of_another_schema(town: Town, statement: str, cure: str) -> None:
    with town.house() as house, house.database.engine.connect() as connection:
        connection.execute(text(statement))
        connection.commit()
    assert cure in only(town, "schema", "fault").cure


def test_clocks_that_disagree(small_town: Town) -> None:
    with small_town.house() as house:
        ahead = TestClock(house.clock.now() + timedelta(seconds=10))
        said = ground.look_at_clock(replace(house, clock=ahead))
        assert (said.level, "NTP" in said.cure) == ("warning", True)
        ahead.move(hours=1)
        assert ground.look_at_clock(replace(house, clock=ahead)).level == "fault"


def test_time_that_went_back(small_town: Town) -> None:
    with small_town.world() as world, world.work() as uow:
        uow.session.add(AuditEntry(at=uow.now + timedelta(hours=2), actor="system", act="test:act"))
    assert "yet to come" in only(small_town, "clock", "fault").says


def test_a_worker_that_does_not_run(town: Town) -> None:
    assert only(town, "worker", "warning").cure == "Start the hub: hub serve."
    with town.house() as house, only_worker(house.data, house.database):
        assert only(town, "worker", "ok")


def test_looking_whether_the_worker_runs_never_keeps_it_from_starting(tmp_path: Path) -> None:
    lock, stop = tmp_path / "worker.lock", threading.Event()

    def look_on() -> None:
        while not stop.wait(0.001):
            is_locked(lock)

    onlookers = [threading.Thread(target=look_on) for _ in range(2)]
    for onlooker in onlookers:
        onlooker.start()
    try:
        for _ in range(100):
            with locked_file(lock):
                assert is_locked(lock)
    finally:
        stop.set()
        for onlooker in onlookers:
            onlooker.join()
    assert not is_locked(lock)


def test_messages_that_wait_too_long_or_were_set_aside(town: Town) -> None:
    def message(minutes: int, *, parked: bool = False) -> None:
        with town.world() as world, world.work() as uow:
            at = uow.now - timedelta(minutes=minutes)
            uow.session.add(OutboxMessage(topic="index", about="doc:none", created_at=at, parked=parked))

    message(0)
    assert only(town, "outbox", "ok")
    message(3)
    assert "hub serve" in look(town, "outbox")[0].cure
    assert look(town, "outbox")[0].level == "warning"
    message(30)
    assert only(town, "outbox", "fault").cure.startswith("Start the hub")
    message(0, parked=True)
    assert "hub index parked" in only(town, "outbox", "fault").cure


def test_a_history_that_somebody_went_past(town: Town) -> None:
    assert only(town, "history", "ok").says.startswith("It tells how every thing stands, and begins on ")
    assert town.hub("history").out == "History tells how every thing stands. Nothing was changed.\n"
    with town.world() as world, world.parts.database.writing() as session:
        session.execute(text("UPDATE documents SET state = 'withdrawn', ms = marking || '.withdrawn'"))
        session.commit()
    said = only(town, "history", "fault")
    assert said.says.startswith("2 things stand otherwise than their history tells")
    assert said.cure.startswith("hub history")
    assert town.hub("history", "--json").value == {"begun_anew": 2}
    assert [line.level for line in look(town, "history")] == ["ok"]


def test_what_people_said_is_whole(town: Town) -> None:
    """Posts without gaps, a keeper for each: what somebody did in the database by hand is found."""
    with town.world() as world:
        nodes = [world.add_thread("leeds/housing", f"Talk {n}", "leeds/ann") for n in range(2)]
        world.post(nodes[0], "leeds/omar")
    assert only(town, "talk", "ok").says == "3 posts about 2 things: none is missing, and each is kept."
    with town.world() as world, world.parts.database.writing() as session:
        session.execute(text("UPDATE posts SET number = 5 WHERE number = 2"))
        session.execute(text("DELETE FROM holders WHERE node = :node"), {"node": nodes[1]})
        session.execute(text("UPDATE threads SET last_number = 7 WHERE title = 'Talk 1'"))
        session.commit()
    said = only(town, "talk", "fault")
    assert said.says == (
        "Of what people said, 1 have gaps in the numbers of their posts, 1 say another last post than there is, "
        "1 are posts that no organisation keeps."
    )
    assert "Restore a backup" in said.cure


def test_a_clock_that_was_ahead_of_history(small_town: Town) -> None:
    with small_town.world() as world:
        world.parts = replace(world.parts, clock=TestClock(SystemClock().now() + timedelta(days=400)))
        world.add_space("leeds/moon")
    (said,) = look(small_town, "history")
    assert said.level == "warning"
    assert "yet to come" in said.says


def test_an_index_that_lacks_something_or_holds_another_state_of_it(town: Town) -> None:
    assert only(town, "index", "ok")
    gone = {"state": "withdrawn", "ms": "OFFICIAL.withdrawn"}
    with town.world() as world, world.work() as uow:  # a change that sends no message
        uow.session.execute(update(Document).where(Document.title == "Rent review").values(**gone))
    said = only(town, "index", "fault")
    assert "is another state of it" in said.says
    assert "hub index rebuild" in said.cure
    with town.world() as world:
        world.parts.engine.begin_rebuild().finish()
    assert "2 of kind document in the database, 0 in the index" in only(town, "index", "fault").says
    assert town.hub("index", "rebuild").code == 0
    assert only(town, "index", "ok")


def test_an_elasticsearch_that_is_down(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("HUB_ELASTICSEARCH_URL", address)
    assert "HUB_ELASTICSEARCH_URL" in only(small_town, "index", "fault").cure


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"rotten")], ids=["missing", "rotten"])
def test_a_stored_file_that_is_missing_or_rotten(small_town: Town, spoil: Callable[[Path], object]) -> None:
    (stored,) = (small_town.data / "files").glob("??/*")
    spoil(stored)
    said = only(small_town, "files", "fault")
    assert said.says.startswith("1 of 1 stored files")
    assert "backup" in said.cure


def test_policy_files_that_are_refused_or_not_in_force(small_town: Town) -> None:
    folder = small_town.data / "policies" / "organisations"
    folder.mkdir(parents=True, exist_ok=True)
    with small_town.world() as world:
        from hub.access.models import PolicyText

        with world.parts.database.reading() as session:
            accepted = session.get_one(PolicyText, "organisations/leeds.csv").text
    file = folder / "leeds.csv"
    file.write_text(accepted + "deny,org:leeds,read,leeds/housing,any,any,-,Closed\n", "utf-8")
    assert "The worker adopts it" in only(small_town, "policies", "warning").cure
    file.write_text(accepted + "nonsense\n", "utf-8")
    assert only(small_town, "policies", "fault").cure == f"Mend it: hub policy lint {file}"


def test_an_issuer_that_is_down_or_was_shut_out(small_town: Town) -> None:
    assert "hub organisation issuer" in only(small_town, "issuers", "warning").cure
    with small_town.world() as world, world.work() as uow:
        new = NewIssuer(f"http://127.0.0.1:{free_port()}", "hub")
        add_issuer(uow, world.parts, world._place(uow, "leeds"), new)
    said = only(small_town, "issuers", "fault")
    assert "The issuer of leeds cannot be used" in said.says
    with small_town.world() as world, world.work() as uow:
        uow.session.execute(update(Issuer).values(status=QUARANTINED))
    assert "accept the change" in look(small_town, "issuers")[0].cure


def test_postgresql_that_does_not_wait_for_its_disk(town: Town) -> None:
    """The server of the tests is such a one; the one of production should not be."""
    (said,) = look(town, "database")
    if town.database.is_sqlite:
        assert said.level == "ok"
    elif os.environ.get("HUB_TEST_POSTGRESQL_URL"):
        assert said.level in {"ok", "warning"}
    else:
        assert said.level == "warning"
        assert "fsync" in said.says
        assert "power cut" in said.cure


def test_the_doctor_changes_nothing(small_town: Town) -> None:
    def state() -> dict[str, int]:
        return {str(p): p.stat().st_size for p in small_town.data.rglob("*") if p.is_file() and "-shm" not in p.name}

    with closing(small_town.database):
        small_town.hub("doctor")
        before, rows = state(), small_town.rows()
        small_town.hub("doctor")
    assert (small_town.rows(), state()) == (rows, before)
