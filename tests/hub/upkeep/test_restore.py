"""A backup put in place: everything as it was, nothing that ended alive again, and never half of it (D-BK 92, 94)."""

import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hub.access.holds import hold_organisation
from hub.access.models import Hold, Person, SignedInSession
from hub.features.signin.models import Issuer, PendingBinding
from hub.features.signin.service import NewIssuer, add_issuer, make_link
from hub.ground.outbox import OutboxMessage
from hub.nouns.people.feeds import NewFeed, make_feed
from hub.nouns.people.models import Feed
from hub.nouns.talk.erasing import Erasure
from hub.nouns.talk.models import Holder, Post, PostText, Removal, Talk
from hub.nouns.talk.service import edit_post, post_for_writing
from hub.nouns.threads.erasing import erase
from hub.nouns.threads.models import Thread
from hub.running.turn import only_worker
from hub.things.models import Past
from hub.upkeep.tables import columns
from tests import some
from tests.databases import POSTGRESQL, SQLITE
from tests.hub.upkeep.conftest import Build
from tests.hub.upkeep.town import HOSTILE, Town

CHANGED_BY_RESTORING = {
    "audit_entries",
    "feeds",
    "fences",
    "history",
    "hub_state",
    "outbox",
    "sessions",
    "sign_in_transactions",
}
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql)]


def backup_of(town: Town, name: str = "night.hub") -> Path:
    file = town.data.parent / name
    made = town.hub("backup", str(file))
    assert made.code == 0, made.err
    return file


@pytest.mark.parametrize("target", BOTH)
def test_every_row_file_policy_and_key_comes_back_on_either_database(town: Town, build: Build, target: str) -> None:
    """Also from SQLite into PostgreSQL, and back."""
    file, elsewhere = backup_of(town), build(target, "elsewhere")
    before = town.rows()
    done = elsewhere.hub("restore", str(file))
    assert done.code == 0, done.err
    after = elsewhere.rows()
    assert {name: rows for name, rows in after.items() if name not in CHANGED_BY_RESTORING} == {
        name: rows for name, rows in before.items() if name not in CHANGED_BY_RESTORING
    }
    assert set(before["audit_entries"]) < set(after["audit_entries"])
    assert any(HOSTILE in row for row in after["revisions"])
    assert (elsewhere.data / "keys.json").read_bytes() == (town.data / "keys.json").read_bytes()
    assert (elsewhere.data / "keys.json").stat().st_mode & 0o777 == 0o600
    (stored,) = (elsewhere.data / "files").glob("??/*")
    assert stored.read_bytes() == bytes(range(256)) * 3000


def test_numbers_that_were_given_out_are_not_given_out_again(town: Town, build: Build, kind: str) -> None:
    """An audit entry, or a version of the index, would else stand for two things."""
    file, elsewhere = backup_of(town), build(kind, "elsewhere")
    assert elsewhere.hub("restore", str(file)).code == 0
    place = columns()["outbox"].index("id")
    with town.world() as world, world.work() as uow:
        there = uow.enqueue("doc:none")
        uow.session.rollback()
    assert min(row[place] for row in elsewhere.rows()["outbox"]) >= there


def test_search_finds_nothing_until_the_index_is_built_anew(town: Town) -> None:
    file = backup_of(town)
    with town.world() as world:
        assert [hit.id for hit in world.ask("leeds/ann", "rent").hits]
        world.add_document("leeds/housing", "Rent strike", owner="person:leeds/ann")
        world.index_all()
    assert town.hub("restore", str(file), "--replace").code == 0
    with town.world() as world:
        answer = world.ask("leeds/ann", "rent")
        assert (answer.total, answer.facets["kind"]) == (0, ())
        world.index_all()
        (hit,) = world.ask("leeds/ann", "rent").hits
        assert [piece for piece, _ in hit.title] == ["Rent", " review"]
    assert {line["level"] for line in town.hub("doctor", "--json").value["lines"] if line["part"] == "index"} == {"ok"}


def test_nothing_that_ended_since_lives_again(town: Town) -> None:
    """D-BK 94: a guest's admission, a grant, a person, a membership, a session, a link, a mail, a feed."""
    with town.world() as world:
        admission = world.give("guest:acme/gus", "read", "leeds/housing", until=world.parts.today, source="guest")
        share = world.give("group:leeds/housing-officers", "edit", "leeds/housing")
        kept = world.give("person:leeds/omar", "read", "leeds/housing")
        ann = world.client("leeds/ann")
        cookie = _cookie(ann)
        assert ann.get("/").status_code == 200
        with world.work() as uow:
            person = uow.session.scalars(select(Person).where(Person.handle == "leeds/omar")).one()
            place = world._place(uow, "leeds")
            add_issuer(uow, world.parts, place, NewIssuer("https://login.leeds.example", "hub"))
            make_link(uow, world.parts, person, by="")
            make_feed(uow, world._person(uow, "leeds/ann"), NewFeed("mine", "", "Mine"))
            uow.enqueue("mail:1", topic="mail")
    file = backup_of(town)
    with town.world() as world:
        world.take_back(admission)
        world.take_back(share)
        world.set_status("leeds/omar", "suspended")
        world.leave_group("leeds/ann", "leeds/housing-officers")
        with world.work() as uow:
            uow.session.scalars(select(Issuer)).one().status = "disabled"
            hold_organisation(uow, world._place(uow, "leeds").id, "issuer")
        world.add_person("leeds/new")

    done = town.hub("restore", str(file), "--replace", "--json")
    assert done.code == 0, done.err
    assert done.value["carried"] == {"grants": 2, "people": 1, "members": 1, "issuers": 1, "holds": 1, "removals": 0}
    with town.world() as world, world.parts.database.reading() as session:
        ended = {row[0] for row in town.rows()["grants"] if row[-1] is not None}
        assert ended == {admission, share}
        assert kept not in ended
        assert world.client().get("/", headers={"Cookie": cookie}).status_code == 303
        assert session.scalars(select(SignedInSession).where(SignedInSession.ended_at.is_(None))).all() == []
        assert session.scalars(select(PendingBinding.used_at)).one() is not None
        assert session.scalars(select(Feed.ended_at)).one() is not None, "it may have been revoked since"
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "mail")).all() == []
        assert session.scalar(select(Person).where(Person.handle == "leeds/new")) is None
        assert session.scalars(select(Hold.confirmed_at)).all() == [None]


def _cookie(client: FlaskClient) -> str:
    found = client._cookies.values() if client._cookies else []
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in found)


def test_what_was_removed_from_posts_for_good_does_not_come_back(town: Town) -> None:
    """A name taken out of a post, and a conversation that was kept long enough; what nobody removed is as it was."""
    with town.world() as world:
        nodes = [world.add_thread("leeds/housing", f"JANE's talk {n}", "leeds/ann", "Ask JANE.") for n in range(3)]
        with world.work() as uow:
            edit_post(uow, post_for_writing(uow.session, nodes[0], 1), 1, "Ask JANE again.")
    file = backup_of(town)
    with town.world() as world, world.work() as uow:
        leeds = world._place(uow, "leeds").id
        post = post_for_writing(uow.session, nodes[0], 1)
        erase(uow, post, Erasure("It named a resident", "Jane"), leeds, "person:leeds/ann", "/x")
        talk = uow.session.get_one(Talk, nodes[1])
        talk.removed_to, talk.removed_at, talk.removed_after = 1, uow.now, 24
        uow.session.get_one(Post, (nodes[1], 1)).body = ""
        uow.session.get_one(Holder, (nodes[1], leeds)).ended_at = uow.now
    done = town.hub("restore", str(file), "--replace", "--json")
    assert done.value["carried"]["removals"] == 2, done.err
    with town.world() as world, world.parts.database.reading() as session:
        assert [session.get_one(Post, (node, 1)).body for node in nodes] == ["Ask [removed] again.", "", "Ask JANE."]
        assert session.scalars(select(PostText.body)).all() == ["Ask [removed]."]
        threads = [session.get_one(Thread, node.removeprefix("thread:")).title for node in nodes]
        assert threads == ["[removed]'s talk 0", "JANE's talk 1", "JANE's talk 2"]
        assert session.scalars(select(Removal.reason)).all() == ["It named a resident"]
        assert session.get_one(Talk, nodes[1]).removed_after == 24
        assert session.get_one(Holder, (nodes[1], leeds)).ended_at is not None
    again = town.hub("restore", str(file), "--replace", "--json")
    assert again.value["carried"]["removals"] == 2


def test_history_says_nothing_of_the_time_between_a_backup_and_its_restore(town: Town) -> None:
    """What stood then is lost with the rows that were replaced; what ended meanwhile ends now."""
    with town.world() as world, world.parts.database.reading() as session:
        before = {row.node: row for row in session.scalars(select(Past).where(Past.to_at.is_(None)))}
    file = backup_of(town)
    with town.world() as world:
        world.set_status("leeds/omar", "suspended")
        world.add_document("leeds/housing", "Written since", owner="person:leeds/ann")
    done = town.hub("restore", str(file), "--replace", "--json")
    assert done.code == 0, done.err
    made = datetime.fromisoformat(done.value["made_at"])
    with town.world() as world, world.parts.database.reading() as session:
        rows = list(session.scalars(select(Past).order_by(Past.id)))
    assert {row.node for row in rows} == before.keys()
    for node, old in before.items():
        closed, *since = [row for row in rows if row.node == node]
        assert (closed.from_at, closed.to_at) == (old.from_at, made)
        assert [row.found for row in since] == ([True] if "omar" not in old.owner else [True, False])
        assert since[0].from_at > made
        assert since[-1].to_at is None
    assert {line["level"] for line in town.hub("doctor", "--json").value["lines"] if line["part"] == "history"} == {
        "ok"
    }


def test_a_hub_with_something_in_it_is_replaced_only_when_told_to_and_can_be_had_back(town: Town) -> None:
    file, before = backup_of(town), None
    with town.world() as world:
        world.add_document("leeds/housing", "Written since", owner="person:leeds/ann")
    before = town.rows()
    refused = town.hub("restore", str(file))
    assert refused.code == 1
    assert "2 organisations and 3 people. Give --replace" in refused.err
    assert town.rows() == before

    done = town.hub("restore", str(file), "--replace", "--json")
    assert done.code == 0, done.err
    assert town.rows()["documents"] != before["documents"]
    back = town.hub("restore", done.value["kept"], "--replace")
    assert back.code == 0, back.err
    assert town.rows()["documents"] == before["documents"]


def test_a_hub_that_runs_is_not_replaced(town: Town) -> None:
    file, before = backup_of(town), town.rows()
    with town.house() as house, only_worker(house.data, house.database):
        refused = town.hub("restore", str(file), "--replace")
        assert refused.code == 1
        assert "Stop" in refused.err
    with town.house() as web, web.database.reading() as session:
        session.execute(select(Person.id)).all()
        refused = town.hub("restore", str(file), "--replace")
        assert refused.code == 1
        assert "Stop" in refused.err
    assert town.rows() == before
    assert town.hub("restore", str(file), "--replace").code == 0


def test_a_database_that_cannot_be_read_is_put_aside(small_town: Town) -> None:
    file = backup_of(small_town)
    path = small_town.data / "hub.sqlite3"
    path.write_bytes(b"scrambled" * 5000)
    refused = small_town.hub("restore", str(file))
    assert refused.code == 1
    assert "cannot be read" in refused.err
    done = small_town.hub("restore", str(file), "--replace", "--json")
    assert done.code == 0, done.err
    assert Path(done.value["kept"]).read_bytes().startswith(b"scrambled")
    assert len(small_town.rows()["people"]) == 3


def test_files_without_a_database_are_not_covered_up(small_town: Town) -> None:
    file = backup_of(small_town)
    (small_town.data / "hub.sqlite3").unlink()
    refused = small_town.hub("restore", str(file))
    assert refused.code == 1
    assert "though no database" in refused.err
    assert small_town.hub("restore", str(file), "--replace").code == 0


def test_a_kept_hub_without_its_files_is_refused(small_town: Town) -> None:
    file = backup_of(small_town)
    kept = small_town.hub("restore", str(file), "--replace", "--json").value["kept"]
    shutil.rmtree(small_town.data / "files")
    refused = small_town.hub("restore", kept, "--replace")
    assert refused.code == 1
    assert "1 of those that it needs are not stored here" in refused.err


@pytest.mark.long
def test_a_restore_that_is_killed_leaves_the_old_hub_or_the_new_one(town: Town) -> None:
    """Killed at six moments, on a person's machine at some of them; then it is run again, and goes through."""
    file = backup_of(town)
    with town.world() as world:
        world.add_document("leeds/housing", "Written since", owner="person:leeds/ann")
    old = len(town.rows()["documents"])
    began = time.monotonic()
    with town.start("-m", "hub.cli", "restore", "--check", str(file)) as timed:
        timed.communicate()
    start = time.monotonic() - began
    for part in some((0.9, 1.0, 1.05, 1.1, 1.2, 1.4)):
        with town.start("-m", "hub.cli", "restore", "--replace", str(file)) as running:
            try:
                running.wait(start * part)
            except subprocess.TimeoutExpired:
                running.kill()
        assert len(town.rows()["documents"]) in {old, old - 1}
        with town.world() as world:
            assert world.client("leeds/ann").get("/").status_code == 200
    done = town.hub("restore", str(file), "--replace")
    assert done.code == 0, done.err
    assert len(town.rows()["documents"]) == old - 1
    with town.house() as house:
        assert house.key_file.exists()


def test_a_restored_sqlite_database_still_survives_power_cuts(small_town: Town, build: Build) -> None:
    elsewhere = build(SQLITE, "elsewhere")
    assert elsewhere.hub("restore", str(backup_of(small_town))).code == 0
    with closing(sqlite3.connect(elsewhere.data / "hub.sqlite3")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with elsewhere.house() as house:
        for opened in (house.database.reading, house.database.writing):
            with opened() as session:
                assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2
