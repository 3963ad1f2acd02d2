"""A real browser for tests: Debian's Chromium driven by Playwright, and axe in a pinned version.

Fixtures: `chromium` (one browser for the whole run) and `visitor` (a fresh window that fails the test when the browser
complains about anything). `serving(app)` runs a WSGI application on a free port.
Without Chromium the tests are skipped with the reason; where CI is set they fail.
"""

import hashlib
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import missing

AXE_FOLDER = Path(__file__).parent / "peers" / "axe"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--no-sandbox",
    "--lang=en-GB",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Say nothing of each request."""


@contextmanager
def serving(app: Callable[..., Any]) -> Iterator[str]:
    """Serve `app` on 127.0.0.1 at a free port; gives the address without a trailing slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def npm_ci(folder: Path) -> None:
    """Install what the lock file of `folder` names, unless it is there already."""
    stamp = folder / "node_modules" / ".installed-from"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not shutil.which("npm"):
        missing("npm", "install Node 20 or newer with npm")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        missing(f"what {folder.name}/package-lock.json names", f"npm ci said: {done.stderr[-500:]}")
    stamp.write_text(wanted)


@cache
def axe_script() -> str:
    """The source of axe, in the version of the lock file."""
    npm_ci(AXE_FOLDER)
    return (AXE_FOLDER / "node_modules" / "axe-core" / "axe.min.js").read_text()


def axe_findings(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong with the page as it stands; contrast that it could not judge counts as wrong.

    `rules` names the only ones to ask about; all of WCAG 2.2 AA and best practice by default.
    """
    # evaluated by the driver, not by the page: the page's own policy stays in force
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {axe_script()} }}")
    found: list[str] = page.evaluate(
        _ASK, {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    )
    return found


_ASK = """async (asked) => {
  const answer = await axe.run(document, { runOnly: asked });
  const unsure = answer.incomplete.filter((one) => one.id === "color-contrast");
  // a wide table goes on beyond the edge of its scrolling box: there axe cannot look, and its visible part it did judge
  const cutOff = (node) => node.failureSummary.includes("partially obscured")
    && document.querySelector(node.target[0])?.closest(".hub-scroll");
  return [...answer.violations, ...unsure].flatMap((one) => one.nodes.filter((node) => !cutOff(node))
    .map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium", "apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, *, quiet_about: tuple[int | str, ...] = (), **options: Any) -> Iterator[Page]:
    """A window with its own cookies; a complaint on the console or an error of a script fails whoever opened it.

    `quiet_about` holds the statuses that the test expects: the browser complains of each answer above 399; or words of
    another complaint.
    """
    settings: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}
    context: BrowserContext = browser.new_context(**{**settings, **options})
    page = context.new_page()
    complaints: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        words = (each if isinstance(each, str) else f"status of {each} " for each in quiet_about)
        expected = any(word in said.text for word in words)
        if said.type in {"error", "warning"} and not expected:
            complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
        assert not complaints, complaints
    finally:
        context.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    """A fresh window of 1280 x 900."""
    with window(chromium, viewport={"width": 1280, "height": 900}) as page:
        yield page
