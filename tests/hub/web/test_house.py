"""A hub in its own colours: readable whatever colour was let in, by day and by night, kept like every static file."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from config.colour import READABLE, WHITE, Colour, own_colour
from hub.web.house import house_of
from hub.web.pages import Site
from tests.browser import axe_findings, serving, window
from tests.config.test_look import SVG
from tests.hub.web.site import make_site

INK, CARD_BY_NIGHT = Colour.read("#14201f"), Colour.read("#182223")
HUES = ("#4b2e83", "#7a1f1f", "#5c6b00")
SHOWN = ("home", "search", "document", "sign-in", "tour-searches", "members")


def said(css: str) -> list[dict[str, Colour]]:
    """The tokens by day and by night."""
    return [
        {name: Colour.read(value) for name, value in re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", block)}
        for block in re.findall(r":root\{([^}]*)\}", css)
    ]


def allowed(text: str) -> bool:
    try:
        own_colour(text)
    except ValueError:
        return False
    return True


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}").filter(allowed))
@settings(max_examples=60, deadline=None)
def test_whatever_colour_was_let_in_everything_on_it_can_be_read(text: str) -> None:
    _, assets = house_of(Site(colour=text))
    day, night = said(assets[0].body.decode())
    for tokens in (day, night):
        for filled in ("hub-header", "hub-button", "hub-button-hover"):
            assert tokens[filled].contrast(WHITE) >= READABLE, (text, filled)
        assert tokens["hub-accent"].contrast(INK) >= READABLE
        assert tokens["hub-accent"].contrast(tokens["hub-header"]) >= 3, text
    assert day["hub-hero"].contrast(INK) >= 7
    assert night["hub-hero"].contrast(WHITE) >= 7
    assert night["govuk-brand-colour"].contrast(CARD_BY_NIGHT) >= READABLE


def client_of(**look: object) -> FlaskClient:
    return make_site(**look).test_client()  # type: ignore[arg-type]


def test_the_hub_as_it_comes_needs_no_sheet_of_its_own() -> None:
    html = client_of().get("/examples/home").text
    assert "house.css" not in html
    assert 'media="(prefers-color-scheme: light)" content="#0e3b3d"' in html


def test_helen_s_colour_is_on_every_page_in_header_icon_and_browser_frame() -> None:
    client = client_of(colour="#4b2e83")
    html = client.get("/examples/home").text
    href = re.search(r'href="(/static/[0-9a-f]{16}/house\.css)"', html)
    icon = re.search(r'href="(/static/[0-9a-f]{16}/icon\.svg)"', html)
    assert href
    assert icon
    answer = client.get(href[1])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--hub-header:#4b2e83" in answer.text
    assert 'fill="#4b2e83"' in client.get(icon[1]).text
    assert 'media="(prefers-color-scheme: light)" content="#4b2e83"' in html
    assert "favicon.ico" not in html, "it is in the colours of the hub as it comes"
    assert href[1] in client.get("/raise/broken").text, "also where nothing else works"
    other = client_of(colour="#005a9c").get("/examples/home").text
    assert href[1] not in other, "another colour has another address"


def test_a_logo_stands_for_the_name_and_says_it_to_those_who_listen(tmp_path: Path) -> None:
    logo = tmp_path / "council.svg"
    logo.write_text(SVG)
    client = client_of(logo=logo)
    html = client.get("/examples/home").text
    found = re.search(r'<img class="hub-header__logo" src="(/static/[^"]+/logo\.svg)" alt="Knowledge Hub">', html)
    assert found
    answer = client.get(found[1])
    assert answer.text == SVG
    assert answer.content_type == "image/svg+xml"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_other_houses_colours(chromium: Browser, scheme: str) -> None:
    found = {}
    for colour in HUES:
        with (
            serving(make_site(colour=colour)) as address,
            window(chromium, viewport={"width": 1280, "height": 900}, color_scheme=scheme) as page,
        ):
            for name in SHOWN:
                page.goto(f"{address}/examples/{name}")
                if findings := axe_findings(page, rules=("color-contrast",)):
                    found[colour, name] = findings
    assert found == {}
