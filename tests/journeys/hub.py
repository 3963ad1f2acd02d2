"""A running demo, and people who use it in Chromium."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import window
from tests.hub.demo.browser import free_port
from tests.hub.demo.test_command import Demo, running

PATIENCE = 60.0
"""Seconds for what the hub does a moment later: index, adopt a file."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, Path]]:
    """A demo with three web processes, and its data folder."""
    folder = tmp_path_factory.mktemp("journey") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.hub.demo.test_command.command", _with_three_web_processes(patch))
        with running(folder, free_port(), free_port()) as demo:
            yield demo, folder


def _with_three_web_processes(patch: pytest.MonkeyPatch) -> Callable[..., object]:
    from tests.hub.demo import test_command

    plain = test_command.command
    return lambda *given, **environment: plain(*given, **{**environment, "HUB_WEB_PROCESSES": "3"})


@contextmanager
def signed_in(
    browser: Browser, demo: Demo, organisation: str, person: str, path: str = "/", **options: object
) -> Iterator[Page]:
    """Somebody who asks for a page, signs in on the way, and gets it."""
    with window(browser, **{"quiet_about": (404, 422)} | options) as page:
        page.goto(f"{demo.url}{path}")
        page.get_by_role("button", name=organisation).first.click()
        page.get_by_role("button", name=person).first.click()
        page.wait_for_url(f"{demo.url}{path}")
        yield page


def eventually(page: Page, path: str, holds: Callable[[Page], bool]) -> None:
    """Load a page until something holds of it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        page.goto(path)
        if holds(page):
            return
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        time.sleep(0.2)


def titles(page: Page) -> list[str]:
    """What a search page lists."""
    return page.locator("main h3, main h2 a").all_inner_texts()
