"""Sam sends a file of 30 MB over a network that goes: it goes on where it was, and what is added is just that file.

Against the real command with three web processes, so that parts of one file are met by different ones.
"""

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Request

from tests.browser import axe_findings
from tests.hub.demo.test_command import Demo
from tests.journeys.hub import hub, signed_in

__all__ = ["hub"]

pytestmark = pytest.mark.journey
LEEDS = "Leeds City Council"
HOUSING = "/places/leeds/housing"
SIZE = 30_000_000
SPEED = 12_000_000
"""Bytes a second that the network takes."""
AWAY = "net::ERR_INTERNET_DISCONNECTED"


class Network:
    """What a page sends, and whether it gets through."""

    def __init__(self, page: Page) -> None:
        self.parts: list[Request] = []
        self._page = page
        self._line: CDPSession = page.context.new_cdp_session(page)
        page.on("requestfinished", lambda request: self.parts.append(request) if request.method == "PATCH" else None)
        self.is_there()

    def is_there(self) -> None:
        self._says(offline=False)

    def is_gone(self) -> None:
        self._says(offline=True)

    def after(self, parts: int) -> None:
        """Wait until so many parts have come."""
        while len(self.parts) < parts:
            self._page.wait_for_event("requestfinished")

    def offsets(self) -> list[int]:
        return [int(request.headers["upload-offset"]) for request in self.parts]

    def _says(self, *, offline: bool) -> None:
        speeds: dict[str, Any] = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": SPEED}
        self._line.send("Network.emulateNetworkConditions", {"offline": offline, **speeds})


def a_file(folder: Path, name: str) -> tuple[Path, str]:
    """30 MB that no other file has, and their hash."""
    path = folder / name
    content = random.Random(name).randbytes(SIZE)
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


def chooses(page: Page, *files: Path) -> None:
    page.get_by_role("link", name="Upload files").click()
    page.get_by_label("File, or several").set_input_files(files)
    page.locator("main").get_by_role("button", name="Upload").click()


def holds(page: Page, title: str) -> str:
    """The hash of what somebody gets who downloads the document that they look at."""
    assert page.get_by_role("heading", level=1).inner_text() == title
    link = page.locator("main a[download]").first.get_attribute("href")
    answer = page.request.get(f"{page.url.partition('/documents/')[0]}{link}")
    assert answer.ok
    return hashlib.sha256(answer.body()).hexdigest()


def test_what_breaks_off_goes_on_where_it_was(chromium: Browser, hub: tuple[Demo, Path], tmp_path: Path) -> None:
    """The network goes and comes back; then the window is closed; another one goes on with the rest."""
    demo, _ = hub
    path, digest = a_file(tmp_path, "Aerial survey.bin")
    with signed_in(chromium, demo, LEEDS, "Sam Okafor", HOUSING, quiet_about=(404, 422, AWAY)) as sam:
        network = Network(sam)
        chooses(sam, path)
        network.after(2)
        network.is_gone()
        sam.get_by_text("the hub cannot be reached. It is tried again").wait_for()
        assert axe_findings(sam) == []
        seen = len(network.parts)
        network.is_there()
        network.after(seen + 1)
        came = network.offsets()
        assert came == sorted(set(came)), "nothing is sent twice"
    sent = len(came) * 4_000_000
    with signed_in(chromium, demo, LEEDS, "Sam Okafor", HOUSING) as sam:
        network = Network(sam)
        sam.get_by_role("link", name="Upload files").click()
        said = sam.locator("main").inner_text()
        assert "Not finished yet" in said
        assert "Aerial survey.bin: " in said
        assert axe_findings(sam) == []
        sam.go_back()
        chooses(sam, path)
        sam.get_by_role("heading", name="Publish “Aerial survey”?").wait_for()
        assert network.offsets()[0] >= sent
        sam.get_by_role("link", name="Cancel").click()
        assert holds(sam, "Aerial survey") == digest
        sam.goto(f"{demo.url}{HOUSING}")
        sam.get_by_role("link", name="Upload files").click()
        assert "Not finished yet" not in sam.locator("main").inner_text()


def test_of_several_files_the_large_ones_go_in_parts(chromium: Browser, hub: tuple[Demo, Path], tmp_path: Path) -> None:
    """A page that is loaded anew in the middle of the second: the first is there, the second goes on."""
    demo, _ = hub
    small, (large, digest) = tmp_path / "Note.txt", a_file(tmp_path, "Ground survey.bin")
    small.write_text("words")
    with signed_in(chromium, demo, LEEDS, "Sam Okafor", HOUSING) as sam:
        network = Network(sam)
        sam.on("dialog", lambda dialog: dialog.accept())
        chooses(sam, small, large)
        network.after(3)
        sam.reload()
        assert "Ground survey.bin: " in sam.locator("main").inner_text()
        before = network.offsets()[-1]
        network.parts.clear()
        sam.get_by_label("File, or several").set_input_files([small, large])
        sam.locator("main").get_by_role("button", name="Upload").click()
        sam.get_by_role("heading", name="1 document added, 1 not").wait_for()
        assert "there is a document of this name here already" in sam.locator("main").inner_text()
        assert network.offsets()[0] > before
        sam.get_by_role("link", name="Ground survey").click()
        assert holds(sam, "Ground survey") == digest
