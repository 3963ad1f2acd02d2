"""Hana writes while her session ends, while Ivo signs in, and while the hub is restarted: she loses no word."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from hub.access.models import Place, SignedInSession
from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import _Quiet, axe_findings, serving
from tests.hub.demo.browser import free_port
from tests.hub.world import World, make_parts
from tests.journeys.test_writing import LEEDS
from tests.journeys.visit import MODES, Visit, shots_folder, visit

pytestmark = pytest.mark.journey

TEXT = "## Sandbags\n\nRing the depot, and ask for Łukasz."
PATIENCE = 30_000


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Hana and Ivo keep the housing space of Leeds."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", *LEEDS)
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
        world.add_person("leeds/ivo", "leeds/housing", name="Ivo Brown")
        world.add_space("leeds/housing", "restricted", name="Housing")
        yield world


def form_of(world: World) -> str:
    with world.parts.database.reading() as session:
        return f"/upload/{session.query(Place).filter_by(path='leeds/housing').one().id}?as=text"


def sign_in(world: World, page: Page, url: str, who: str) -> None:
    """Somebody signs in in another window of the same browser."""
    name = world.app.config["SESSION_COOKIE_NAME"]
    cookie = world.client(who).get_cookie(name)
    assert cookie is not None
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": url}])


@pytest.mark.parametrize("mode", ["desk", "without-script"])
def test_the_session_ends_somebody_else_signs_in_and_hana_saves_every_word(
    chromium: Browser, town: World, mode: str
) -> None:
    with serving(town.app) as url, visit(chromium, town, url, "leeds/hana", mode, shots_folder(mode)) as hana:
        hana.go(form_of(town))
        hana.write(Title="Flood plan", Text=TEXT)
        with town.work() as uow:
            uow.session.execute(update(SignedInSession).values(ended_at=uow.now))
        said = refused(hana, "Save as a draft")
        assert "Sign in again to go on" in said
        assert hana.page.get_by_label("Text").input_value() == TEXT
        sign_in(town, hana.page, url, "leeds/ivo")
        said = refused(hana, "Go on")
        assert "Somebody else is signed in" in said
        assert "Łukasz" not in hana.page.content()
        sign_in(town, hana.page, url, "leeds/hana")
        said = refused(hana, "I wrote it: show it to me")
        assert "Nothing of it is saved yet" in said
        assert hana.page.get_by_label("Text").input_value() == TEXT
        assert "Only you and those who may edit in Housing can see this draft." in hana.press("Send it again")
        assert "Łukasz" in hana.page.locator("main").inner_text()


def refused(who: Visit, button: str) -> str:
    """Press a button whose answer is a refusal."""
    with who.page.expect_response(lambda answer: answer.status == 403):
        return who.press(button)


@contextmanager
def at(world: World, port: int) -> Iterator[str]:
    """The hub at an address that stays."""
    server = make_server("127.0.0.1", port, world.app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_hub_is_killed_while_hana_types_and_offers_what_she_typed_when_it_is_back(
    chromium: Browser, town: World
) -> None:
    port, form = free_port(), form_of(town)
    context = chromium.new_context(**MODES["desk"])  # the browser complains of a hub that is away, and rightly
    page = context.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    said = page.locator("form .hub-draft")
    with at(town, port) as url:
        sign_in(town, page, url, "leeds/hana")
        page.goto(f"{url}{form}")
        page.get_by_label("Title").press_sequentially("Flood plan")
        expect(said).to_have_text("Saved 10:00, for you alone", timeout=PATIENCE)
    page.get_by_label("Text").press_sequentially("Ring the depot.")
    expect(said).to_contain_text("Not saved yet: the hub cannot be reached", timeout=PATIENCE)
    with at(town, port) as url:
        expect(said).to_have_text("Saved 10:00, for you alone", timeout=PATIENCE)
        page.get_by_label("Text").press_sequentially(" Twice.")
        page.reload()
        assert asked == ["beforeunload"]  # what was typed last is not kept yet
        page.goto(f"{url}/")
        page.get_by_role("link", name="You were typing “Flood plan” in Housing").click()
        assert page.get_by_label("Text").input_value().startswith("Ring the depot.")
        assert axe_findings(page) == []
        page.goto(f"{url}{form}")
        page.get_by_role("link", name="Go on with it").click()
        page.get_by_role("button", name="Save as a draft").click()
        assert "Ring the depot." in page.locator("main").inner_text()
        page.goto(f"{url}/")
        assert "You were typing" not in page.locator("main").inner_text()
        assert asked == ["beforeunload"]
    context.close()
