"""The help pages: open to everyone, signed in or not."""

from datetime import date

from flask import Blueprint, Flask, Response

from hub.web.pages import AccessibilityPage, CookieRow, CookiesPage, Site
from hub.web.render import render


def init_help(app: Flask, *, site: Site, cookies: tuple[CookieRow, ...], prepared: date) -> None:
    """Serve `/help/accessibility-statement` and `/help/cookies` (blueprint `help`)."""
    blueprint = Blueprint("help", __name__, url_prefix="/help")

    @blueprint.get("/accessibility-statement")
    def accessibility_statement() -> Response:
        return render(AccessibilityPage(site=site.name, contact=site.contact, prepared=prepared))

    @blueprint.get("/cookies")
    def cookies_page() -> Response:
        return render(CookiesPage(cookies=cookies))

    app.register_blueprint(blueprint)
