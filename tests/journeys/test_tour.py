"""The tour in Chromium: a newcomer walks it by its buttons alone, then signs in from it, and nobody else is told."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe_findings, window
from tests.hub.demo.test_command import Demo
from tests.journeys.hub import eventually, hub

__all__ = ["hub"]

pytestmark = pytest.mark.journey
CANARY = re.compile("KESTREL", re.IGNORECASE)


def press(page: Page, name: str) -> None:
    """A button or link of the page's own part."""
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def column(page: Page, name: str) -> str:
    """What one person sees."""
    return page.get_by_role("region", name=name, exact=True).inner_text()


def ready(page: Page, demo: Demo) -> None:
    """The first page, once search knows everything."""
    eventually(page, f"{demo.url}/demo", lambda p: p.get_by_text("still reading its documents").count() == 0)


def walk(page: Page, demo: Demo, *, look: bool) -> None:
    """All seven steps and the end; `look` has axe judge each."""

    def next_step(path: str) -> None:
        page.locator("main a[rel=next]").click()
        page.wait_for_url(f"{demo.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert not look or axe_findings(page) == [], path

    ready(page, demo)
    next_step("/demo/1")
    assert "Ben alone finds" in column(page, "Ben Atkinson")
    assert "6 results" in column(page, "Maria Lopez")
    next_step("/demo/2")
    press(page, "Ask why, for all four")
    assert "Leeds shares its flood plan with York" in column(page, "Ben Atkinson")
    assert "ended on 31 December 2025" in column(page, "Tom Quarmby")
    next_step("/demo/3")
    assert "3 results" in column(page, "Helen Braithwaite")
    assert "Nothing found" in column(page, "Daniel Whitaker")
    next_step("/demo/4")
    assert "6 results" in column(page, "Ben Atkinson")
    press(page, "Take York’s line out")
    assert "Nothing found" in column(page, "Ben Atkinson")
    assert "6 results" in column(page, "Priya Sharma")
    next_step("/demo/5")
    press(page, "Put York’s line back")
    assert "6 results" in column(page, "Ben Atkinson")
    next_step("/demo/6")
    assert "This shows 1 document to 8 people in 1 organisation" in page.locator("main").inner_text()
    press(page, "Share it with York")
    assert "Can read it" in column(page, "Ben Atkinson")
    next_step("/demo/7")
    assert "22 of 44 people" in page.locator("main").inner_text()
    next_step("/demo/end")
    assert "hub organisation add" in page.locator("main").inner_text()
    press(page, "Put everything back")
    assert "Everything is as it was" in page.locator("main").inner_text()


def test_a_newcomer_walks_the_tour_and_then_is_ben_who_finds_no_canary(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """Every step by its button, axe on each; then a direct sign-in, and a crawl of all that Ben can reach."""
    demo, folder = hub
    with window(chromium, viewport={"width": 1280, "height": 900}, quiet_about=(404,)) as page:
        walk(page, demo, look=True)
        page.goto(f"{demo.url}/demo/1")
        press(page, "Sign in as Ben")
        page.wait_for_url(f"{demo.url}/search?q=flood&kind=document")
        assert "Ben Atkinson" in page.locator("header").inner_text()
        assert crawled(page, demo) >= 20
    policy = folder / "policies" / "organisations" / "leeds.csv"
    assert "allow,org:york,read,leeds/joint-flood-plan" in policy.read_text("utf-8")


def test_the_tour_on_a_small_phone_without_script(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    """320 px: the same walk, and nothing to scroll sideways."""
    demo, _ = hub
    with window(chromium, viewport={"width": 320, "height": 640}, java_script_enabled=False) as page:
        walk(page, demo, look=False)


def crawled(page: Page, demo: Demo) -> int:
    """Follow every link from home as the one who is signed in; the tour itself, open to all, tells of its canary."""
    waiting, seen = ["/", "/organisations", "/search?q=KESTREL", "/search?q=legal"], set[str]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = page.request.get(f"{demo.url}{path}")
        text = answer.text()
        told = CANARY.findall(text.replace("q=KESTREL", "").replace('value="KESTREL"', ""))
        assert path.startswith("/search?q=KESTREL") or not told, path
        assert "opening note" not in text, path
        links = re.findall(r'href="(/(?:places|documents|people|organisations|search)[^"#]*)"', text)
        waiting += [link.replace("&amp;", "&") for link in links if not link.endswith("/file")]
    return len(seen)


MOST = 120
"""Pages that a crawl looks at."""
