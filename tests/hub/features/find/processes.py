"""Other processes of the same hub: real ones, over the same database and index."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

from hub.ground.clock import SystemClock
from search.elastic import ElasticEngine
from tests import ROOT
from tests.databases import address_of
from tests.hub.world import World

SERVE = """
import socketserver, sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from hub.app import create_app_from_environment

class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass

with make_server("127.0.0.1", 0, create_app_from_environment(), Server, Quiet) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
"""


def on_real_time(world: World) -> World:
    """The same hub by the machine's clock, which its other processes go by."""
    return World(replace(world.parts, clock=SystemClock()))


def environment(world: World) -> dict[str, str]:
    """The settings of the world's hub for another process."""
    parts = world.parts
    found = {
        "HUB_DATA": str(parts.policy_dir.parent),
        "HUB_DATABASE_URL": address_of(parts.database),
        "HUB_URL": parts.public_url,
        "PYTHONPATH": str(ROOT),
    }
    if isinstance(parts.engine, ElasticEngine):
        address = os.environ.get("HUB_TEST_ELASTICSEARCH_URL") or parts.engine._place
        found |= {"HUB_ELASTICSEARCH_URL": address, "HUB_ELASTICSEARCH_INDEX": parts.engine._index}
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | found


def run_python(world: World, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, over the world's hub."""
    return subprocess.run(
        [sys.executable, "-c", code], env=environment(world), capture_output=True, text=True, timeout=60, check=False
    )


def run_hub(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of `hub` in a process of its own."""
    command = [sys.executable, "-m", "hub.cli", *arguments]
    return subprocess.run(command, env=environment(world), capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def hub_process(world: World, *arguments: str) -> Iterator[None]:
    """A command of `hub` that runs until its standard input ends."""
    command = [sys.executable, "-m", "hub.cli", *arguments]
    with subprocess.Popen(command, env=environment(world), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        yield
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(30) == 0


@dataclass(frozen=True)
class WebProcess:
    """A process that answers requests, as `hub serve` has several."""

    port: int
    cookie: str

    def signed_in(self, world: World, handle: str) -> Self:
        """The same process, asked by a person."""
        cookie = world.client(handle).get_cookie(world.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        return replace(self, cookie=f"{cookie.key}={cookie.value}")

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": self.cookie})
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def web_process(world: World) -> Iterator[WebProcess]:
    """A web process over the world's hub."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env=environment(world),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            yield WebProcess(int(running.stdout.readline()), "")
        finally:
            running.kill()
