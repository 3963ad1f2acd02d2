"""A noun that is one value is found, fenced, judged and counted as documents are, by code that never heard of it."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from hub.access.models import Fence
from hub.access.places import set_audience
from hub.ground.db import Database
from hub.nouns.kinds import KINDS
from hub.running.indexing import rebuild
from hub.things.kinds import Kinds
from hub.upkeep.work import look_at_index
from tests.hub.once import Begin
from tests.hub.things.toys import BALL, TOY, WHISTLE, Toy, add_toy, make_tables
from tests.hub.world import World

KEPT = "allow,group:leeds/wardens,read,leeds/play,up to OFFICIAL-SENSITIVE,any,-,Wardens keep the rest"


def the_town(world: World) -> None:
    """Leeds has a place to play, with a ball for all staff and a whistle for wardens."""
    make_tables(world)
    world.add_organisation("leeds")
    world.add_person("leeds/ann")
    world.add_person("leeds/wyn", "leeds/wardens")
    world.add_space("leeds/play")
    world.add_space("leeds/shed", "private")
    world.set_policy("leeds", KEPT)
    add_toy(world, BALL, "leeds/play", "Red ball", "Throw the ball over the flood wall.", owner="person:leeds/wyn")
    add_toy(world, WHISTLE, "leeds/play", "Whistle", "Blow when it floods.", marking="OFFICIAL-SENSITIVE")
    world.add_document("leeds/play", "Flood games", "Rules of the flood.")
    world.index_all()


@pytest.fixture
def town(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_town, sqlite_database, kinds=Kinds(*KINDS, TOY))


def found(world: World, handle: str, words: str = "flood", **asked: str) -> list[str]:
    return sorted(hit.id.partition(":")[0] + ":" + _title(hit) for hit in world.ask(handle, words, **asked).hits)


def _title(hit: object) -> str:
    return "".join(text for text, _ in hit.title)  # type: ignore[attr-defined]


def test_ann_finds_the_ball_and_nothing_tells_her_of_the_whistle(town: World) -> None:
    assert found(town, "leeds/ann") == ["doc:Flood games", "toy:Red ball"]
    assert found(town, "leeds/wyn") == ["doc:Flood games", "toy:Red ball", "toy:Whistle"]
    answer = town.ask("leeds/ann", "flood")
    assert [(option.value, option.count) for option in answer.facets["kind"]] == [("document", 1), ("toy", 1)]
    assert "toy" not in {option.value for option in answer.facets["type"]}


def test_the_ball_is_shown_with_its_address_its_owner_and_where_it_lies(town: World) -> None:
    (ball,) = town.ask("leeds/ann", "ball", kind="toy").hits
    assert (ball.href, ball.owner, ball.marking, ball.state) == (
        f"/toys/{BALL}",
        "Wyn of Leeds City Council",
        "OFFICIAL",
        "published",
    )
    assert ball.space is not None
    assert ball.space.path == "leeds/play"


def test_one_asks_for_toys_alone_and_for_nothing_that_is_no_kind(town: World) -> None:
    assert found(town, "leeds/ann", kind="toy") == ["toy:Red ball"]
    assert found(town, "leeds/ann", kind="canary") == ["doc:Flood games", "toy:Red ball"]
    assert "Red ball" in town.client("leeds/ann").get("/search?q=flood&kind=toy").get_data(as_text=True)


def test_what_the_index_holds_of_it_is_judged_once_more(town: World) -> None:
    with town.work() as uow:
        values = {"marking": "OFFICIAL-SENSITIVE", "ms": "OFFICIAL-SENSITIVE.published"}
        uow.session.execute(update(Toy).where(Toy.id == BALL).values(**values))
    assert found(town, "leeds/ann") == ["doc:Flood games"]


def test_a_fence_hides_it_until_the_index_has_it(town: World) -> None:
    with town.work() as uow:
        uow.session.add(Fence(node=f"toy:{BALL}", message_id=uow.enqueue(f"toy:{BALL}")))
    assert found(town, "leeds/ann") == ["doc:Flood games"]
    town.index_all()
    assert found(town, "leeds/ann") == ["doc:Flood games", "toy:Red ball"]


def test_a_place_that_closes_takes_its_toys_along_and_brings_them_back(town: World) -> None:
    there = found(town, "leeds/ann")
    for audience, expected in (("private", []), ("open", there)):
        with town.work() as uow:
            set_audience(uow, town._place(uow, "leeds/play"), audience)
        if audience == "private":  # at once, before the index knows
            assert found(town, "leeds/ann") == []
        town.index_all()
        assert found(town, "leeds/ann") == expected


def test_one_that_is_gone_leaves_the_index(town: World) -> None:
    with town.work() as uow:
        uow.session.execute(delete(Toy).where(Toy.id == BALL))
        uow.enqueue(f"toy:{BALL}")
    assert found(town, "leeds/ann") == ["doc:Flood games"]
    town.index_all()
    assert found(town, "leeds/wyn", "ball") == []


def test_an_index_built_anew_holds_them_and_the_doctor_counts_them(town: World) -> None:
    assert rebuild(town.parts) == 8
    assert found(town, "leeds/ann") == ["doc:Flood games", "toy:Red ball"]
    assert look_at_index(town.parts).says == "The index and the database agree."
    with town.work() as uow:
        uow.session.execute(update(Toy).where(Toy.id == WHISTLE).values(name="Trumpet"))
    assert f"toy:{WHISTLE} is another state of it" in look_at_index(town.parts).says
    with town.work() as uow:
        uow.session.execute(delete(Toy))
    assert "0 of kind toy in the database, 2 in the index" in look_at_index(town.parts).says


def test_a_hub_that_does_not_know_the_kind_any_more_shows_none_of_it(town: World) -> None:
    town.parts = replace(town.parts, kinds=KINDS)
    assert found(town, "leeds/ann") == ["doc:Flood games"]
