"""Somebody's window on a hub, at a desk, with the keyboard alone, on a phone, or on a phone without script.

Each page on the way is looked at by axe (where there is script) and for its width.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.browser import axe_findings, window
from tests.hub.world import World
from tests.journeys import crawl

DESK, KEYBOARD, BARE_KEYBOARD = "desk", "keyboard", "keyboard-without-script"
MODES: dict[str, dict[str, Any]] = {
    DESK: {"viewport": {"width": 1280, "height": 900}},
    KEYBOARD: {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "without-script": {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False},
}
BARE: dict[str, dict[str, Any]] = {BARE_KEYBOARD: {**MODES[KEYBOARD], "java_script_enabled": False}}
"""Both at once, for whoever is in a story by the way: stories told in each of `MODES` need no fifth."""
MOST_TABS = 150
"""Presses of Tab after which whoever has only a keyboard gives up."""


class Visit:
    """What somebody does, in the words of the pages."""

    def __init__(self, page: Page, url: str, *, mode: str, shots: Path | None = None) -> None:
        self.page, self.url, self.mode, self._shots = page, url, mode, shots
        self._script = (MODES | BARE)[mode].get("java_script_enabled", True)
        self._keys = mode in {KEYBOARD, BARE_KEYBOARD}
        self._number = 0

    def go(self, path: str) -> str:
        """Open an address; what the page says."""
        self.page.goto(f"{self.url}{path}")
        return self.look()

    def follow(self, link: str) -> str:
        """Follow a link of the main part."""
        return self.use(self.page.locator("main").get_by_role("link", name=link).first)

    def pick(self, link: str) -> str:
        """Follow a link of the menu that holds what is not done every day."""
        self.open(self.page.locator("main details.hub-menu > summary"))
        return self.follow(link)

    def open(self, summary: Locator) -> None:
        """Open what is folded."""
        if not self._keys:
            summary.click()
            return
        self.reach(summary)
        self.page.keyboard.press("Enter")

    def press(self, button: str) -> str:
        """Press a button of the main part."""
        return self.use(self.page.locator("main").get_by_role("button", name=button, exact=True).first)

    def use(self, thing: Locator) -> str:
        """Follow it or press it, whatever it is; what the page then says."""
        if self._keys:
            self.reach(thing)
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            thing.click()
        return self.look()

    def write(self, **fields: str) -> None:
        """Fill fields by their labels."""
        for label, text in fields.items():
            self.fill(self.page.get_by_label(label, exact=True), text)

    def fill(self, field: Locator, text: str) -> None:
        """Fill a field."""
        if not self._keys or field.get_attribute("type") == "date":  # a day is typed as the country writes it
            field.fill(text)
            return
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, option: str) -> None:
        """Choose one of several, by its label."""
        wanted = self.page.get_by_label(option, exact=True)
        if not self._keys:
            wanted.check()
            return
        self.reach(self.page.locator(f"input[type=radio][name='{wanted.get_attribute('name')}']"))
        for _ in range(MOST_TABS):
            if wanted.is_checked():
                return
            self.page.keyboard.press("Space" if self.page.locator(":focus").is_checked() is False else "ArrowDown")
        raise AssertionError(f"“{option}” cannot be chosen with the keyboard")

    def reach(self, thing: Locator) -> None:
        """Come to it by Tab alone, and see that it is where one is."""
        for _ in range(MOST_TABS):
            if thing.evaluate_all("found => found.some((one) => one === document.activeElement)"):
                assert self.page.evaluate(_IS_SHOWN), f"where one is cannot be seen: {self.page.url}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached with the keyboard on {self.page.url}")

    def look(self) -> str:
        """Look at the page as it stands: its words, once axe and the ruler have found nothing."""
        self.page.wait_for_load_state()
        if self._shots:
            self._number += 1
            self.page.screenshot(path=self._shots / f"{self._number:02}.png", full_page=True)
        width = self.page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], (self.page.url, width)  # type: ignore[index]
        if self._script and not self._keys:
            assert axe_findings(self.page) == [], self.page.url
        return self.page.locator("main").inner_text()

    def finds_nothing(self, *words: str, told: Iterable[str] = (), least: int = 5) -> None:
        """Crawl all that this person can reach: none of it holds one of the words."""
        crawl.finds_nothing(self.page, self.url, words, told=told, least=least)

    def finds(self, word: str, *, told: Iterable[str] = ()) -> list[str]:
        """The same crawl by somebody who may know the word; returns where it is."""
        return crawl.finds(self.page, self.url, word, told=told)


_IS_SHOWN = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement.matches(":focus-visible")
    && (style.outlineStyle !== "none" || style.boxShadow !== "none" || document.activeElement.type === "radio");
}"""
"""Whether the focus shows. A radio button of GOV.UK's is drawn by its label, which has the ring."""


@contextmanager
def visit(browser: Browser, world: World, url: str, who: str, mode: str, shots: Path | None = None) -> Iterator[Visit]:
    """A window in which somebody is signed in; refused forms and absent pages are part of the story."""
    with window(browser, quiet_about=(403, 404, 409, 422), **(MODES | BARE)[mode]) as page:
        name = world.app.config["SESSION_COOKIE_NAME"]
        cookie = world.client(who).get_cookie(name)
        assert cookie is not None
        page.context.add_cookies([{"name": name, "value": cookie.value, "url": url}])
        yield Visit(page, url, mode=mode, shots=shots)


def shots_folder(mode: str) -> Path | None:
    """Where pictures of each page go; None unless `HUB_TEST_SHOTS` names a folder."""
    wanted = os.environ.get("HUB_TEST_SHOTS", "")
    if not wanted:
        return None
    folder = Path(wanted) / mode
    folder.mkdir(parents=True, exist_ok=True)
    return folder
