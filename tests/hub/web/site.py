"""A small application of the real `hub.web`, showing the examples: nothing of it is replaced."""

from datetime import date
from pathlib import Path

import flask
from cryptography.fernet import Fernet
from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect

from hub.ground import errors
from hub.ground.keys import Keys
from hub.web.form_tokens import FormTokens
from hub.web.pages import Site, Viewer
from hub.web.render import render
from hub.web.setup import init_web
from tests.factories.page_values import SAM
from tests.factories.pages import OFFERS, SIGNED_OUT, examples


def make_site(
    *,
    demo: bool = True,
    https: bool = False,
    contact: str = "help@hub.example",
    colour: str = "",
    logo: Path | None = None,
) -> Flask:
    """The application: `/examples/<name>`, `/flash`, `/raise/<name>` and what `init_web` adds."""
    app = Flask("tests.hub.web.site", static_folder=None)
    app.secret_key = "tests only"
    CSRFProtect(app)
    pages = examples()

    def viewer() -> Viewer | None:
        arguments = flask.request.view_args or {}
        if arguments.get("name") in SIGNED_OUT or "stranger" in flask.request.args:
            return None
        return SAM

    site = Site("Knowledge Hub", demo=demo, contact=contact, colour=colour, logo=logo)
    tokens = FormTokens(Keys(("tests only",), (Fernet.generate_key().decode(),)), lambda: "sam" if viewer() else "")
    day = date(2026, 11, 22)
    init_web(app, site=site, viewer=viewer, cookies=(), prepared=day, https=https, tokens=tokens, down=(TimeoutError,))

    app.extensions["hub.web.drafts"] = lambda _page: OFFERS.get((flask.request.view_args or {}).get("name", ""))

    @app.get("/examples/<string:name>")
    def example(name: str) -> Response:
        if name not in pages:
            raise errors.NotFound(name)
        return render(pages[name])

    @app.get("/flash")
    def flash() -> Response:
        flask.flash("“Flood plan” was saved.", "success")
        flask.flash("Nothing was deleted.", "error")
        flask.flash("The index is a second behind.")
        return render(pages["home"])

    @app.get("/planted")
    def planted() -> str:
        """Everything that the checks of a page must notice."""
        return (
            '<!DOCTYPE html><html><head><title>x</title></head><body onload="alert(1)"><h1>A</h1><h3>B</h3>'
            '<p><font color="#dddddd">faint</font></p><input name="unnamed">'
            '<table width="900"><tr><td>wide</td></tr></table>'
            "<script>document.title = 'ran'</script></body></html>"
        )

    @app.get("/download")
    def download() -> Response:
        return Response(b"<script>alert(1)</script>", headers={"Content-Disposition": "attachment; filename=a.html"})

    @app.post("/send")
    def send() -> Response:
        return render(pages["home"])

    @app.get("/raise/<string:name>")
    def fail(name: str) -> Response:
        problems: dict[str, Exception] = {
            "not-found": errors.NotFound("canary-of-the-exception"),
            "not-permitted": errors.NotPermitted("Only editors of Flood plan may change it"),
            "conflict": errors.Conflict("Ann Lee changed this document a minute ago"),
            "invalid": errors.Invalid("The page is a whole number", field="page"),
            "unavailable": errors.Unavailable("http://elastic:secret@10.0.0.1:9200 refused"),
            "down": TimeoutError("10.0.0.1 did not answer"),
            "broken": RuntimeError("canary-of-the-exception"),
        }
        if name in problems:
            raise problems[name]
        flask.abort(int(name))

    return app
