"""Old addresses: whoever may see a place is led on from where it was; for everyone else they are not there."""

import pytest
from sqlalchemy import select

from hub.access.models import FormerPath
from tests.app.test_absent_and_forbidden import told
from tests.hub.features.sharing.conftest import agree, place_id
from tests.hub.world import World


def moved(town: World, path: str, to: str, slug: str = "") -> None:
    """Lee moves a place; what is asked is agreed to."""
    lee, slug = town.client("leeds/lee"), slug or path.rpartition("/")[2]
    sent = {"to": place_id(town, to), "slug": slug}
    answer = lee.post(f"/move/{place_id(town, path)}", data=sent)
    while answer.status_code == 200:
        answer = agree(lee, answer)
    assert answer.status_code == 303


@pytest.fixture
def works(town: World) -> World:
    """The works of Leeds, with a folder, and estates to which they move; Ann reads both."""
    town.add_space("leeds/works", "restricted")
    town.give("org:leeds", "read", "leeds/works")
    town.add_folder("leeds/works/damp")
    town.add_space("leeds/estates", "restricted")
    return town


def test_ann_follows_an_old_link_to_a_place_that_moved_and_moved_again(works: World) -> None:
    """With the page of the list that it named; and one that lies below a place that moved."""
    moved(works, "leeds/works", "leeds/estates")
    moved(works, "leeds/estates/works", "leeds/estates", "repairs")
    ann = works.client("leeds/ann")
    for old in ("leeds/works", "leeds/estates/works"):
        answer = ann.get(f"/places/{old}?page=1")
        assert (answer.status_code, answer.location) == (302, "/places/leeds/estates/repairs?page=1")
        assert ann.get(f"/places/{old}/damp").location == "/places/leeds/estates/repairs/damp"
        assert ann.get(f"/places/{old}", follow_redirects=True).status_code == 200


def test_whoever_may_not_see_the_place_finds_nothing_at_its_old_address_byte_for_byte(works: World) -> None:
    """Made confidential after the move: its old and new address answer Ann and Bo like one that never was (L25)."""
    moved(works, "leeds/works", "leeds/estates")
    works.set_audience("leeds/estates/works", "confidential")
    for who in ("york/bo", "acme/gus", ""):
        client = works.client(who)
        absent = told(client.get("/places/leeds/nothing"))
        for path in ("leeds/works", "leeds/works/damp", "leeds/estates/works"):
            seen = told(client.get(f"/places/{path}"))
            if not who:  # a stranger is sent to sign in, and back to what they asked for
                assert seen[0] == absent[0] == 303
                continue
            assert seen == absent, (who, path)


def test_a_new_place_wins_its_address_for_those_who_may_see_it_and_gives_nothing_away_to_others(works: World) -> None:
    """Dee's confidential space took the old address: she gets it, Ann is led on as if nothing were there (L25)."""
    moved(works, "leeds/works", "leeds/estates")
    ann = works.client("leeds/ann")
    before = told(ann.get("/places/leeds/works"))
    works.add_space("leeds/works", "confidential", name="Reorganisation")
    works.give("person:leeds/dee", "read", "leeds/works")
    assert told(ann.get("/places/leeds/works")) == before
    assert "Reorganisation" in works.client("leeds/dee").get("/places/leeds/works").text


def test_the_last_place_that_left_an_address_has_it(works: World) -> None:
    """Two places lived there one after the other; back home again, a place answers there itself."""
    moved(works, "leeds/works", "leeds/estates", "first")
    works.add_space("leeds/works", "open", name="Second works")
    moved(works, "leeds/works", "leeds/estates", "second")
    ann = works.client("leeds/ann")
    assert ann.get("/places/leeds/works").location == "/places/leeds/estates/second"
    moved(works, "leeds/estates/first", "leeds", "works")
    assert ann.get("/places/leeds/works").status_code == 200
    assert ann.get("/places/leeds/estates/first").location == "/places/leeds/works"


def test_a_deleted_place_takes_its_old_addresses_with_it(works: World) -> None:
    works.add_folder("leeds/works/scrap")
    moved(works, "leeds/works/scrap", "leeds/works/damp")
    lee, scrap = works.client("leeds/lee"), place_id(works, "leeds/works/damp/scrap")
    assert agree(lee, lee.get(f"/delete/{scrap}")).location == "/places/leeds/works/damp"
    assert lee.get("/places/leeds/works/scrap").status_code == 404
    with works.parts.database.reading() as session:
        assert session.scalars(select(FormerPath)).all() == []
