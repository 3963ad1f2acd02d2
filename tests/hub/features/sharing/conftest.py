"""Leeds, York and a supplier, who manages what there, and what people do on the pages of sharing."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from hub.access.models import Grant, Place
from hub.ground.db import Database
from tests.hub.once import Begin
from tests.hub.world import World


def the_town(world: World) -> None:
    """Leeds, where Mo manages the housing space and Lee the whole council, York next door, and Acme's Gus, a guest."""
    for slug in ("leeds", "york", "acme"):
        world.add_organisation(
            slug,
            f"allow,all-staff,read,{slug},only PUBLIC,published,-,Open to the sector",
            f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read our work",
            *([f"allow,person:leeds/lee,manage,{slug},any,any,-,Lee looks after it"] if slug == "leeds" else ()),
        )
    for handle in ("leeds/ann", "leeds/lee", "leeds/mo", "york/bo", "york/cy"):
        world.add_person(handle)
    world.add_person("leeds/dee", "leeds/legal")
    world.add_person("acme/gus", kind="guest")
    world.add_space("leeds/housing", "private", name="Housing")
    world.give("person:leeds/mo", "manage", "leeds/housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def place_id(world: World, path: str) -> str:
    with world.parts.database.reading() as session:
        return session.scalars(select(Place.id).where(Place.path == path)).one()


def grants(world: World, path: str) -> list[Grant]:
    node = place_id(world, path)
    with world.parts.database.reading() as session:
        wanted = select(Grant).where(Grant.node == node, Grant.ended_at.is_(None))
        return list(session.scalars(wanted.order_by(Grant.created_at, Grant.id)))


def agree(client: FlaskClient, asked: TestResponse) -> TestResponse:
    """Press the button of a page that asks."""
    assert asked.status_code == 200, asked.text
    form = html.fromstring(asked.text).xpath("//div[@class='hub-buttons']/form")[0]
    return client.post(form.action, data=dict(form.form_values()))


def settled(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Press the button, where something is asked first."""
    return agree(client, answer) if answer.status_code == 200 else answer


def fields(response: TestResponse) -> dict[str, str]:
    """What the form of a page would send as it stands, but for its radio buttons."""
    form = html.fromstring(response.text).xpath("//main//form[@method='post']")[-1]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def lede(response: TestResponse) -> str:
    return " ".join(html.fromstring(response.text).xpath("//p[@class='hub-lede']")[0].text_content().split())


def words(response: TestResponse) -> str:
    """What the main part of a page says."""
    return " ".join(" ".join(html.fromstring(response.text).xpath("//main")[0].itertext()).split())


def undo(client: FlaskClient, page: str) -> TestResponse:
    """Press Undo of the last thing that the page says has just been done."""
    shown = client.get(page)
    forms = [f for f in html.fromstring(shown.text).iter("form") if "Undo" in f.text_content()]
    assert forms, words(shown)
    return client.post(forms[-1].get("action"), data=dict(forms[-1].form_values()))


@pytest.fixture
def queries(database: Database) -> list[str]:
    """The statements that the database is given."""
    found: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: found.append(a[2]))
    return found
