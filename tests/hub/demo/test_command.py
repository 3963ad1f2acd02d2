"""`hub demo` as a newcomer runs it: the real command, its real processes, and a browser without script."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from lxml import html

from tests import ROOT
from tests.hub.demo.browser import free_port

pytestmark = pytest.mark.long

START_SECONDS = 60
INDEX_SECONDS = 60


@dataclass
class Demo:
    """A demo that runs."""

    process: subprocess.Popen[str]
    url: str
    port: int
    issuers_port: int
    seconds: float
    """From the command to its first answer."""

    def stop(self) -> str:
        """Ctrl-C; returns everything that it had printed."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=30)[0]


def command(folder: Path, port: int, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "demo", *arguments],
        cwd=ROOT,
        env={**given, "HUB_DATA": str(folder), "HUB_PORT": str(port), "PYTHONUNBUFFERED": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def refused(folder: Path, port: int, *arguments: str, **environment: str) -> str:
    """What the command says when it will not start; one sentence or a few, never a trace."""
    process = command(folder, port, *arguments, **environment)
    said = process.communicate(timeout=START_SECONDS)[0]
    assert process.returncode == 1, said
    assert "Traceback" not in said
    return said


@contextlib.contextmanager
def running(folder: Path, port: int, issuers_port: int) -> Iterator[Demo]:
    started = time.monotonic()
    process = command(folder, port, "--issuers-port", str(issuers_port))
    url = f"http://localhost:{port}"
    try:
        while not answers(f"{url}/healthz") or not answers(f"http://localhost:{issuers_port}/leeds/jwks"):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() - started < START_SECONDS
            time.sleep(0.1)
        yield Demo(process, url, port, issuers_port, time.monotonic() - started)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


class Newcomer:
    """Somebody in one browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self.browser.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self.browser.get(urljoin(self.url, path), timeout=10)

    def sign_in(self, organisation: str, handle: str, wanted: str = "/") -> requests.Response:
        """From the chooser through the issuer and back, by the forms and links that the pages show."""
        chooser = self.get(f"/sign-in?next={wanted}")
        button = html.fromstring(chooser.text).xpath("//button[@formaction=$to]", to=f"/sign-in/{organisation}")[0]
        fields = dict(button.xpath("ancestor::form")[0].form_values())
        leaving = self.browser.post(urljoin(self.url, button.get("formaction")), data=fields, timeout=10)
        issuer = html.fromstring(leaving.text).xpath("//main//a/@href")[0]
        page = self.browser.get(issuer, timeout=10)
        choice = html.fromstring(page.text).forms[0]
        data = {**dict(choice.form_values()), "person": handle}
        return self.browser.post(choice.action, data=data, timeout=10)

    def sign_out(self) -> requests.Response:
        """Out of the hub and of the issuer."""
        form = html.fromstring(self.get("/").text).xpath("//form[@action='/sign-out']")[0]
        leaving = self.browser.post(urljoin(self.url, form.action), data=dict(form.form_values()), timeout=10)
        return self.browser.get(html.fromstring(leaving.text).xpath("//main//a/@href")[0], timeout=10)

    def finds(self, words: str, title: str) -> bool:
        """Whether a search shows a title; waits while the index is still being filled."""
        deadline = time.monotonic() + INDEX_SECONDS
        while time.monotonic() < deadline:
            page = html.fromstring(self.get(f"/search?q={words}").text)
            if title in " ".join(page.text_content().split()):
                return True
            time.sleep(0.3)
        return False


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    port, issuers = free_port(), free_port()
    with running(tmp_path_factory.mktemp("demo") / "data", port, issuers) as found:
        yield found


def test_a_newcomer_is_sam_then_ben_and_sees_the_difference(demo: Demo) -> None:
    """The whole way: chooser, issuer, back to the page first asked for, sign out here and there, once more as Ben."""
    newcomer = Newcomer(demo.url)
    came = newcomer.sign_in("leeds", "leeds/sam-okafor", "/search?q=mould")
    assert came.url == f"{demo.url}/search?q=mould"
    assert "Sam Okafor" in came.text
    assert newcomer.finds("mould", "Damp and mould: the first visit")
    assert newcomer.finds("joint+flood+plan", "Joint flood plan for the Aire, Wharfe and Ouse")
    left = newcomer.sign_out()
    assert left.url.startswith(f"{demo.url}/signed-out")
    assert "Sam Okafor" not in newcomer.get("/").text

    newcomer.sign_in("york", "york/ben-atkinson")
    assert "Ben Atkinson" in newcomer.get("/").text
    assert newcomer.finds("joint+flood+plan", "Joint flood plan for the Aire, Wharfe and Ouse")
    assert "Damp and mould: the first visit" not in newcomer.get("/search?q=mould").text


def test_the_word_that_only_legal_finds(demo: Demo) -> None:
    helen, daniel = Newcomer(demo.url), Newcomer(demo.url)
    helen.sign_in("leeds", "leeds/helen-braithwaite")
    daniel.sign_in("leeds", "leeds/daniel-whitaker")
    assert helen.finds("KESTREL", "KESTREL: opening note")
    assert "opening note" not in daniel.get("/search?q=KESTREL").text


def test_maria_of_acme_comes_in_as_a_guest(demo: Demo) -> None:
    maria = Newcomer(demo.url)
    maria.sign_in("acme", "acme/maria-lopez")
    assert maria.finds("model", "Brief for the river model")
    assert "Section 19" not in maria.get("/search?q=flood").text


def test_every_page_says_demo(demo: Demo) -> None:
    newcomer = Newcomer(demo.url)
    newcomer.sign_in("leeds", "leeds/priya-sharma")
    for path in ("/", "/search?q=flood", "/places/leeds", "/organisations", "/nowhere"):
        text = " ".join(html.fromstring(newcomer.get(path).text).text_content().split())
        assert "Demo" in text, path
    assert "Demo" in Newcomer(demo.url).get("/sign-in").text


def test_a_second_demo_on_the_same_ports_is_told_so_in_a_sentence(demo: Demo, tmp_path: Path) -> None:
    assert f"Port {demo.port} is in use" in refused(tmp_path, demo.port)
    said = refused(tmp_path, free_port(), "--issuers-port", str(demo.issuers_port))
    assert f"Port {demo.issuers_port}, for the demo's sign-in pages, is in use" in said
    assert "hub demo --issuers-port" in said


def test_a_demo_stays_on_this_machine(tmp_path: Path) -> None:
    assert "unset HUB_HOST" in refused(tmp_path, free_port(), HUB_HOST="0.0.0.0")
    assert "unset HUB_URL" in refused(tmp_path, free_port(), HUB_URL="https://hub.example.gov.uk")
    assert not (tmp_path / "hub.sqlite3").exists()


def test_a_demo_stops_at_ctrl_c_and_starts_again_sooner_where_it_was(tmp_path: Path) -> None:
    port, issuers = free_port(), free_port()
    with running(tmp_path / "data", port, issuers) as first:
        Newcomer(first.url).sign_in("leeds", "leeds/sam-okafor")
        said = first.stop()
    assert first.process.returncode == 0, said
    assert "Wrote 206 demo documents and 197 conversations" in said
    assert "Sam Okafor" in said
    assert "Traceback" not in said
    assert "Fatal" not in said
    for freed in (port, issuers):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", freed))
    elsewhere = free_port()
    with running(tmp_path / "data", port, elsewhere) as second:
        sam = Newcomer(second.url)
        assert "Sam Okafor" in sam.sign_in("leeds", "leeds/sam-okafor").text, "known again, at the issuer's new port"
        said = second.stop()
    assert "Wrote" not in said
    assert second.seconds < 0.9 * first.seconds, "it writes nothing anew: five seconds, where nothing else is done"
