"""`/metrics`, before the application: who may not have it is let through to where no such address exists.

So to everybody else it is like any other address that is not there, byte for byte.
"""

import hmac
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, g, request

from hub.access.parts import Parts
from hub.running.serve import MEASURES
from hub.upkeep.measures import Measures
from hub.upkeep.timed import TimedEngine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH: Final = "/metrics"
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ROUTE, _SIGNED_IN = "hub.route", "hub.signed_in"
_FORWARDED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST")
_HERE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def measured(parts: Parts, data: Path, *, processes: int) -> tuple[Parts, Measures]:
    """The parts with an engine whose searches are timed, and what counts them."""
    measures = Measures(data / MEASURES if processes > 1 else None)
    return replace(parts, engine=TimedEngine(parts.engine, measures)), measures


def init_measures(app: Flask, parts: Parts, measures: Measures, data: Path, token: str) -> None:
    """Count what the application answers, and open the door. Called last: nothing stands before it."""
    app.after_request(_note)
    app.wsgi_app = Door(app.wsgi_app, lambda: measures.page(parts, data), measures, token)  # type: ignore[method-assign]


def _note(response: Response) -> Response:
    request.environ[_ROUTE] = request.endpoint or ""
    request.environ[_SIGNED_IN] = g.get("user") is not None
    return response


class Door:
    """WSGI: answers `/metrics` to whom it may, and counts everything else."""

    def __init__(self, inner: "WSGIApplication", page: Callable[[], bytes], measures: Measures, token: str) -> None:
        self._inner, self._page, self._measures, self._token = inner, page, measures, token

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == PATH and environ.get("REQUEST_METHOD") == "GET" and self._may(environ):
            content = self._page()
            headers = [("Content-Type", TYPE), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")]
            start_response("200 OK", headers)
            return [content]
        began = time.perf_counter()
        seen: list[str] = []

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seen.append(status)
            return start_response(status, headers, exc_info)

        answer = self._inner(environ, started)
        self._count(environ, seen, time.perf_counter() - began)
        return answer

    def _count(self, environ: "WSGIEnvironment", seen: Sequence[str], seconds: float) -> None:
        status = int(seen[-1].partition(" ")[0]) if seen else 500
        route = str(environ.get(_ROUTE, "")) or "none"
        method = str(environ.get("REQUEST_METHOD", ""))
        self._measures.answered(route, method, status, seconds, signed_in=bool(environ.get(_SIGNED_IN)))

    def _may(self, environ: "WSGIEnvironment") -> bool:
        """Whether it is asked from this machine itself, and not through a proxy on it, or with the token."""
        given = str(environ.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer ")
        if self._token and hmac.compare_digest(given.encode("latin-1", "replace"), self._token.encode()):
            return True
        host = str(environ.get("HTTP_HOST", "")).rpartition(":")[0] or str(environ.get("HTTP_HOST", ""))
        return host in _HERE and _is_loopback(environ) and not any(name in environ for name in _FORWARDED)


def _is_loopback(environ: "WSGIEnvironment") -> bool:
    try:
        return ip_address(str(environ.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
