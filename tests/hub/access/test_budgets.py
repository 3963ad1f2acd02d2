"""What one person may cost in a minute, and at a time; and that nobody else waits for it."""

import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from config.settings import Settings
from hub.access.budgets import SAID, Downloads, tidy_budgets
from hub.access.guard import cost_of
from hub.access.models import SpentBudget
from hub.app import create_app
from hub.ground.db import Database
from hub.ground.errors import TooMany
from hub.ground.keys import load_keys
from hub.nouns.people.feeds import NewFeed, make_feed
from tests.hub.once import Begin
from tests.hub.world import World

LIMITS = {"searches": 20, "texts": 10, "parts": 10, "comparisons": 10, "checks": 10, "feeds": 10, "strangers": 30}
COSTLY = {
    "admin.records": "search",
    "admin.take_records": "search",
    "find.search": "search",
    "people.find_people": "search",
    "documents.add": "write",
    "documents.upload": "check",
    "documents.begin_parts": "part",
    "documents.go_on": "part",
    "writing.save": "write",
    "writing.compare_revisions": "compare",
    "admin.policy_version": "compare",
    "admin.show_policy": "check",
    "admin.edit_policy": "check",
    "admin.save_policy": "check",
    "admin.take_table": "check",
    "sharing.of_place": "check",
    "sharing.of_thing": "check",
    "sharing.change_chosen": "check",
    "sharing.send_invitation": "write",
    "imports.send": "write",
    "people.ask_box": "search",
    "people.save_photo": "write",
    "admin.save_terms": "write",
    "conduct.send_report": "write",
    "feeds.read": "feed",
    "talk.change_stage": "write",
    "talk.save_last_day": "write",
    "conduct.send_thing_report": "write",
    "talk.names": "search",
    "talk.names_at": "search",
    "feeds.make": "write",
    "feeds.renew": "write",
    "talk.announce_it": "write",
    "talk.open_it": "write",
    "talk.publish": "write",
    "talk.post": "write",
    "talk.save": "write",
    "imports.go_on_with_it": "write",
    "imports.undo_it": "write",
}


def the_town(world: World) -> None:
    """Ada may do everything at Leeds; Ann reads there."""
    world.add_organisation(
        "leeds",
        "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff",
        "allow,person:leeds/ada,manage,leeds,any,any,-,Ada manages",
        "allow,person:leeds/ada,administer,leeds,any,any,-,Ada administers",
    )
    for name in ("ada", "ann"):
        world.add_person(f"leeds/{name}")
    world.add_space("leeds/housing", "restricted")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    another_process(world)
    return world


def another_process(world: World) -> None:
    """The next clients are served by it: nothing that the one before counted is known to it."""
    settings = Settings(
        data=world.parts.policy_dir.parent,
        url=world.parts.public_url,
        **{f"{name}_a_minute": limit for name, limit in LIMITS.items()},  # type: ignore[arg-type]
    )
    world._app = create_app(settings, world.parts)
    world.app.config["WTF_CSRF_ENABLED"] = False


def spent(world: World) -> list[int]:
    """What the database counts, for each person and kind."""
    with world.parts.database.reading() as session:
        return sorted(session.scalars(select(SpentBudget.spent)))


def let_through(client: FlaskClient, address: str, tries: int, **sent: object) -> int:
    """Of so many requests, how many were answered; those that were not say when to go on."""
    answers = [client.post(address, **sent) if sent else client.get(address) for _ in range(tries)]  # type: ignore[arg-type]
    for answer in answers:
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["Retry-After"]) <= 61
    return sum(answer.status_code != 429 for answer in answers)


def test_ann_searches_so_often_and_is_told_when_to_go_on(town: World) -> None:
    """Nobody else notices, nor do her other pages; a minute later she goes on."""
    ann, ada = town.client("leeds/ann"), town.client("leeds/ada")
    assert let_through(ann, "/search?q=flood", LIMITS["searches"]) == LIMITS["searches"]
    refused = ann.get("/search?q=flood")
    assert refused.status_code == 429
    said = refused.get_data(as_text=True)
    assert "You have searched 20 times within a minute, more than the hub allows. Go on in 60 seconds." in said
    assert [each.get("/").status_code for each in (ann, ada)] == [200, 200]
    assert ada.get("/search?q=flood").status_code == 200
    town.parts.clock.move(minutes=1)
    assert let_through(ann, "/search?q=flood", 30) == LIMITS["searches"]


def test_who_works_writes_nothing_and_who_floods_soon_writes_nothing_either(town: World) -> None:
    ann = town.client("leeds/ann")
    assert let_through(ann, "/search?q=a", 2) == 2
    assert spent(town) == []
    assert let_through(ann, "/search?q=a", 60) == 18
    assert spent(town) == [20]


@pytest.mark.long
def test_a_budget_holds_over_all_processes(town: World) -> None:
    """A tenth of it is each process's own to give; the rest is counted together."""
    let = 0
    for _ in range(4):
        let += let_through(town.client("leeds/ann"), "/search?q=a", 15)
        another_process(town)
    assert 20 <= let <= 20 + 3 * 2
    assert spent(town) == [20]
    town.parts.clock.move(hours=2)
    assert tidy_budgets(town.parts) == 1
    assert spent(town) == []


def test_every_kind_of_cost_has_its_budget(town: World) -> None:
    """And each is another: who has searched enough may still write. What is typed in vain is refused in words."""
    document = town.add_document("leeds/housing", "Plan", "One", owner="person:leeds/ada").removeprefix("doc:")
    with town.work() as uow:
        space = town._place(uow, "leeds/housing").id
    ada = town.client("leeds/ada")
    edited = {"name": "Plan", "body": "Two", "note": "", "based_on": "1", "do": "preview"}
    assert let_through(ada, f"/documents/{document}/edit", 15, data=edited) == 10
    assert ada.get(f"/documents/{document}/edit").status_code == 200
    file = {"name": "Plan", "file": (io.BytesIO(b"x"), "x.txt")}
    assert let_through(ada, f"/upload/{space}", 1, data=file, content_type="multipart/form-data") == 0
    assert let_through(ada, f"/documents/{document}/compare", 15) == 10
    assert let_through(ada, "/admin/leeds/policy/edit", 6, data={"text": "x", "replacing": ""}) == 6
    assert let_through(ada, "/admin/leeds/people/import", 9, data={"text": "Name\nJo"}) == 4
    assert let_through(ada, f"/audience/document/{document}", 1) == 0
    assert ada.get("/search?q=plan").status_code == 200


def test_the_costly_routes_are_these(town: World) -> None:
    """A new one that can be long stands here, with what it costs."""
    found = {name: cost for name, view in town.app.view_functions.items() if (cost := cost_of(view))}
    assert found == COSTLY
    assert set(found.values()) | {"stranger"} == set(SAID)


def test_a_stranger_has_a_budget_by_address(town: World) -> None:
    """Of pages that are open to all; what only sends to the sign-in, and what says that the hub is well, are free."""
    stranger = town.client()
    assert let_through(stranger, "/sign-in", 40) == 30
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/search?q=flood").status_code == 303
    assert stranger.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert town.client("leeds/ann").get("/").status_code == 200


def test_no_address_and_nobody_lies_in_the_table_to_be_read(town: World, tmp_path: Path) -> None:
    """Keyed with the hub's own key: another hub's would be another."""
    let_through(town.client("leeds/ann"), "/search?q=a", 5)
    with town.parts.database.reading() as session:
        (first,) = session.scalars(select(SpentBudget.who))
    world = World(replace(town.parts, keys=load_keys(tmp_path / "other.json")))
    another_process(world)
    let_through(world.client("leeds/ann"), "/search?q=a", 5)
    with town.parts.database.reading() as session:
        assert first in (both := set(session.scalars(select(SpentBudget.who))))
        assert len(both) == 2


def test_of_large_files_two_are_sent_to_one_person_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third waits a moment, and then is told so; nobody else waits."""
    monkeypatch.setattr("hub.access.budgets.BUSY_SECONDS", 0.2)
    downloads = Downloads()
    for who in ("ann", "ann", "bo"):
        downloads.enter(who)
    with pytest.raises(TooMany, match="still at work"):
        downloads.enter("ann")
    threading.Timer(0.05, downloads.leave, ["ann"]).start()
    downloads.enter("ann")
    for who in ("ann", "ann", "bo"):
        downloads.leave(who)
    assert not downloads._running


def test_who_was_refused_leaves_no_trace_of_themselves(town: World) -> None:
    """A request that ends in an error gives its room back."""
    ann = town.client("leeds/ann")
    for _ in range(9):
        assert ann.get("/documents/abcdefghijkl/compare").status_code == 404
    assert ann.get("/search?q=a").status_code == 200


def test_whoever_reads_a_feed_too_often_is_told_when_to_go_on_and_nobody_else_is(town: World) -> None:
    """It is its person who pays, from whatever address it is read."""
    addresses = []
    for who in ("leeds/ada", "leeds/ann"):
        with town.work() as uow:
            _, secret = make_feed(uow, town._person(uow, who), NewFeed("mine", "", "Mine"))
        addresses.append(f"/feeds/{secret}")
    reader = town.client()
    assert [reader.get(addresses[0]).status_code for _ in range(LIMITS["feeds"])] == [200] * LIMITS["feeds"]
    refused = reader.get(addresses[0])
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert reader.get(addresses[1]).status_code == 200
