"""The web processes: a child of `hub serve`. Imports little, for every start waits for it."""

import os
import signal
import socket
import threading
from typing import Final

from hub.ground.errors import Unavailable
from hub.ground.locks import wait_for_end_of_input

GRACE = 8.0
"""Seconds that a program has to end before it is killed."""


HUB: Final = "hub.app:create_app_from_environment"


def run_web(host: str, port: int, *, processes: int, threads: int, application: str = HUB) -> None:
    """Run the web processes until SIGTERM, SIGINT, or the end of standard input."""
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    threading.Thread(target=_end_with_input, daemon=True).start()
    Server(
        application,
        factory=True,
        interface=Interfaces.WSGI,
        address=resolved(host, port)[4][0],
        port=port,
        workers=processes,
        blocking_threads=threads,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=int(GRACE) - 3,
    ).serve()


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
