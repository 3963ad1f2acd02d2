"""What a hub costs while nothing happens: percent of a core of its worker, its web processes and its supervisor.

`hub serve` over 5,000 documents and 40 organisations, on both databases, over a minute, after everything was indexed.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import func, select

from bench.filled import hub_on
from bench.table import Row, print_table
from config.settings import Settings
from hub.access.parts import Parts
from hub.ground.outbox import OutboxMessage
from hub.running.indexing import rebuild

DOCUMENTS = 5_000
SECONDS = 60.0
BAR = 1.0
"""Percent of a core."""
SETTLES = 15.0
"""Seconds after which what belongs to starting is over."""
TICKS = os.sysconf("SC_CLK_TCK")
PARTS = ("worker", "web", "serve")


def main(seconds: float = SECONDS) -> list[Row]:
    """Measure and return the rows of the table."""
    return [row for kind in ("sqlite", "postgresql") for row in _measured(kind, seconds)]


def _measured(kind: str, seconds: float) -> Iterator[Row]:
    with hub_on(kind, DOCUMENTS, port=str(_free_port())) as (settings, parts):
        rebuild(parts)
        parts.engine.close()
        with _serving(settings) as pid:
            _wait_until_idle(settings, parts)
            parts.database.close()
            families = _families(pid)
            before = {name: _spent(pids) for name, pids in families.items()}
            time.sleep(seconds)
            for name, pids in families.items():
                share = (_spent(pids) - before[name]) / seconds * 100
                said = f"at most {BAR:.0f} % of a core"
                yield Row(f"idle {name}, {kind}", f"{share:.2f} % of a core", said, share <= BAR)


@contextmanager
def _serving(settings: Settings) -> Iterator[int]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    own = {"HUB_DATA": str(settings.data), "HUB_PORT": str(settings.port)}
    own |= {"HUB_DATABASE_URL": settings.database_url} if settings.database_url else {}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "serve"], env=kept | own, stdout=quiet, stderr=quiet
    ) as hub:
        try:
            yield hub.pid
        finally:
            hub.terminate()


def _wait_until_idle(settings: Settings, parts: Parts) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        time.sleep(0.5)
        with parts.database.reading() as session:
            waits = session.scalar(select(func.count()).select_from(OutboxMessage))
        if not waits and _answers(settings.port):
            time.sleep(SETTLES)
            return
    raise RuntimeError("the hub does not come to rest")


def _answers(port: int) -> bool:
    """Whether a web process is up; it listens before it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _families(pid: int) -> dict[str, list[int]]:
    """The process ids of each part: the supervisor, the worker, and the web server with what it started."""
    found: dict[str, list[int]] = {"worker": [], "web": [], "serve": [pid]}
    for child in _children(pid):
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        found["worker" if b"worker" in words else "web"] += [child, *_descendants(child)]
    return found


def _descendants(pid: int) -> list[int]:
    return [one for child in _children(pid) for one in (child, *_descendants(child))]


def _children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1]) == pid:
                found.append(int(folder.name))
    return found


def _spent(pids: list[int]) -> float:
    """Seconds of processor time that the processes have used."""
    fields = [Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    print_table(main(*(float(argument) for argument in sys.argv[1:])))
