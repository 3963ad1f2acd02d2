"""Whoever policy lets make spaces makes them, manages what they make, and gets nothing else by it."""

import pytest

from hub.access.models import Grant
from tests.hub.features.sharing.conftest import grants, lede, place_id, settled, words
from tests.hub.world import World

LINES = (
    "allow,all-staff,read,leeds,only PUBLIC,published,-,Open to the sector",
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work",
    "allow,org:leeds,make-spaces,leeds,up to OFFICIAL,any,-,Anybody here may open a space",
)
FORM = {"name": "Warm homes", "audience": "private", "marking": "OFFICIAL", "about": ""}


@pytest.fixture
def allowed(town: World) -> World:
    """Leeds lets its staff make spaces; Dee's team may not."""
    town.set_policy("leeds", *LINES, "deny,group:leeds/legal,make-spaces,leeds,any,any,-,Legal asks first")
    return town


def _made(world: World, who: str, path: str) -> Grant:
    (grant,) = grants(world, path)
    assert grant.principal == f"person:{who}"
    return grant


def test_ann_makes_a_space_and_manages_just_that(allowed: World) -> None:
    ann, leeds = allowed.client("leeds/ann"), place_id(allowed, "leeds")
    assert f'href="/make/{leeds}"' in ann.get("/places/leeds").text
    assert "/new?what=space" in ann.get("/").text
    assert ann.get("/new?what=space").headers["Location"] == f"/make/{leeds}"
    asked = ann.post(f"/make/{leeds}", data=FORM)
    assert "will be shown to" in lede(asked)
    home = settled(ann, asked).headers["Location"]
    assert "Settings" in words(ann.get(home))
    grant = _made(allowed, "leeds/ann", home.removeprefix("/places/"))
    assert (grant.can, grant.marking, grant.state) == ("manage", "up to OFFICIAL", "any")
    for page in ("settings", "members", "audience/place"):
        assert ann.get(f"/{page}/{leeds}").status_code == 403
    assert ann.get(f"/make/{leeds}?kind=folder").status_code in {403, 404}
    assert ann.get(f"/make/{place_id(allowed, 'leeds/housing')}?kind=folder").status_code == 403
    refused = ann.post(f"/make/{leeds}", data=FORM | {"marking": "OFFICIAL-SENSITIVE", "name": "Too high"})
    assert "Policy does not let you make a space marked OFFICIAL-SENSITIVE here." in words(refused)


def test_whom_no_line_lets_make_one_finds_neither_form_nor_button(allowed: World) -> None:
    """Dee is denied it; Bo is of another council; Gus is a guest, of whatever lines."""
    leeds = place_id(allowed, "leeds")
    for who in ("leeds/dee", "york/bo"):
        browser = allowed.client(who)
        assert f"/make/{leeds}" not in browser.get("/places/leeds").text
        assert "/new?what=space" not in browser.get("/").text
        assert browser.get(f"/make/{leeds}").status_code == 403
        assert browser.post(f"/make/{leeds}", data=FORM).status_code == 403
    allowed.set_policy(
        "leeds",
        *LINES,
        "allow,guest:acme/gus,make-spaces,leeds,any,any,2026-12-31,x",
        "allow,guest:acme/gus,read,leeds,any,published,2026-12-31,x",
    )
    assert allowed.client("acme/gus").get(f"/make/{leeds}").status_code == 403


def test_a_line_taken_away_takes_no_space_back(allowed: World) -> None:
    ann, leeds = allowed.client("leeds/ann"), place_id(allowed, "leeds")
    home = settled(ann, ann.post(f"/make/{leeds}", data=FORM)).headers["Location"]
    allowed.set_policy("leeds", *LINES[:2])
    assert ann.get(f"/make/{leeds}").status_code == 403
    assert "Settings" in words(ann.get(home))


def test_what_is_typed_into_the_form_is_kept_for_whoever_may_make_a_space(allowed: World) -> None:
    ann, leeds = allowed.client("leeds/ann"), place_id(allowed, "leeds")
    form = ann.get(f"/make/{leeds}")
    token = form.text.partition('name="form_token" value="')[2].partition('"')[0]
    kept = ann.post(
        f"/drafts?for=/make/{leeds}?kind=space",
        data={"form_token": token, "name": "Warm homes", "writers": "organisation"},
    )
    assert kept.status_code == 200, kept.text
    assert "Warm homes" in ann.get("/").text
    again = ann.get(f"/make/{leeds}?kind=space&draft=use").text
    assert 'value="Warm homes"' in again
    assert 'name="writers" type="radio" value="organisation" checked' in again
