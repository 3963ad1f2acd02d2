"""Locks between processes of one machine, and the sign that a parent process is gone."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.ground.errors import Conflict

WORKER_LOCK = "worker.lock"
"""Name of the file that the worker of a data folder holds locked."""
TRIES, PAUSE = 10, 0.02
"""How often a lock is tried, and the seconds in between."""


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """Hold a lock on a file, for as long as this process lives; raises Conflict when another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _is_ours(descriptor):
            raise Conflict(
                f"A hub is running on {path.parent} already. Stop it first, or give this one a folder of its own: "
                "set HUB_DATA."
            )
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a living process holds the file locked. Looking takes a shared lock for an instant."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _is_ours(descriptor: int) -> bool:
    """Take the lock. Tried again for a moment: somebody may just be looking whether it is held."""
    for _ in range(TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE)
        else:
            return True
    return False


def wait_for_end_of_input() -> None:
    """Return when standard input ends. Read by its number: a lock of `sys.stdin` would be forked while held."""
    while os.read(0, 1024):
        pass
