"""The help pages: open to everyone, signed in or not."""

from datetime import date
from urllib.parse import quote

from flask import Blueprint, Flask, Response

from hub.web.own_pages import AccessibilityPage, CookieRow, CookiesPage, TakingPartPage
from hub.web.pages import Site
from hub.web.render import render

LETTER = "Our organisation:\r\nWho looks after sign-in there:\r\nHow to reach me:\r\n"
"""How a letter of somebody begins whose organisation wants to take part (RFC 6068, section 5)."""


def init_help(app: Flask, *, site: Site, cookies: tuple[CookieRow, ...], prepared: date) -> None:
    """Serve `/help/accessibility-statement`, `/help/cookies` and `/help/taking-part` (blueprint `help`)."""
    blueprint = Blueprint("help", __name__, url_prefix="/help")

    @blueprint.get("/accessibility-statement")
    def accessibility_statement() -> Response:
        return render(AccessibilityPage(site=site.name, contact=site.contact, prepared=prepared))

    @blueprint.get("/cookies")
    def cookies_page() -> Response:
        return render(CookiesPage(cookies=cookies))

    @blueprint.get("/taking-part")
    def taking_part() -> Response:
        begun = f"?subject={quote(f'We want to take part in {site.name}')}&body={quote(LETTER)}"
        return render(
            TakingPartPage(
                contact=site.contact,
                write_href=f"mailto:{site.contact}{begun}" if site.contact else "",
                tour_href="/demo" if site.demo else "",
            )
        )

    app.register_blueprint(blueprint)
