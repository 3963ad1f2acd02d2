"""A hub over a town, in one of its shapes, with its programs, and what each of them costs."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import processes
from bench.mix import Form, Mix, Page
from bench.search import SERVER
from bench.town import Size, cookies, founded, town_of
from config.settings import Settings
from hub.app import build_parts, create_app

UNBOUNDED = 10**9
HERE = "127.0.0.1"
CONNECTIONS, MOST = 32, 512
THREADS = 4


@dataclass
class Town:
    """A town that is there, but not open: its settings, its people's cookies and what they ask for."""

    settings: Settings
    mix: Mix
    cookies: list[str]
    beside: dict[str, int] = field(default_factory=dict)
    """Process ids of the servers that it leans on, by what they are."""

    def asked(self, page: Page | Form) -> dict[str, Any]:
        """A page or a form for the driver."""
        return asdict(page) | {"cookie": self.cookies[page.who]}


@dataclass(frozen=True)
class Seen:
    """What a run of the driver saw."""

    seconds: dict[str, list[float]]
    faults: dict[str, int]
    kept: list[dict[str, Any]]
    took: float
    driving: float
    """Processor seconds of the driver itself."""
    costs: dict[str, float]
    """Processor seconds of each part of the hub."""
    faulty: list[tuple[str, float]] = field(default_factory=list)
    """Each fault, and when."""

    @property
    def count(self) -> int:
        """Right answers."""
        return sum(map(len, self.seconds.values()))

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return self.count / self.took

    def milliseconds(self, share: float, *kinds: str) -> float:
        """How long such a share of the pages of these kinds, or of all, took at most."""
        chosen = sorted(itself for kind in kinds or self.seconds for itself in self.seconds.get(kind, ()))
        return chosen[int(len(chosen) * share)] * 1000 if chosen else 0.0

    def cost(self, part: str = "") -> float:
        """Processor milliseconds of a request, of one part or of all."""
        return 1000 * (self.costs[part] if part else sum(self.costs.values())) / max(1, self.count)


@contextmanager
def small_shape(size: Size) -> Iterator[Town]:
    """SQLite and the embedded engine: nothing but the hub."""
    with town_of(size) as data:
        yield closed(settings_for(data=data), size, {})


@contextmanager
def large_shape(size: Size) -> Iterator[Town]:
    """PostgreSQL, which waits for the disk, and Elasticsearch, each started for this alone on the same machine."""
    from tests.hub.upkeep.own_postgresql import own_postgresql

    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder, own_postgresql() as database, _engine() as engine:
        url, pid = engine
        settings = settings_for(
            data=Path(folder) / "data", database_url=database.address, elasticsearch_url=url, elasticsearch_index="load"
        )
        parts = founded(settings, size)
        parts.engine.close()
        parts.database.close()
        yield closed(settings, size, {"database": database.pid, "engine": pid})


@contextmanager
def _engine() -> Iterator[tuple[str, int]]:
    with subprocess.Popen(
        [sys.executable, str(SERVER), "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        url = server.stdout.readline().decode().strip()
        if not url:
            raise RuntimeError("there is no Elasticsearch here: see make ci-parts")
        yield url, server.pid
        server.communicate(timeout=60)


def settings_for(**given: Any) -> Settings:
    """Settings of a hub at a port of its own, in which nobody is asked to wait a minute."""
    port = free_port()
    spending = dict.fromkeys(("searches_a_minute", "texts_a_minute", "checks_a_minute"), UNBOUNDED)
    return Settings(port=port, url=f"http://localhost:{port}", web_threads=THREADS, **spending, **given)


def closed(settings: Settings, size: Size, beside: dict[str, int]) -> Town:
    """A town that was filled over these settings; everybody who looks is signed in."""
    parts = build_parts(settings)
    try:
        app = create_app(settings, parts)
        return Town(settings, Mix(parts, size), cookies(app, parts, size.handles), beside)
    finally:
        parts.engine.close()
        parts.database.close()


@dataclass
class Served:
    """Programs that run, by the part of the hub that they are."""

    port: int
    pids: dict[str, int]

    def drive(self, pages: Sequence[dict[str, Any]], seconds: float, **how: Any) -> Seen:
        """Let the driver ask: `rate` requests a second, or `clients` at a time; `never` is what no answer may hold."""
        plan = {"host": HERE, "port": self.port, "pages": pages, "seconds": seconds, **how}
        before = self._costs()
        done = subprocess.run(
            [sys.executable, "-m", "bench.driver"],
            input=json.dumps(plan | {"connections": CONNECTIONS, "most": MOST}) + "\n",
            stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        after, found = self._costs(), json.loads(done.stdout)
        costs = {part: after[part] - before[part] for part in after}
        return Seen(costs=costs, **found)

    def _costs(self) -> dict[str, float]:
        return {part: processes.seconds(pid) for part, pid in self.pids.items()}

    def memory(self) -> tuple[float, float, float]:
        """Of the largest web process, in megabytes, as `processes.megabytes` has it."""
        return max(processes.megabytes(pid) for pid in processes.family(self.pids["web"]))


@contextmanager
def serving(town: Town, web_processes: int) -> Iterator[Served]:
    """The hub's programs over the town."""
    environment = environment_of(town, web_processes)
    with (
        program(["-m", "hub.cli", "web"], environment) as web,
        program(["-m", "hub.cli", "worker", "--supervised"], environment) as worker,
    ):
        wait_for(town.settings.port, "/healthz")
        yield Served(town.settings.port, {"web": web, "worker": worker, **town.beside})


@contextmanager
def serving_trivial(web_processes: int) -> Iterator[Served]:
    """The trivial application."""
    port = free_port()
    with program(["-m", "bench.trivial", *map(str, (port, web_processes, THREADS))], dict(os.environ)) as web:
        wait_for(port, "/")
        yield Served(port, {"web": web})


def environment_of(town: Town, web_processes: int) -> dict[str, str]:
    """The settings of the town's hub, for its programs."""
    told = town.settings.model_dump(exclude_defaults=True) | {"web_processes": web_processes}
    own = {f"HUB_{name.upper()}": str(value) for name, value in told.items()}
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | own


@contextmanager
def program(arguments: Sequence[str], environment: dict[str, str], log: int = subprocess.DEVNULL) -> Iterator[int]:
    """A Python program's process id, while it runs; what it says goes into a `log`."""
    with subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
    ) as program:
        try:
            yield program.pid
        finally:
            program.terminate()


def wait_for(port: int, address: str) -> None:
    """Until a web process answers; raises RuntimeError if none does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(HERE, port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", address)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise RuntimeError("the web processes do not answer")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])
