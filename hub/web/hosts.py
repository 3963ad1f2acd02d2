"""Requests that name another host than the hub's are refused before anything is read for them.

A page that answers to any name can be kept by a proxy under a stranger's, and a name that a stranger lets point at this
machine reaches a hub that only this machine should (DNS rebinding). Source: RFC 9110, sections 7.2 and 15.5.20.
"""

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

_HERE: Final = ("localhost", "127.0.0.1", "[::1]")
_PORT: Final = re.compile(r":[0-9]+$")
_WATCHED: Final = "healthz"
"""Asked by load balancers, which know a machine by its number."""


def init_hosts(app: Flask, public_url: str) -> None:
    """Let `app` answer only to the host of its public address; to every name of this machine if that is one.

    To be called first: nothing is asked of the database for anybody else.
    """
    there = urlsplit(public_url)
    on_this_machine = there.scheme == "http"  # config/settings.py lets no other hub be without TLS

    @app.before_request
    def _check() -> Response | None:
        host = request.host.lower()
        if request.endpoint == _WATCHED or host == there.netloc.lower():
            return None
        if on_this_machine and _PORT.sub("", host) in _HERE:
            return None
        text = f"This hub is at {public_url}. Open it there.\n"
        return Response(text, HTTPStatus.MISDIRECTED_REQUEST, content_type="text/plain; charset=utf-8")
