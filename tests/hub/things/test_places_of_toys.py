"""What people do with a place is done with the toys in it: counted, shared, asked for, put away, moved, deleted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Page
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from acl import cells, directory
from acl.cells import read_where
from acl.rules import PolicyError
from acl.store import adopt
from hub.access.models import Grant, Person, Place
from hub.access.snapshots import Snapshots
from hub.audience import foreseeing as audience
from hub.audience.foreseeing import Change, foresee, gained_and_lost
from hub.features.asking.models import AccessRequest
from hub.features.asking.reaching import reach_round
from hub.features.browse.queries import by_owner, how_many, listed, right_here
from hub.features.policies.reasons import reasons_for
from hub.features.sharing.service import sweep
from hub.ground.db import Base, Database
from hub.ground.errors import Invalid
from hub.ground.ids import new_id
from hub.nouns.documents.models import Document
from hub.nouns.kinds import KINDS
from hub.running.command import name_of, person_named, thing_named
from hub.running.indexing import rebuild
from hub.things.kinds import Kinds
from hub.things.listing import Order, by_change, by_title, by_type
from hub.upkeep.backup import back_up
from hub.upkeep.house import House
from hub.upkeep.restore import restore
from tests.hub.features.sharing.conftest import agree, fields, lede, place_id, words
from tests.hub.once import Begin
from tests.hub.things.toys import BALL, KITE, TOY, WHISTLE, Toy, add_toy, make_tables, toy_pages
from tests.hub.world import HEADER, World
from tests.journeys.crawl import finds, finds_nothing

TODAY = date(2026, 10, 20)
POLICY = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,document-owner,read,leeds,any,any,-,Owners keep their own in hand",
    "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it",
)


def the_town(world: World) -> None:
    """Leeds has a place to play, which Lee looks after: a ball for all staff, a sensitive whistle of Wyn's."""
    make_tables(world)
    world.add_organisation("leeds", *POLICY)
    world.add_organisation("york")
    for handle in ("leeds/ann", "leeds/wyn", "leeds/lee", "york/bo"):
        world.add_person(handle)
    world.add_space("leeds/play", "restricted")
    world.add_space("leeds/shed", "restricted")
    add_toy(world, BALL, "leeds/play", "Red ball", "Throw it over the flood wall.")
    add_toy(world, WHISTLE, "leeds/play", "Whistle", marking="OFFICIAL-SENSITIVE", owner="person:leeds/wyn")
    add_toy(world, KITE, "leeds/shed", "Kite", owner="person:leeds/wyn")
    world.add_document("leeds/play", "Flood games", "Rules of the flood.")
    world.give("person:leeds/lee", "manage", "leeds/play")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database, kinds=Kinds(*KINDS, TOY))
    world.app.config["WTF_CSRF_ENABLED"] = False
    world.app.register_blueprint(toy_pages)
    return world


def seen(world: World) -> set[tuple[str, str]]:
    """Who may read what lies in places, as the gate says: handle and node."""
    found = set()
    for handle in ("leeds/ann", "leeds/wyn", "leeds/lee", "york/bo"):
        with world.viewer(handle) as viewer:
            things = [*viewer.session.scalars(select(Document)), *viewer.session.scalars(select(Toy))]
            found |= {(handle, t.node) for t in things if (said := viewer.decide("read", t)) and said.allowed}
    return found


def row(world: World, table: Any, **by: str) -> Any:
    with world.parts.database.reading() as session:
        return session.scalars(select(table).filter_by(**by)).one()


def opened(world: World) -> tuple[Change, Callable[[], Any]]:
    """Play is closed."""
    return (
        audience.audience_change(row(world, Place, path="leeds/play"), "private"),
        lambda: world.set_audience("leeds/play", "private"),
    )


def given(world: World) -> tuple[Change, Callable[[], Any]]:
    """The whistle alone is given to Bo of York."""
    whistle = row(world, Toy, id=WHISTLE)
    grant = Grant(
        id=new_id(), principal="person:york/bo", can="read", node=whistle.node, until=None, reason="", marking="any",
        state="any", organisation_id=whistle.organisation_id, given_by="test", source="share", created_at=None,
    )  # fmt: skip
    return audience.grants_given(whistle, grant), lambda: world.give("person:york/bo", "read", f"toy:{WHISTLE}")


def marked(world: World) -> tuple[Change, Callable[[], Any]]:
    """The ball is marked higher."""

    def make() -> None:
        with world.work() as uow:
            values = {"marking": "OFFICIAL-SENSITIVE", "ms": "OFFICIAL-SENSITIVE.published"}
            uow.session.execute(update(Toy).where(Toy.id == BALL).values(**values))

    return audience.thing_changed(row(world, Toy, id=BALL), ms="OFFICIAL-SENSITIVE.published"), make


def ruled(world: World) -> tuple[Change, Callable[[], Any]]:
    """Only wardens see what is sensitive or their own; and York reads the shed."""
    lines = (POLICY[0].replace("org:leeds", "org:york").replace(",leeds,", ",leeds/shed,"), *POLICY[1:])
    name = "organisations/leeds.csv"
    file = adopt(name, HEADER + "".join(f"{line}\n" for line in lines), row(world, Place, path="leeds").id)
    with world.parts.database.reading() as session:
        change = audience.policy_changed(world.parts.snapshots.latest(session), {name: file})
    return change, lambda: world.set_policy("leeds", *lines)


@pytest.mark.parametrize("proposed", [opened, given, marked, ruled])
def test_what_is_foretold_of_toys_is_what_the_gate_then_lets_each_person_read(
    town: World, proposed: Callable[[World], tuple[Change, Callable[[], Any]]]
) -> None:
    """Documents and toys of one place, marking and state are counted apart, whoever owns them."""
    change, make = proposed(town)
    parts, before = town.parts, seen(town)
    with parts.database.reading() as session:
        gained, lost = gained_and_lost(session, parts.snapshots, parts.kinds, TODAY, change)
        listed = {
            f"{kind.prefix}:{own}"
            for kind in parts.kinds.lying
            for shown in (gained, lost)
            for own in session.scalars(select(kind.columns.id).where(audience.shown_of(kind, shown)))
        }
        ann = session.scalars(select(Person).where(Person.handle == "leeds/ann")).one()
        to_ann = foresee(session, parts.snapshots, parts.kinds, TODAY, change, told=ann)
    make()
    after = seen(town)
    for shown, change_ in ((gained, after - before), (lost, before - after)):
        nodes = {node for _, node in change_}
        counts = {prefix: sum(node.startswith(f"{prefix}:") for node in nodes) for prefix in ("doc", "toy")}
        assert {prefix: shown.counts.get(prefix, 0) for prefix in counts} == counts
        assert shown.people.bit_count() == len({handle for handle, _ in change_})
    assert listed == {node for _, node in before ^ after}
    hers = {node for handle, node in before if handle == "leeds/ann"}
    assert to_ann.things == len({node for _, node in after - before} & hers)
    assert before != after


def test_closing_a_place_says_how_many_toys_that_takes_and_lists_them(town: World) -> None:
    """Lee makes play private: Ann and Wyn lose the ball and the rules, and the page names both kinds."""
    lee, here = town.client("leeds/lee"), f"/settings/{place_id(town, 'leeds/play')}"
    asked = lee.post(here, data={"name": "Play", "audience": "private"})
    assert lede(asked) == "This takes 1 document and 2 toys from 2 people in 1 organisation."
    assert "Show who loses and which documents and toys" in words(asked)
    assert f'<a class="govuk-link" href="/toys/{BALL}">Red ball</a>' in asked.text
    assert agree(lee, asked).status_code == 303
    assert {node for handle, node in seen(town) if handle == "leeds/ann"} == {f"toy:{KITE}"}


def test_bo_asks_for_the_whistle_by_its_address_and_lee_gives_it(town: World) -> None:
    """The letter reaches who manages it, the page names it and says whom it shows, and Bo is led to it."""
    bo, lee = town.client("york/bo"), town.client("leeds/lee")
    page = f"http://localhost:8000/toys/{WHISTLE}"
    asked = bo.post("/ask-for-access", data={"address": page, "reason": "To blow"})
    assert asked.location == "/my-requests"
    reach_round(town.parts)
    assert "1 person asks for access" in words(lee.get("/"))
    assert "Whistle" in words(lee.get("/requests"))
    with town.parts.database.reading() as session:
        request = session.scalars(select(AccessRequest)).one()
    assert (request.node, request.unmanaged) == (f"toy:{WHISTLE}", False)
    form = {"role": "reader", "until": "2026-12-31", "reason": "They may blow it"}
    question = lee.post(f"/requests/{request.id}", data=form)
    assert "This shows 1 toy to 1 person in 1 organisation." in words(question)
    assert agree(lee, question).status_code == 303
    assert ("york/bo", f"toy:{WHISTLE}") in seen(town)
    (grant,) = [row(town, Grant, node=f"toy:{WHISTLE}")]
    assert (grant.source, grant.marking) == ("share", "any")
    assert "You may now open “Whistle”" in words(bo.get("/"))
    assert f'href="/toys/{WHISTLE}"' in bo.get("/my-requests").text
    again = bo.post("/ask-for-access", data={"address": page, "reason": "Again"})
    assert "You can open this already: Whistle" in words(again)


def test_why_somebody_can_see_a_toy_and_who_can_is_told_to_those_who_manage_it(town: World) -> None:
    """Lee asks about Bo, before and after a share; Ann has no such pages, whether or not there is a toy."""
    lee, ann = town.client("leeds/lee"), town.client("leeds/ann")
    town.give("person:york/bo", "read", f"toy:{WHISTLE}", source="share")
    said = words(lee.get(f"/toys/{WHISTLE}/why?find=bo"))
    assert "Yes" in said
    assert "is shared with" in said
    who = lee.get(f"/audience/toy/{WHISTLE}")
    assert "Who can see “Whistle”" in words(who)
    assert "A share" in words(who)
    for rest in (f"/toys/{WHISTLE}/why", f"/audience/toy/{WHISTLE}"):
        hidden, absent = ann.get(rest), ann.get(rest.replace(WHISTLE, "zzzzzzzzzzzz"))
        assert (hidden.status_code, hidden.data) == (404, absent.data)


def test_the_command_says_why_of_a_toy(town: World) -> None:
    with town.parts.database.reading() as session:
        for name in (f"toy:{WHISTLE}", f"http://localhost:8000/toys/{WHISTLE}", f"/toys/{WHISTLE}/why"):
            whistle = thing_named(session, town.parts.kinds, name)
            assert name_of(whistle) == f"toy:{WHISTLE}"
            wyn = person_named(session, "leeds/wyn")
            reasons = reasons_for(town.parts, session, wyn, "read", whistle, TODAY)
            assert reasons.decision.allowed
            assert "owner" in reasons.sentence
        with pytest.raises(Invalid, match="There is no toy toy:zzzzzzzzzzzz"):
            thing_named(session, town.parts.kinds, "toy:zzzzzzzzzzzz")


def states(world: World) -> dict[str, str]:
    with world.parts.database.reading() as session:
        return {toy.name: toy.state for toy in session.scalars(select(Toy))}


def found(world: World, handle: str, words: str) -> set[str]:
    return {hit.id for hit in world.ask(handle, words).hits}


def test_toys_are_archived_with_their_place_and_come_back_as_they_were(town: World) -> None:
    """The whistle was withdrawn by itself: it stays so. Search forgets the ball at once, and finds it again."""
    mark(town, WHISTLE, "withdrawn")
    lee, here = town.client("leeds/lee"), place_id(town, "leeds/play")
    question = lee.post(f"/state/{here}/archive")
    assert "With it: 1 document and 1 toy." in words(question)
    assert "This takes 1 document and 1 toy from 2 people in 1 organisation." in words(question)
    assert agree(lee, question).status_code == 303
    assert states(town) == {"Red ball": "archived", "Whistle": "withdrawn", "Kite": "published"}
    assert found(town, "leeds/ann", "ball") == set()
    town.index_all()
    assert agree(lee, lee.post(f"/state/{here}/restore")).status_code == 303
    town.index_all()
    assert states(town) == {"Red ball": "published", "Whistle": "withdrawn", "Kite": "published"}
    assert found(town, "leeds/ann", "ball") == {f"toy:{BALL}"}


def test_what_a_page_showed_of_a_place_of_toys_is_what_is_put_away(town: World) -> None:
    """A toy that came meanwhile is not put away unseen: Lee is asked again."""
    lee, here = town.client("leeds/lee"), place_id(town, "leeds/play")
    question = lee.post(f"/state/{here}/withdraw")
    add_toy(town, "yoyosyoyosyo", "leeds/play", "Yo-yo")
    again = agree(lee, question)
    assert "With it: 1 document and 3 toys." in words(again)
    assert states(town)["Yo-yo"] == "published"


def test_toys_move_with_their_place_and_are_hidden_where_it_goes(town: World) -> None:
    """Play goes into a private space of Lee's: Ann is in the count, and search shows her the ball no more."""
    town.add_space("leeds/attic", "private")
    town.give("person:leeds/lee", "manage", "leeds/attic")
    town.index_all()
    lee, attic = town.client("leeds/lee"), place_id(town, "leeds/attic")
    question = lee.post(f"/move/{place_id(town, 'leeds/play')}", data={"to": attic, "slug": "play"})
    assert "This takes 1 document and 2 toys from 2 people in 1 organisation." in words(question)
    assert agree(lee, question).status_code == 303
    assert found(town, "leeds/ann", "ball") == set()
    town.index_all()
    assert found(town, "leeds/ann", "ball") == set()
    (ball,) = town.ask("leeds/lee", "ball").hits
    assert ball.space is not None
    assert ball.space.path == "leeds/attic/play"


def test_a_place_with_a_toy_is_not_empty_and_one_with_a_hidden_toy_is_deleted_like_an_empty_one(town: World) -> None:
    """Lee sees the kite in the shed. Of what Wyn alone may see nothing tells him, and it stays for Wyn."""
    lee, shed = town.client("leeds/lee"), place_id(town, "leeds/shed")
    assert lee.get(f"/delete/{shed}").status_code == 409
    town.set_policy("leeds", *POLICY, "deny,person:leeds/lee,read,leeds,OFFICIAL-SENSITIVE and above,any,-,Not his")
    mark(town, KITE, "published", "OFFICIAL-SENSITIVE")
    page = lee.get(f"/delete/{shed}")
    assert "looks empty to you" in words(page)
    assert lee.post(f"/delete/{shed}", data=fields(page)).status_code == 303
    assert sweep(town.parts) == 0, "what lies there keeps its node"
    assert ("leeds/wyn", f"toy:{KITE}") in seen(town)
    with town.work() as uow:
        uow.session.delete(uow.session.get_one(Toy, KITE))
    assert sweep(town.parts) == 1


def mark(world: World, toy: str, state: str, marking: str = "") -> None:
    """A toy by itself gets another state and marking."""
    with world.work() as uow:
        found_toy = uow.session.get_one(Toy, toy)
        assert TOY.mark is not None
        TOY.mark(uow, found_toy, marking or found_toy.marking, state)
    world.index_all()


class Browser:
    """What a crawl needs of a browser, over the pages of a world, without one."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    @property
    def request(self) -> "Browser":
        return self

    def get(self, url: str, **_: Any) -> "Answer":
        return Answer(self.client.get(url, follow_redirects=True), url)


class Answer:
    """An answer, as a crawl reads it."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.status, self.url = response.status_code, url
        self.headers = {name.lower(): value for name, value in response.headers}
        self._response = response

    def body(self) -> bytes:
        return self._response.data

    def text(self) -> str:
        return self._response.get_data(as_text=True)


def test_a_crawl_tells_ann_nothing_of_a_toy_that_is_hidden_and_shows_it_to_its_owner(town: World) -> None:
    """Every link from home on, the pages of the toy itself, and the search for its words."""
    add_toy(
        town,
        "canaryinmine",
        "leeds/play",
        "Canary",
        "It sings qwertzuiop.",
        marking="OFFICIAL-SENSITIVE",
        owner="person:leeds/wyn",
    )
    town.index_all()
    url = "http://localhost:8000"
    told = [f"/{path}" for path in ("toys/canaryinmine", "toys/canaryinmine/why", "audience/toy/canaryinmine")]
    ann, wyn = (cast("Page", Browser(town.client(handle))) for handle in ("leeds/ann", "leeds/wyn"))
    finds_nothing(ann, url, ("qwertzuiop", "canaryinmine"), told=["/places/leeds/play", f"/toys/{BALL}"])
    assert told[0] in finds(wyn, url, "qwertzuiop", told=told)


def test_toys_are_in_a_backup_and_found_again_once_it_is_restored(town: World, tmp_path: Path) -> None:
    """Lost rows come back, and with them what the index holds."""
    parts = town.parts
    house = House(parts.database, parts.files, tmp_path / "data", tmp_path / "keys.json", parts.policy_dir, parts.clock)
    house.data.mkdir()
    table = Toy.metadata.tables["toys"].to_metadata(Base.metadata)  # as a table of the hub's own is
    try:
        made = back_up(house, tmp_path / "night.hub")
        with town.work() as uow:
            uow.session.execute(delete(Toy))
            uow.enqueue(f"toy:{BALL}")
        town.index_all()
        assert found(town, "leeds/ann", "ball") == set()
        restore(house, made.path, "the operator", over=True)
    finally:
        Base.metadata.remove(table)
    town.parts = replace(parts, snapshots=Snapshots(parts.database))
    assert states(town)["Red ball"] == "published"
    rebuild(town.parts)
    town.index_all()
    assert found(town, "leeds/ann", "ball") == {f"toy:{BALL}"}


def test_the_page_of_a_place_lists_toys_among_documents_by_title(town: World) -> None:
    """Ann sees the ball below the rules and no whistle; what does not fit on the first page is on the second."""
    page = town.client("leeds/ann").get(f"/files/{place_id(town, 'leeds/play')}")
    rows = html.fromstring(page.text).xpath(
        "//main//table//tbody//a[starts-with(@href, '/toys') or starts-with(@href, '/doc')]"
    )
    assert [row.text_content().strip() for row in rows] == ["Flood games", "Red ball"]
    assert "Toy" in words(page)
    assert "Whistle" not in page.text
    with town.viewer("leeds/lee") as viewer:
        place = viewer.session.scalars(select(Place).where(Place.path == "leeds/play")).one()
        assert how_many(viewer, right_here, place) == 3
        ways = ((by_title, False), (by_title, True), (by_change, True), (by_type, False), (by_owner, False))
        found = {}
        for key, down in ways:
            pages = (listed(viewer, right_here, place, Order(key, down), n, 2) for n in (1, 2))
            found[key.__name__, down] = [viewer.kinds.face(thing).title for page in pages for thing in page]
        assert found["by_title", False] == ["Flood games", "Red ball", "Whistle"]
        assert found["by_title", True] == ["Whistle", "Red ball", "Flood games"]
        assert found["by_type", False] == ["Flood games", "Red ball", "Whistle"]
        assert all(sorted(titles) == ["Flood games", "Red ball", "Whistle"] for titles in found.values())


def test_toys_and_documents_are_archived_at_once_and_a_toy_says_that_it_cannot_be_moved(town: World) -> None:
    """Each kind by its own ways; what is hidden from Lee is not among them."""
    lee, here = town.client("leeds/lee"), f"/files/{place_id(town, 'leeds/play')}"
    with town.parts.database.reading() as session:
        games = session.scalars(select(Document).where(Document.title == "Flood games")).one().node
    chosen = f"thing=toy:{BALL}&thing={games}"
    form = {"content_type": "application/x-www-form-urlencoded"}
    question = lee.post(f"{here}/archive", data=chosen, **form)
    assert "Archive 1 document and 1 toy?" in words(question)
    sent = "&".join(f"{name}={value}" for name, value in fields(question).items() if name != "thing")
    done = words(lee.post(f"{here}/archive", data=f"{sent.replace('|', '%7C')}&{chosen}", **form))
    assert "1 document and 1 toy archived" in done
    moved = words(lee.post(f"{here}/move", data=f"{chosen}&to={place_id(town, 'leeds/shed')}", **form))
    assert "Red ball” stays as it is: no toy can be moved by itself" in moved
    assert games in {node for _, node in seen(town)} - {node for who, node in seen(town) if who == "leeds/ann"}


def test_a_line_of_policy_names_one_toy_once_its_prefix_is_among_the_words_of_policy(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the ball is kept from Ann; foretold, then so, and said to be about just that."""
    line = f"deny,person:leeds/ann,read,toy:{BALL},any,any,-,It is hers no more"
    with pytest.raises(PolicyError, match="doc:ID"):
        town.set_policy("leeds", *POLICY, line)
    read_where.cache_clear()
    monkeypatch.setattr(cells, "_THING", re.compile(r"(?:doc|toy):[a-z0-9]+"))
    monkeypatch.setattr(directory, "THINGS", ("doc", "toy"))
    name, parts = "organisations/leeds.csv", town.parts
    lines = "".join(f"{each}\n" for each in (*POLICY, line))
    file = adopt(name, HEADER + lines, row(town, Place, path="leeds").id)
    with parts.database.reading() as session:
        change = audience.policy_changed(parts.snapshots.latest(session), {name: file})
        gained, lost = gained_and_lost(session, parts.snapshots, parts.kinds, TODAY, change)
    assert (gained.things, lost.things_in_words) == (0, "1 toy")
    before = seen(town)
    town.set_policy("leeds", *POLICY, line)
    assert before - seen(town) == {("leeds/ann", f"toy:{BALL}")}
    assert "It is hers no more" in words(town.client("leeds/lee").get(f"/toys/{BALL}/why?find=ann"))
    read_where.cache_clear()
