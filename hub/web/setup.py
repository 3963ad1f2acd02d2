"""Everything of `hub.web` put into an application, in order."""

from datetime import date

from flask import Flask

from hub.web.csp import init_headers
from hub.web.environment import ViewerSource, init_templates
from hub.web.errors import init_errors
from hub.web.fields import init_fields
from hub.web.form_tokens import FormTokens
from hub.web.help import init_help
from hub.web.kept import init_kept
from hub.web.own_pages import CookieRow
from hub.web.pages import Site


def init_web(
    app: Flask,
    *,
    site: Site,
    viewer: ViewerSource,
    cookies: tuple[CookieRow, ...],
    prepared: date,
    https: bool,
    tokens: FormTokens,
    down: tuple[type[Exception], ...] = (),
) -> None:
    """Give `app` (made with `static_folder=None`; CSRF protection is the caller's) templates, headers, errors, help.

    `prepared` is the day on which the accessibility statement was last looked at; `tokens` seals forms; `down` are
    errors of libraries that mean that a part is not answering.
    """
    init_templates(app, site=site, viewer=viewer)
    init_headers(app, https=https)
    init_fields(app)
    init_kept(app, tokens)
    init_errors(app, site=site, viewer=viewer, down=down)
    init_help(app, site=site, cookies=cookies, prepared=prepared)
