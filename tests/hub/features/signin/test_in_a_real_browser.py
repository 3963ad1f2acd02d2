"""Ann signs in and out in Chromium, with script and without: cookies, policies and redirects as browsers judge them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from hub.ground.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import axe_findings, serving, window
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.world import TestClock, make_parts

pytestmark = [pytest.mark.journey, pytest.mark.peers]


@pytest.fixture
def address(sqlite_database: Database, tmp_path: Path, providers) -> Iterator[str]:
    """The address of a hub that listens, with Leeds and York at certified providers."""
    worlds: list[SignInWorld] = []

    def late(*call: Any) -> Any:
        """The application: it is made when its address is known."""
        return worlds[0].app(*call)

    with EmbeddedEngine(tmp_path / "index") as engine, serving(late) as listening:
        url = listening.replace("127.0.0.1", "localhost")
        parts = make_parts(sqlite_database, engine, tmp_path, clock=TestClock(now()), public_url=url)
        world = SignInWorld(parts)
        worlds.append(world)
        world.join_provider("leeds", providers[0], base=url)
        world.join_provider("york", providers[1], base=url)
        world.expect("leeds/ann-archer", "ann")
        world.expect("york/ann-archer", "ann")
        yield url


def prove(page: Page) -> None:
    """Fill in the provider's own pages."""
    page.fill("input[name=login]", "ann")
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")
    page.click("button[type=submit]")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("city", ["Leeds", "York"])
def test_ann_signs_in_and_out_in_a_browser(address, chromium: Browser, script, city) -> None:
    """P-01: from the page that she asked for to that page; no script needed; our policies stop nothing."""
    with window(chromium, java_script_enabled=script, quiet_about=(404,)) as page:
        page.route(re.compile(r"^https://"), lambda route: route.fulfill(body=""))  # the provider's fonts are far away
        page.goto(f"{address}/places/{city.lower()}")
        assert page.url.startswith(f"{address}/sign-in?next=")
        page.click(f"text={city} City Council")
        page.wait_for_selector("input[name=login]")
        assert not page.url.startswith(address)
        prove(page)
        page.wait_for_url(f"{address}/places/{city.lower()}")
        assert page.inner_text("h1") == f"{city} City Council"

        page.click(".hub-headmenu--person > summary")
        page.click("text=Sign out")
        page.wait_for_selector("text=Do you want to sign-out")
        page.click("button[value=yes]")
        page.wait_for_url(f"{address}/signed-out?state=*")
        assert f"and of {city} City Council" in page.inner_text("main")
        page.goto(f"{address}/places/{city.lower()}")
        assert "/sign-in?next=" in page.url


def test_the_pages_of_signing_in_have_no_axe_findings(address, chromium: Browser) -> None:
    """P-01: by axe, what is found and what is not."""
    with window(chromium, quiet_about=(400, 404)) as page:
        for path in ("/sign-in", "/sign-in?q=nobody", "/signed-out"):
            page.goto(address + path)
            assert axe_findings(page) == [], path
        page.route(re.compile(r"^https://"), lambda route: route.fulfill(body=""))
        page.goto(f"{address}/sign-in")
        with page.expect_request(re.compile("redirect_uri=")) as sent:
            page.click("text=York City Council")
        page.wait_for_selector("input[name=login]")
        callback = parse_qs(urlsplit(sent.value.url).query)["redirect_uri"][0]
        page.goto(f"{callback}?error=access_denied")
        assert page.inner_text("h1") == "You are not signed in"
        assert axe_findings(page) == []
