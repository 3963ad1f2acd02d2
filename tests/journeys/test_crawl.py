"""The crawl that ends every journey is itself shown to catch what it is for: a leak of each kind is planted for it."""

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, redirect, request
from playwright.sync_api import Browser, Page

from tests.browser import serving, window
from tests.journeys.crawl import crawl, finds, finds_nothing

pytestmark = pytest.mark.journey
WORD = "kingfisher"


def page(inside: str) -> str:
    return f"<!doctype html><html lang='en'><title>A hub</title><main>{inside}</main></html>"


def sound() -> Flask:
    """A hub of a few pages, in which nothing leaks."""
    app = Flask("sound", static_folder=None)
    app.add_url_rule("/", "home", lambda: page("<a href='/places/leeds'>Leeds</a><a href='/search?q='>Search</a>"))
    app.add_url_rule("/places/<name>", "place", lambda name: page(f"{name} <a href='/documents/1/file'>plan</a>"))
    app.add_url_rule("/documents/1/file", "file", lambda: packed("nothing"))
    app.add_url_rule("/search", "search", lambda: page(f"No results for “{request.args.get('q', '')}”"))
    return app


def packed(text: str) -> Response:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", f"<w:t>{text}</w:t>" * 40)
    return Response(out.getvalue(), content_type="application/zip")


def replaced(name: str, view: Callable[..., object]) -> Callable[[Flask], object]:
    return lambda app: app.view_functions.__setitem__(name, view)


LEAKS = {
    "on a page two links away": replaced("place", lambda name: page(WORD)),
    "cut in two by a mark": replaced("place", lambda name: page("king<mark>fisher</mark>")),
    "in the name of a link": replaced("home", lambda: page(f"<a href='/places/{WORD}'>more</a>")),
    "in a header": replaced("place", lambda name: (page("Leeds"), {"X-Title": WORD})),
    "within a packed file": replaced("file", lambda: packed(f"king</w:t><w:t>fisher {WORD}")),
    "in where a redirect leads": replaced("place", lambda name: redirect("/search?q=secret")),
    "in a count of the search": replaced("search", lambda: page(f"{int(WORD in request.args.get('q', ''))} results")),
}


@pytest.fixture
def visitor_of(chromium: Browser) -> Iterator[Page]:
    with window(chromium) as opened:
        yield opened


def test_a_hub_that_tells_nothing_passes(visitor_of: Page) -> None:
    with serving(sound()) as url:
        assert finds_nothing(visitor_of, url, [WORD]) >= 5
        with pytest.raises(AssertionError, match="blind"):
            finds(visitor_of, url, WORD)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found_and_its_address_told(visitor_of: Page, leak: str) -> None:
    app = sound()
    LEAKS[leak](app)
    if "redirect" in leak:
        app.view_functions["search"] = lambda: page(WORD if request.args.get("q") == "secret" else "")
    with serving(app) as url:
        found = crawl(visitor_of, url, [WORD])
        assert found.told, leak
        with pytest.raises(AssertionError, match="must not be known"):
            finds_nothing(visitor_of, url, [WORD])


def test_an_address_that_only_somebody_told_is_looked_at_too(visitor_of: Page) -> None:
    app = sound()
    app.add_url_rule("/documents/2", "second", lambda: page(WORD))
    with serving(app) as url:
        assert crawl(visitor_of, url, [WORD]).told == {}
        assert crawl(visitor_of, url, [WORD], told=["/documents/2"]).told == {"/documents/2": "somebody, in words"}


def test_an_error_or_a_link_that_leads_nowhere_fails_the_crawl(visitor_of: Page) -> None:
    app = sound()
    app.view_functions["home"] = lambda: page("<a href='/gone'>gone</a>")
    with serving(app) as url, pytest.raises(AssertionError, match="lead to no page"):
        finds_nothing(visitor_of, url, [WORD])
