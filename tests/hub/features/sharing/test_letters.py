"""The letter to somebody who was given a place by hand."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from hub.access.models import Place
from hub.ground.db import Database
from tests.hub.mail.conftest import MailWorld
from tests.hub.once import Begin

STAFF = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read our work"


def the_town(world: MailWorld) -> None:
    """Mo manages a private space of Leeds called “Merger”; Ann works there, Bo at York; Gus is a guest from Acme."""
    world.add_organisation("leeds", STAFF, name="Leeds City Council")
    world.add_organisation("york", "allow,all-staff,read,york,any,published,-,York is open")
    world.add_organisation("acme", "allow,all-staff,read,acme,any,published,-,Acme is open")
    for handle in ("leeds/ann", "leeds/mo", "york/bo"):
        world.add_person(handle, name=handle.partition("/")[2].title())
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/merger", "private", name="Merger")
    world.give("person:leeds/mo", "manage", "leeds/merger")


@pytest.fixture
def town(begin: Begin, database: Database) -> MailWorld:
    world = begin(the_town, database, MailWorld)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def give(town: MailWorld, who: str, **more: str) -> None:
    """Mo adds somebody in the browser, and agrees to what that shows."""
    mo: FlaskClient = town.client("leeds/mo")
    with town.parts.database.reading() as session:
        place = session.scalars(select(Place.id).where(Place.path == "leeds/merger")).one()
    sent = {"who": who, "role": "reader", "until": "", "reason": "We merge"} | more
    answer = mo.post(f"/members/{place}/add", data=sent)
    if answer.status_code == 200:
        form = html.fromstring(answer.text).xpath("//div[@class='hub-buttons']/form")[0]
        answer = mo.post(form.action, data=dict(form.form_values()))
    assert answer.status_code == 303, answer.text


def test_ann_is_told_by_whom_and_where(town: MailWorld) -> None:
    give(town, "person:leeds/ann")
    (letter,) = town.letters()
    assert (letter.address, letter.link) == ("ann@leeds.example", "/places/leeds/merger")
    assert letter.lines == "Mo of Leeds City Council has given you access to a place in the hub."
    assert "erger" not in letter.subject + letter.lines
    assert town.client("leeds/ann").get(letter.link).status_code == 200


def test_a_guest_is_told_until_when_and_who_is_their_sponsor(town: MailWorld) -> None:
    give(town, "guest:acme/gus", until="2026-12-31")
    (letter,) = town.letters()
    assert letter.lines == (
        "Mo of Leeds City Council has given you access to a place in the hub until 31 December 2026."
    )


def test_a_giver_whom_the_receiver_may_not_see_is_not_named(town: MailWorld) -> None:
    """Bo of York sees nobody of Leeds."""
    give(town, "person:york/bo", until="2026-12-31")
    (letter,) = town.letters()
    assert letter.lines == "Somebody who manages it has given you access to a place in the hub until 31 December 2026."


def test_whom_policy_keeps_out_all_the_same_learns_nothing(town: MailWorld) -> None:
    town.set_policy("leeds", STAFF, "deny,person:york/bo,read,leeds,any,any,-,Not him")
    give(town, "person:york/bo")
    assert town.letters() == []


def test_no_letters_go_to_organisations_nor_to_oneself(town: MailWorld) -> None:
    give(town, "org:york")
    give(town, "person:leeds/mo", role="manager")
    assert town.letters() == []
