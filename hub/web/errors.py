"""Every error as a page: what happened and what to do, never how the hub is built.

404 is one page for what is absent and what is forbidden: it is made from the viewer alone, holds no form and no
nonce, and does not touch the session. 500 is bytes made at start: it needs no template, database or viewer.
A form that could not be taken comes back with each of them, to whoever sent it (`hub/web/kept.py`).
"""

import errno
import logging
from functools import partial
from typing import Final

from flask import Flask, Response
from flask_wtf.csrf import CSRFError
from jinja2 import Template
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable, TooManyRequests

from hub.ground import errors
from hub.ground.ids import new_id
from hub.web.environment import ViewerSource
from hub.web.kept import OtherPerson, SentBefore, SignedOut, kept
from hub.web.own_pages import ErrorPage, NotFoundPage
from hub.web.pages import Action, Site
from hub.web.render import render

_LOG = logging.getLogger(__name__)
RETRY_SECONDS: Final = 30

_HOME: Final = (Action("Go to your home page", "/", primary=True), Action("Search", "/search"))
_TEXTS: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    400: ("That did not work", ("The hub could not make sense of what your browser sent. Go back and try again.",)),
    403: ("You cannot do that here", ("You may see this, but not do that to it.",)),
    405: ("That did not work", ("This address cannot be used in that way. Go back and try again.",)),
    409: ("Nothing was changed", ("This was changed meanwhile. Open the page again and look at it as it is now.",)),
    413: ("The file is too large", ("It is larger than this hub takes. Nothing was saved.", "Upload a smaller file.")),
    416: ("There is no such part", ("The file is shorter than that. Download it anew.",)),
    429: ("Too many tries", ("You tried more often than the hub allows. Wait a minute, then try again.",)),
    503: ("Not available just now", ("A part of the hub is not answering. Nothing that was saved before is lost.",
                                     "Try again in a minute.")),
}  # fmt: skip
_FORGED: Final = (
    "This form is out of date",
    ("The page was open for a long time, or you signed in again meanwhile. Nothing was saved.",
     "Open the page again from where you came, and send the form from there."),
)  # fmt: skip
_MANY: Final = ("That was a lot at once", ("",))
_SIGNED_OUT: Final = (
    "Sign in again to go on",
    ("You are not signed in any more: you signed out in another window, or were away for a long time.",),
)  # fmt: skip
_OTHER_PERSON: Final = (
    "Somebody else is signed in",
    ("This form was opened by somebody else in this browser, who signed out since. Nothing was saved in your name.",),
)  # fmt: skip
_KEPT: Final = "Nothing that you wrote is lost: it is below. Nothing of it is saved yet."
_SEALED: Final = (
    "What they wrote is not lost, and not shown to you: it is sealed in this page. They can sign in in another window, "
    "come back to this one and go on."
)
_NO_ROOM: Final = (
    "There is no room left",
    ("A disk of the hub is full, so what you sent was not saved. Everything that was saved before is still there.",
     "Tell the people who look after the hub, and try again when they have made room."),
)  # fmt: skip
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_DATABASE: Final = ("disk is full", "No space left on device")
"""What SQLite and PostgreSQL say."""
_NOT_FOUND: Final = 404
_REFUSALS: Final = {403, 409}
"""What trying again, or telling the people who look after the hub, does not mend."""


def init_errors(app: Flask, *, site: Site, viewer: ViewerSource, down: tuple[type[Exception], ...] = ()) -> None:
    """Answer every error of `app` with a page of ours.

    `down` names errors of libraries that mean that a part is not answering (a database's OperationalError): 503.
    """
    answers = _Answers(site, viewer, app.jinja_env.get_template("layout/errors/failsafe.html"))
    app.register_error_handler(_NOT_FOUND, answers.not_found)
    app.register_error_handler(errors.NotFound, answers.not_found)
    app.register_error_handler(503, answers.unavailable)
    app.register_error_handler(OSError, answers.os_error)
    silences: tuple[type[Exception], ...] = (errors.Unavailable, *down)
    for silent in silences:
        app.register_error_handler(silent, answers.unavailable)
    for family, status in ((errors.NotPermitted, 403), (errors.Conflict, 409), (errors.Invalid, 400)):
        app.register_error_handler(family, partial(answers.refused, status))
    app.register_error_handler(errors.TooMany, answers.too_many)
    app.register_error_handler(CSRFError, answers.forged)
    app.register_error_handler(SentBefore, answers.forged)
    app.register_error_handler(SignedOut, answers.signed_out)
    app.register_error_handler(OtherPerson, answers.other_person)
    app.register_error_handler(HTTPException, answers.http)
    app.register_error_handler(500, answers.broken)


class _Answers:
    """The handlers, with what they need: the site, who is asking, and the page for when nothing else works."""

    def __init__(self, site: Site, viewer: ViewerSource, failsafe: Template) -> None:
        self._site, self._viewer, self._template = site, viewer, failsafe
        self._failsafe = failsafe.render(kept=None).encode()

    def not_found(self, _error: Exception) -> Response:
        person = self._viewer()
        page = NotFoundPage(
            organisation=person.organisation if person else "",
            contact=self._contact(),
            signed_in=person is not None,
            kept=kept(again=False),
        )
        return render(page, _NOT_FOUND)

    def refused(self, status: int, error: Exception) -> Response:
        return self._page(status, _TEXTS[status], said=str(error))

    def too_many(self, error: errors.TooMany) -> Response:
        response = self._page(TooManyRequests.code, _MANY, said=str(error))
        response.headers["Retry-After"] = str(error.seconds)
        return response

    def forged(self, _error: Exception) -> Response:
        return self._page(403, _FORGED)

    def signed_out(self, _error: Exception) -> Response:
        return self._page(403, _SIGNED_OUT)

    def other_person(self, _error: Exception) -> Response:
        return self._page(403, _OTHER_PERSON)

    def http(self, error: HTTPException) -> Response:
        status = error.code or 500
        response = self._page(status, _TEXTS.get(status, _TEXTS[400]))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        if isinstance(error, RequestedRangeNotSatisfiable):
            response.headers["Content-Range"] = f"bytes */{error.length}"
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after or RETRY_SECONDS)
        return response

    def unavailable(self, error: Exception) -> Response:
        reason = getattr(error, "orig", None) or error  # of a database's error not its statement, which holds words
        full = isinstance(error, errors.NoRoom) or any(text in str(reason) for text in _FULL_DATABASE)
        _LOG.error("%s: %s: %s", "NO ROOM LEFT" if full else "not available", type(error).__name__, reason)
        try:
            response = self._page(503, _NO_ROOM if full else _TEXTS[503])
        except Exception:  # noqa: BLE001 - what is down may be what tells who is asking; the log gets both errors
            response = self.broken(error, 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def os_error(self, error: OSError) -> Response:
        """Without room for what is sent, as where large files rest while they are read, that is said."""
        return self.unavailable(errors.NoRoom(error.strerror)) if error.errno in _FULL else self.broken(error)

    def broken(self, error: Exception, status: int = 500) -> Response:
        reference = new_id()
        _LOG.error("internal error, reference %s", reference, exc_info=getattr(error, "original_exception", error))
        body = self._with_what_was_sent().replace(b"REFERENCE", reference.encode())
        return Response(body, status=status, content_type="text/html; charset=utf-8")

    def _with_what_was_sent(self) -> bytes:
        try:
            sent = kept()
            return self._template.render(kept=sent).encode() if sent else self._failsafe
        except Exception:  # noqa: BLE001 - a page without it is better than none
            _LOG.warning("what was sent cannot be given back", exc_info=True)
            return self._failsafe

    def _page(self, status: int, text: tuple[str, tuple[str, ...]], said: str = "") -> Response:
        title, sentences = text
        if said:
            sentences = (_sentence(said), *sentences[1:])
        sent = kept()
        if sent is not None and sent.sealed:
            sentences = (sentences[0], _SEALED)
        elif sent is not None:
            sentences = (sentences[0].partition(" Go back")[0], _KEPT)
        page = ErrorPage(
            title=title,
            status=status,
            sentences=sentences,
            contact=self._contact(),
            lasts=status not in _REFUSALS,
            links=_HOME if self._viewer() and sent is None else (),
            kept=sent,
        )
        return render(page, status)

    def _contact(self) -> str:
        person = self._viewer()
        return person.contact if person and person.contact else self._site.contact


def _sentence(text: str) -> str:
    """What a service said, closed by a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
