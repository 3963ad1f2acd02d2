"""Hana and Ivo write a plan together: preview, draft, publish, a clash, a comparison, the older text back, withdrawn.

Told on a desk, on a phone, and on a phone without script; each page on the way is looked at by axe and for its width.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from hub.db import Database
from search.embedded import EmbeddedEngine
from tests.browser import axe_findings, serving, window
from tests.hub.world import World, make_parts

pytestmark = pytest.mark.journey

LEEDS = (
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    "allow,group:leeds/housing,edit,leeds/housing,any,any,-,Housing keeps its own space",
    "allow,document-owner,manage,leeds,any,any,-,Authors keep their own work in hand",
    "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2027-03-31,Joint flood plan",
)
MODES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "without-script": {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False},
}
CANARY = "kingfisher"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Hana and Ivo keep the housing space of Leeds; Ben reads from York."""
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path))
        world.add_organisation("leeds", *LEEDS)
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/hana", "leeds/housing", name="Hana Iqbal")
        world.add_person("leeds/ivo", "leeds/housing", name="Ivo Brown")
        world.add_person("york/ben", name="Ben Atkinson")
        world.add_space("leeds/housing", "restricted", name="Housing")
        yield world


class Visit:
    """Somebody's window on the hub, which looks at each page that it comes to."""

    def __init__(self, page: Page, url: str, *, script: bool, shots: Path | None) -> None:
        self.page, self.url, self._script, self._shots = page, url, script, shots
        self._number = 0

    def go(self, path: str) -> str:
        """Open an address; what the page says."""
        self.page.goto(f"{self.url}{path}")
        return self.look()

    def follow(self, link: str) -> str:
        """Follow a link of the main part."""
        self.page.locator("main").get_by_role("link", name=link).first.click()
        return self.look()

    def press(self, button: str) -> str:
        """Press a button of the main part."""
        self.page.locator("main").get_by_role("button", name=button, exact=True).first.click()
        return self.look()

    def write(self, **fields: str) -> None:
        """Fill fields by their labels."""
        for label, text in fields.items():
            self.page.get_by_label(label, exact=True).fill(text)

    def look(self) -> str:
        """Look at the page as it stands: its words, once axe and the ruler have found nothing."""
        self.page.wait_for_load_state()
        if self._shots:
            self._number += 1
            self.page.screenshot(path=self._shots / f"{self._number:02}.png", full_page=True)
        width = self.page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], (self.page.url, width)  # type: ignore[index]
        if self._script:
            assert axe_findings(self.page) == [], self.page.url
        return self.page.locator("main").inner_text()


@contextmanager
def visit(browser: Browser, world: World, url: str, who: str, mode: str, shots: Path | None = None) -> Iterator[Visit]:
    """A window in which somebody is signed in; refused forms and absent pages are part of the story."""
    with window(browser, quiet_about=(404, 409, 422), **MODES[mode]) as page:
        name = world.app.config["SESSION_COOKIE_NAME"]
        cookie = world.client(who).get_cookie(name)
        assert cookie is not None
        page.context.add_cookies([{"name": name, "value": cookie.value, "url": url}])
        yield Visit(page, url, script=MODES[mode].get("java_script_enabled", True), shots=shots)


def shots_folder(mode: str) -> Path | None:
    """Where pictures of each page go; None unless `HUB_TEST_SHOTS` names a folder."""
    import os

    wanted = os.environ.get("HUB_TEST_SHOTS", "")
    if not wanted:
        return None
    folder = Path(wanted) / mode
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def finds_nothing(ben: Visit, addresses: list[str]) -> None:
    """A crawl: none of the pages that Ben can reach, nor those whose address he was told, hold the code word."""
    seen, open_ = set(), ["/", "/organisations", f"/search?q={CANARY}", *addresses]
    while open_:
        path = open_.pop()
        if path in seen or path.startswith(("/sign-out", "/static", "/help")):
            continue
        seen.add(path)
        ben.page.goto(f"{ben.url}{path}")
        said = ben.page.locator("main").inner_text().lower().replace(f"“{CANARY}”", "")
        assert CANARY not in said, path
        hrefs = ben.page.locator("main a[href^='/']").evaluate_all("found => found.map((a) => a.getAttribute('href'))")
        open_ += [href.partition("#")[0] for href in hrefs if len(seen) < 60]
    assert len(seen) > 5


@pytest.mark.parametrize("mode", MODES)
def test_two_officers_write_a_plan_and_nobody_loses_a_word(chromium: Browser, town: World, mode: str) -> None:
    with (
        serving(town.app) as url,
        visit(chromium, town, url, "leeds/hana", mode, shots_folder(mode)) as hana,
        visit(chromium, town, url, "leeds/ivo", mode) as ivo,
        visit(chromium, town, url, "york/ben", mode) as ben,
    ):
        # she writes, looks at it, and keeps a draft
        assert "You have no drafts" in hana.go("/")
        hana.follow("Housing")
        hana.follow("Write a document")
        hana.write(Title="Flood plan", Text=f"## Sandbags\n\nRing the depot on **0001**. The word is {CANARY}.")
        said = hana.press("Preview")
        assert "Preview: nothing is saved yet" in said
        assert hana.page.locator(".hub-preview strong").inner_text() == "0001"
        assert "Only you and those who may edit in Housing can see this draft." in hana.press("Save as a draft")
        path = hana.page.url.removeprefix(url)
        assert "Flood plan" in hana.go("/").partition("My drafts")[2]
        pages = [path, f"{path}/revisions/1", f"{path}/compare", f"{path}/edit", f"{path}/publish"]
        finds_nothing(ben, pages)
        # she is told who will read it, publishes, and York reads
        hana.go(path)
        said = hana.follow("Publish")
        assert "Everyone at York City Council (until 31 March 2027)".lower() in said.lower()
        assert "“Flood plan” is published." in hana.press("Publish")
        town.index_all()
        assert CANARY in ben.go(path)
        assert "Flood plan" in ben.go(f"/search?q={CANARY}")
        assert "Edit" not in ben.go(path).split()
        # both edit at once: Ivo is quicker, Hana keeps both texts
        hana.go(f"{path}/edit")
        ivo.go(f"{path}/edit")
        ivo.write(Text=f"## Sandbags\n\nRing the depot on **0002**. The word is {CANARY}.")
        assert "Revision 2 is saved." in ivo.press("Save")
        hana.write(Text=f"## Sandbags and pumps\n\nRing the depot on **0001**. The word is {CANARY}.")
        said = hana.press("Save")
        assert "Ivo Brown saved revision 2 while you were writing" in said
        assert "Sandbags and pumps" in hana.page.get_by_label("Your text").input_value()
        assert hana.page.locator("del").all_inner_texts() != []
        hana.write(**{"Your text": f"## Sandbags and pumps\n\nRing the depot on **0002**. The word is {CANARY}."})
        assert "Revision 3 is saved." in hana.press("Save after theirs")
        # she compares, and brings the first text back, and undoes that
        hana.follow("Compare revisions")
        hana.page.get_by_label("From", exact=True).select_option("1")
        said = hana.press("Compare")
        assert "Revisions 1 and 3 compared" in said
        assert "0001" in hana.page.locator("del").first.inner_text() or hana.page.locator("del").count() > 1
        assert "Revision 1 is back, as revision 4." in hana.press("Bring this revision back")
        assert "Revision 3 is back, as revision 5." in hana.press("Undo")
        # the marking is raised and undone; then it is withdrawn: York's next click finds nothing
        hana.follow("Change marking")
        hana.page.get_by_label("OFFICIAL-SENSITIVE", exact=True).check()
        hana.press("Change the marking")
        ben.page.goto(f"{url}{path}")
        assert "Page not found" in ben.page.locator("main").inner_text()
        hana.press("Undo")
        assert CANARY in ben.go(path)
        hana.follow("Withdraw")
        assert "“Flood plan” is withdrawn." in hana.press("Withdraw")
        finds_nothing(ben, [*pages, f"{path}/revisions/5", f"{path}/withdraw", f"{path}/marking"])
        assert "Restore" in hana.go(path)
