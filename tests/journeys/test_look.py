"""How the demo looks to several people: every kind of page that they reach, on a desk, by night, on a small phone."""

import re
from collections import Counter, deque
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from hub.ground.db import Database
from hub.web.busy import refusals
from search.embedded import EmbeddedEngine
from tests.browser import axe_findings, serving, window
from tests.hub.demo.test_command import Demo
from tests.hub.world import World, make_parts
from tests.journeys.hub import eventually, hub, signed_in

__all__ = ["hub"]

pytestmark = pytest.mark.journey
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
ABSENT = "/nothing-here"
LEFT_OUT = re.compile(r"/static/|/sign-out|/file$|/revisions/\d+/file")
PEOPLE = (
    ("Leeds", "Daniel Whitaker", 40),
    ("Leeds", "Tomasz Nowak", 30),
    ("Acme", "Maria Lopez", 15),
)
"""An administrator, somebody who manages a space, a guest; and how many pages each looks at, at most."""


def kind(path: str) -> str:
    """What is left of an address without the names in it."""
    shape = re.sub(r"/(places|people)/[a-z0-9/-]+?(?=/(?:new|members|audience|settings|move|search)|$)", r"/\1/*", path)
    shape = re.sub(r"/[a-z][a-z0-9]{11}(?=/|$)", "/*", shape)
    return re.sub(r"/admin/[a-z0-9-]+(/[a-z]+)?(/[^/?]+)?", r"/admin/*\1", re.sub(r"/\d+", "/1", shape)).partition("?")[
        0
    ]


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands, by day, by night and on a small phone."""
    found = axe_findings(page)
    heading = page.locator("main h1")
    if heading.count() != 1 or not page.title().strip(" –"):
        found.append(f"{heading.count()} headings, called {page.title()!r}")
    inline = page.locator("[style], style, script:not([src])").count()
    if inline:
        found.append(f"{inline} inline styles or scripts")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"by night: {one}" for one in axe_findings(page, rules=("color-contrast",))]
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        found.append(f"{width} pixels wide on a phone of {PHONE['width']}")
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def look_around(page: Page, demo: Demo, most: int, starts: tuple[str, ...]) -> tuple[dict[str, list[str]], list[str]]:
    """Follow links from page to page, one of each kind; what is wrong by address, and all that was seen."""
    waiting, seen, kinds = deque(starts), list[str](), Counter[str]()
    wrong: dict[str, list[str]] = {}
    while waiting and len(seen) < most:
        path = waiting.popleft()
        if path in seen or kinds[kind(path)] or LEFT_OUT.search(path):
            continue
        answer = page.goto(f"{demo.url}{path}")
        seen.append(path)
        kinds[kind(path)] += 1
        # 409: a page that says why something cannot be done now, such as deleting a space with documents
        if answer is None or answer.status not in ({404} if path == ABSENT else {200, 409}):
            wrong[path] = [f"answered by {answer and answer.status}"]
            continue
        if found := faults(page):
            wrong[path] = found
        for href in page.eval_on_selector_all("a[href]:not([download])", "all => all.map((one) => one.href)"):
            there = urlsplit(urljoin(demo.url, href))
            if f"{there.scheme}://{there.netloc}" == demo.url:
                waiting.append(f"{there.path}{f'?{there.query}' if there.query else ''}")
    return wrong, seen


@pytest.mark.parametrize(("organisation", "person", "most"), PEOPLE, ids=[one[1] for one in PEOPLE])
def test_every_kind_of_page_can_be_read_by_day_by_night_and_on_a_phone(
    chromium: Browser, hub: tuple[Demo, Path], organisation: str, person: str, most: int
) -> None:
    demo, _ = hub
    with signed_in(chromium, demo, organisation, person, quiet_about=(404, 409), viewport=DESK) as page:
        eventually(page, f"{demo.url}/search?q=flood", lambda p: p.locator("main h3").count() > 0)
        wrong, seen = look_around(page, demo, most, ("/", "/search?q=flood", "/search?q=zzzz", ABSENT))
    assert wrong == {}
    assert len(seen) >= most // 3, seen


def test_what_a_stranger_sees_can_be_read_too(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    demo, _ = hub
    with window(chromium, quiet_about=(404,), viewport=DESK) as page:
        wrong, seen = look_around(page, demo, 20, ("/sign-in", "/sign-in?q=leeds", "/signed-out", "/demo"))
    assert wrong == {}
    assert len(seen) >= 7, seen


def test_what_people_are_told_by_a_hub_that_is_too_busy_can_be_read_too(
    chromium: Browser, sqlite_database: Database, tmp_path: Path
) -> None:
    """The answers that are made as a hub starts, each at an address of its own."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        app = World(make_parts(sqlite_database, engine, tmp_path)).app
        answers = {f"/busy/{number}": each for number, each in enumerate(refusals(app, https=False).values())}

        def busy(environ: Any, start: Any) -> Any:
            answer = answers.get(environ["PATH_INFO"])
            if answer is None:
                return app(environ, start)
            start(answer.status, list(answer.headers))
            return [answer.body]

        with serving(busy) as url, window(chromium, quiet_about=(429, 503), viewport=DESK) as page:
            for path, answer in answers.items():
                seen = page.goto(f"{url}{path}")
                assert seen is not None
                assert seen.status == int(answer.status[:3])
                assert "The hub is very busy" in page.inner_text("main h1")
                assert faults(page) == []
    assert sorted(answer.status[:3] for answer in answers.values()) == ["429", "429", "503", "503"]
