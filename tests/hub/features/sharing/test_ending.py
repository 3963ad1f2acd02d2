"""Access that ends within two weeks is told to whoever has it, and to those who could give it for longer."""

from datetime import date, timedelta

from tests.hub.features.sharing.conftest import place_id, words
from tests.hub.world import World

TODAY = date(2026, 10, 20)


def test_ann_is_told_before_her_access_ends_and_mo_can_give_it_for_longer(town: World) -> None:
    """And nobody else, nor of what ends later."""
    town.give("person:leeds/ann", "read", "leeds/housing", until=TODAY + timedelta(days=14))
    town.give("person:york/bo", "read", "leeds/housing", until=TODAY + timedelta(days=3))
    town.give("person:york/cy", "read", "leeds/housing", until=TODAY + timedelta(days=15))
    home = words(town.client("leeds/ann").get("/"))
    assert "Your access to “Housing” ends on 3 November 2026." in home
    assert "person or group" not in home
    assert "people and groups" not in home
    mo = town.client("leeds/mo").get("/")
    assert "The access of 2 people and groups to “Housing” ends within two weeks, first on 23 October 2026." in words(
        mo
    )
    assert f'href="/members/{place_id(town, "leeds/housing")}"' in mo.text
    for other in ("york/cy", "leeds/dee"):
        assert "Housing” ends" not in words(town.client(other).get("/")), other


def test_a_guest_is_told_once_and_what_was_taken_back_or_is_over_is_not_told(town: World) -> None:
    town.give("guest:acme/gus", "read", "leeds/housing", until=TODAY + timedelta(days=3), source="guest")
    gus = words(town.client("acme/gus").get("/"))
    assert gus.count("23 October 2026") == 1
    assert "The access of 1 person or group" in words(town.client("leeds/mo").get("/"))
    town.give("person:leeds/ann", "read", "leeds/housing", until=TODAY - timedelta(days=1))
    assert "Your access" not in words(town.client("leeds/ann").get("/"))
