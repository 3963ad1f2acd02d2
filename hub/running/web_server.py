"""The web processes: a child of `hub serve`. Imports little, for every start waits for it."""

import contextlib
import ctypes
import logging
import os
import resource
import signal
import socket
import threading
from typing import Final

from hub.access.turns import threads_for
from hub.ground.errors import Unavailable
from hub.ground.locks import wait_for_end_of_input

GRACE = 8.0
"""Seconds that a program has to end before it is killed."""
HUB: Final = "hub.app:create_app_from_environment"
ARENAS: Final = 2
"""Heaps of the C library: each of many threads would else begin one of its own, and keep in it what it freed."""
M_ARENA_MAX: Final = -8
"""What glibc knows their number by (malloc.h)."""
CONNECTIONS: Final = 8_192
"""Connections that a process keeps open; those that wait for a request cost it next to nothing."""


def run_web(host: str, port: int, *, processes: int, threads: int, application: str = HUB) -> None:
    """Run the web processes until SIGTERM, SIGINT, or the end of standard input.

    `threads` is how many requests a process works on at a time; those that wait for their turn have threads too.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _keep_few_heaps()
    threading.Thread(target=_end_with_input, daemon=True).start()
    _allow_connections()
    server = Server(
        application,
        factory=True,
        interface=Interfaces.WSGI,
        address=resolved(host, port)[4][0],
        port=port,
        workers=processes,
        blocking_threads=threads_for(threads),
        backlog=CONNECTIONS // 4,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=int(GRACE) - 3,
    )
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())  # they wait
    server.serve()


def _keep_few_heaps() -> None:
    """Let this process, and those that are forked from it, have no more than `ARENAS` (mallopt(3)). Of glibc alone.

    The environment would come too late: the C library looks at it as a program starts, and a fork starts none.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, ARENAS)


def _allow_connections() -> None:
    """As many open files as this account may have: each connection is one."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def resolved(host: str, port: int) -> tuple[int, int, int, str, tuple[str, int]]:
    """What `socket.getaddrinfo` says first of an address to listen on; raises Unavailable for none of this machine."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise Unavailable(f"HUB_HOST is {host!r}, which is no address of this machine ({error.strerror}).") from error
    family, kind, protocol, name, address = found
    return family, kind, protocol, name, (str(address[0]), int(address[1]))


def _end_with_input() -> None:
    wait_for_end_of_input()
    os.kill(os.getpid(), signal.SIGTERM)
