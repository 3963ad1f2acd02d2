"""The tour in Chromium: a newcomer walks it by its buttons alone; then each of its eight steps, as the people in it.

Every story ends with a crawl of all that one of them can reach, in which there is nothing that they must not learn.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe_findings, window
from tests.hub.demo.test_command import Demo
from tests.journeys.crawl import finds, finds_nothing
from tests.journeys.hub import eventually, hub, signed_in

__all__ = ["hub"]

pytestmark = pytest.mark.journey
LEEDS, YORK, ACME = "Leeds City Council", "City of York Council", "Acme Civil Engineering"
CODE_WORD = "KESTREL"
"""Of a case of Leeds' lawyers: for two people alone."""
PLAN, ROTA = "joint flood plan for the aire", "river watch: who looks at the gauges"
"""What York reads because of a line of policy, and what it does not until it is shared; as titles begin."""


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
    """All eight steps and the end; `look` has axe judge each."""

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
    assert "4 results" in column(page, "Helen Braithwaite")
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
    next_step("/demo/8")
    assert "Tenants switch off the new fans" in column(page, "Yasmin Akhtar")
    assert "Nothing found" in column(page, "Tom Hargreaves")
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
        finds_nothing(page, demo.url, [CODE_WORD, "opening note"], least=20)
    policy = folder / "policies" / "organisations" / "leeds.csv"
    assert "allow,org:york,read,leeds/joint-flood-plan" in policy.read_text("utf-8")


@contextmanager
def step(browser: Browser, demo: Demo, number: int) -> Iterator[Page]:
    """A newcomer at a step of the tour, which is put back to its beginning afterwards."""
    with window(browser, viewport={"width": 1280, "height": 900}, quiet_about=(404,)) as page:
        ready(page, demo)
        page.goto(f"{demo.url}/demo/{number}")
        try:
            yield page
        finally:
            page.goto(f"{demo.url}/demo/end")
            if page.get_by_role("button", name="Put everything back").count():
                press(page, "Put everything back")


def test_1_ben_and_maria_ask_the_same_and_learn_nothing_of_each_other(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """One search, three people: what each finds on a page of their own is what the tour shows."""
    demo, _ = hub
    with step(chromium, demo, 1) as tour:
        shown = column(tour, "Maria Lopez")
        with signed_in(chromium, demo, ACME, "Maria Lopez", "/search?q=flood&kind=document") as maria:
            assert "6 results" in shown
            assert "6 results" in maria.locator("main").inner_text()
            finds_nothing(maria, demo.url, [CODE_WORD, ROTA])


def test_2_four_people_are_told_why_and_the_reason_tells_ben_no_more_than_that(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """Why can I see this: the sentence of the tour is the one on Ben's own page."""
    demo, _ = hub
    with step(chromium, demo, 2) as tour:
        press(tour, "Ask why, for all four")
        assert "Leeds shares its flood plan with York" in column(tour, "Ben Atkinson")
        with signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
            assert any(path.startswith("/documents/") for path in finds(ben, demo.url, PLAN))
            finds_nothing(ben, demo.url, [CODE_WORD, ROTA])


def test_3_helen_finds_the_code_word_and_daniel_who_administers_leeds_does_not(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """A word that only Legal finds: not a result, a count, a facet, a name of a space."""
    demo, _ = hub
    with step(chromium, demo, 3) as tour:
        assert "4 results" in column(tour, "Helen Braithwaite")
        assert "Nothing found" in column(tour, "Daniel Whitaker")
        with signed_in(chromium, demo, LEEDS, "Helen Braithwaite") as helen:
            case = [path for path in finds(helen, demo.url, CODE_WORD) if path.startswith("/documents/")]
            assert case
        with signed_in(chromium, demo, LEEDS, "Daniel Whitaker") as daniel:
            finds_nothing(daniel, demo.url, [CODE_WORD, "opening note"], told=case, least=20)


def test_4_yorks_line_is_taken_out_and_ben_finds_no_trace_of_the_plan(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """Ben was in it a moment ago, and has its addresses; the next click is the first without."""
    demo, _ = hub
    with step(chromium, demo, 4) as tour, signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
        told = [path for path in finds(ben, demo.url, PLAN) if not path.startswith("/search")]
        press(tour, "Take York’s line out")
        assert "Nothing found" in column(tour, "Ben Atkinson")
        finds_nothing(ben, demo.url, [PLAN, CODE_WORD], told=told)


def test_5_the_line_is_put_back_and_ben_finds_the_plan_and_nothing_besides(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """Nothing is indexed anew."""
    demo, _ = hub
    with step(chromium, demo, 4) as tour, signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
        press(tour, "Take York’s line out")
        tour.goto(f"{demo.url}/demo/5")
        press(tour, "Put York’s line back")
        assert "6 results" in column(tour, "Ben Atkinson")
        assert finds(ben, demo.url, PLAN)
        finds_nothing(ben, demo.url, [CODE_WORD, ROTA])


def test_6_the_rota_is_shared_with_york_counted_and_taken_back(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    """Ben sees it come and go; Maria, who was not meant, never."""
    demo, _ = hub
    with step(chromium, demo, 6) as tour, signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
        finds_nothing(ben, demo.url, [ROTA])
        assert "This shows 1 document to 8 people in 1 organisation" in tour.locator("main").inner_text()
        press(tour, "Share it with York")
        told = [path for path in finds(ben, demo.url, ROTA) if not path.startswith("/search")]
        assert any(path.startswith("/documents/") for path in told)
        with signed_in(chromium, demo, ACME, "Maria Lopez") as maria:
            finds_nothing(maria, demo.url, [ROTA, CODE_WORD], told=told)
        press(tour, "Take the share back")
        finds_nothing(ben, demo.url, [ROTA, CODE_WORD], told=told)


def test_7_who_can_see_it_is_counted_and_whoever_cannot_finds_nothing(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """A share with York adds its eight people to those who can see the rota; taken back, Ben is none of them."""
    demo, _ = hub
    with step(chromium, demo, 7) as tour, signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
        before = readers(tour)
        tour.goto(f"{demo.url}/demo/6")
        press(tour, "Share it with York")
        tour.goto(f"{demo.url}/demo/7")
        assert readers(tour) == before + 8
        told = [path for path in finds(ben, demo.url, ROTA) if not path.startswith("/search")]
        tour.goto(f"{demo.url}/demo/6")
        press(tour, "Take the share back")
        tour.goto(f"{demo.url}/demo/7")
        assert readers(tour) == before
        finds_nothing(ben, demo.url, [ROTA, CODE_WORD], told=told, least=20)


def test_8_what_leeds_answered_york_is_found_by_yasmin_and_there_is_no_trace_of_it_for_a_supplier(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """Yasmin opens it from her own search page and reads the answer; Tom has neither the question nor its address."""
    demo, _ = hub
    with step(chromium, demo, 8) as tour:
        press(tour, "Sign in as Yasmin")
        tour.locator("main").get_by_role("link", name=re.compile("Tenants switch off the new fans")).first.click()
        tour.wait_for_url(f"{demo.url}/threads/*")
        assert "Sam Okafor of Leeds City Council" in tour.locator("main").inner_text()
        told = [tour.url.removeprefix(demo.url).partition("#")[0]]
    with signed_in(chromium, demo, ACME, "Tom Hargreaves") as tom:
        finds_nothing(tom, demo.url, ["tenants switch off", CODE_WORD], told=told)


def readers(tour: Page) -> int:
    """How many can see the document, as the seventh step says it."""
    found = re.search(r"(\d+) of 44 people", tour.locator("main").inner_text())
    assert found is not None
    return int(found[1])


def test_the_tour_on_a_small_phone_without_script(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    """320 px: the same walk, and nothing to scroll sideways."""
    demo, _ = hub
    with window(chromium, viewport={"width": 320, "height": 640}, java_script_enabled=False) as page:
        walk(page, demo, look=False)
