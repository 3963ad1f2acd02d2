"""Every error as a page: what happened and what to do, never what was sent, never how the hub is built.

404 is one page for what is absent and what is forbidden: it is made from the viewer alone, holds no form and no
nonce, and does not touch the session. 500 is bytes made at start: it needs no template, database or viewer.
"""

import logging
from typing import Final

from flask import Flask, Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from hub import errors
from hub.ids import new_id
from hub.web.environment import ViewerSource
from hub.web.pages import Action, ErrorPage, NotFoundPage, Page, Site
from hub.web.render import render

_LOG = logging.getLogger(__name__)
RETRY_SECONDS: Final = 30

_HOME: Final = (Action("Go to your home page", "/"), Action("search", "/search"))
_TEXTS: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    400: ("That did not work", ("The hub could not make sense of what your browser sent. Go back and try again.",)),
    403: ("You cannot do that here", ("You may see this, but not do that to it.",)),
    405: ("That did not work", ("This address cannot be used in that way. Go back and try again.",)),
    409: ("Somebody else was first", ("This was changed meanwhile. Go back, reload the page and try again.",)),
    413: ("The file is too large", ("It is larger than this hub takes. Nothing was saved.", "Upload a smaller file.")),
    429: ("Too many tries", ("You tried more often than the hub allows. Wait a minute, then try again.",)),
    503: ("Not available just now", ("A part of the hub is not answering. Nothing that was saved before is lost.",
                                     "Try again in a minute.")),
}  # fmt: skip
_FORGED: Final = (
    "This form is out of date",
    ("The page was open for a long time, or you signed in again meanwhile. Nothing was saved.",
     "Go back, reload the page and send the form again."),
)  # fmt: skip
_NOT_FOUND: Final = 404


def init_errors(app: Flask, *, site: Site, viewer: ViewerSource) -> None:
    """Answer every error of `app` with a page of ours."""
    failsafe = app.jinja_env.get_template("layout/errors/failsafe.html").render().encode()

    def contact() -> str:
        person = viewer()
        return person.contact if person and person.contact else site.contact

    def not_found(_error: Exception) -> Response:
        person = viewer()
        page: Page = NotFoundPage(
            organisation=person.organisation if person else "", contact=contact(), signed_in=person is not None
        )
        return render(page, _NOT_FOUND)

    def problem(status: int, text: tuple[str, tuple[str, ...]] | None = None, said: str = "") -> Response:
        title, sentences = text or _TEXTS.get(status, _TEXTS[400])
        sentences = (_sentence(said), *sentences[1:]) if said else sentences
        page = ErrorPage(
            title=title, status=status, sentences=sentences, contact=contact(), links=_HOME if viewer() else ()
        )
        return render(page, status)

    def http(error: HTTPException) -> Response:
        response = problem(error.code or 500)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after or RETRY_SECONDS)
        return response

    def unavailable(_error: Exception) -> Response:
        response = problem(503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def broken(error: Exception) -> Response:
        reference = new_id()
        _LOG.error("internal error, reference %s", reference, exc_info=getattr(error, "original_exception", error))
        body = failsafe.replace(b"REFERENCE", reference.encode())
        return Response(body, status=500, content_type="text/html; charset=utf-8")

    app.register_error_handler(_NOT_FOUND, not_found)
    app.register_error_handler(errors.NotFound, not_found)
    app.register_error_handler(errors.NotPermitted, lambda error: problem(403, said=str(error)))
    app.register_error_handler(errors.Conflict, lambda error: problem(409, said=str(error)))
    app.register_error_handler(errors.Invalid, lambda error: problem(400, said=str(error)))
    app.register_error_handler(errors.Unavailable, unavailable)
    app.register_error_handler(503, unavailable)
    app.register_error_handler(CSRFError, lambda _error: problem(403, _FORGED))
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(500, broken)


def _sentence(text: str) -> str:
    """What a service said, closed by a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
