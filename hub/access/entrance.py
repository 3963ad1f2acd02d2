"""The entrance, before the application: each request waits for its turn, or is told at once that there is none.

What is refused costs no statement, no template and no place that others need: the pages for it are made at start, and
are the same for everybody. `/healthz` and static files go past the lines, a few of them at a time.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Flask
from itsdangerous import BadData
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie

from hub.access.guard import cost_of
from hub.access.sending import Sending
from hub.access.turns import DRAINS, PAST_THE_LINES, STREAMS, Caller, Overload, Turns
from hub.web.busy import Busy, Refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY: Final = "hub-turns"
PERSON: Final = "hub.person"
"""Where the application leaves, for the next requests of the same session, whose it is."""
SESSIONS_KEPT: Final = 50_000
WHOLE: Final = 2_000_000
"""Bytes up to which an answer is made before it is sent; what is larger is sent bit by bit."""
DRAINED: Final = 8_000_000
"""Bytes of a refused form that are read all the same: else its browser would not get to see the answer."""


def init_entrance(app: Flask, places: int, refusals: Mapping[Busy, Refusal]) -> None:
    """Let requests into `app` by turns, `places` of them at a time."""
    turns = app.extensions[KEY] = Turns(places)
    app.wsgi_app = Entrance(app, app.wsgi_app, turns, refusals)  # type: ignore[method-assign]


def turns_of(app: Flask) -> Turns:
    """The turns by which requests are let into an application."""
    found: Turns = app.extensions[KEY]
    return found


class Entrance:
    """WSGI: one line for each person who is signed in, and one for the strangers of each address."""

    def __init__(self, app: Flask, inner: "WSGIApplication", turns: Turns, refusals: Mapping[Busy, Refusal]) -> None:
        self._app, self._inner, self._turns, self._refusals = app, inner, turns, refusals
        self._seal = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._past = {name: threading.Semaphore(count) for name, count in PAST_THE_LINES.items()}
        self._drains = threading.Semaphore(DRAINS)
        self._streams = threading.Semaphore(STREAMS)
        self._handles: dict[str, str] = {}
        self._people: dict[str, str] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        route = self._route(environ)
        past = self._past.get(route)
        if past is not None and past.acquire(blocking=False):
            return self._answer(environ, start_response, past.release)
        handle = self._handle(environ)
        sends = environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
        who = self._people.get(handle, handle) or str(environ.get("REMOTE_ADDR", ""))
        try:
            kind = cost_of(self._app.view_functions.get(route))
            turn = self._turns.join(Caller(who, many=not handle), kind, sends=sends)
            self._turns.wait(turn)
        except Overload as refusal:
            return self._refuse(environ, start_response, Busy(own=refusal.own, sends=sends))
        try:
            return self._answer(environ, start_response, lambda: self._turns.end(turn))
        finally:
            self._remember(handle, environ)

    def _route(self, environ: "WSGIEnvironment") -> str:
        try:
            return str(self._app.url_map.bind_to_environ(environ).match()[0])
        except HTTPException:
            return ""

    def _handle(self, environ: "WSGIEnvironment") -> str:
        """The handle of a session, if the cookie is of our making; whether it lasts is for the application to say."""
        sealed = parse_cookie(environ.get("HTTP_COOKIE", "")).get(self._cookie, "")
        if not sealed or sealed in self._handles:
            return self._handles.get(sealed, "")
        try:
            handle = str(self._seal.loads(sealed).get("_user_id", ""))
        except (BadData, AttributeError):
            return ""
        return _kept(self._handles, sealed, handle)

    def _remember(self, handle: str, environ: "WSGIEnvironment") -> None:
        """All sessions of a person stand in one line."""
        person = environ.get(PERSON)
        if person and self._people.get(handle) != person:
            _kept(self._people, handle, str(person))

    def _answer(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", over: Callable[[], None]
    ) -> Iterable[bytes]:
        """The application's answer; its place is free when it is made, or on its way."""
        ended = Sending((), over)
        length = ""

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal length
            length = next((value for name, value in headers if name.lower() == "content-length"), "")
            return start_response(status, headers, *rest)

        try:
            content = self._inner(environ, started)
            if length.isdigit() and int(length) <= WHOLE:
                return [b"".join(Sending(content, ended.close))]
        except BaseException:
            ended.close()
            raise
        if not self._streams.acquire(blocking=False):
            return Sending(content, ended.close)
        ended.close()
        return Sending(content, self._streams.release)

    def _refuse(self, environ: "WSGIEnvironment", start_response: "StartResponse", why: Busy) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH", ""))
        if length.isdigit() and int(length) <= DRAINED and self._drains.acquire(blocking=False):
            try:
                while environ["wsgi.input"].read(65_536):
                    pass
            finally:
                self._drains.release()
        refusal = self._refusals[why]
        start_response(refusal.status, list(refusal.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [refusal.body]


def _kept(known: dict[str, str], key: str, value: str) -> str:
    """Remember it for the next requests; all is forgotten when it becomes much."""
    if len(known) >= SESSIONS_KEPT:
        known.clear()
    known[key] = value
    return value
