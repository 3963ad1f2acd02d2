"""Every page, rendered from an example and read as a strict parser reads it (whole-application guard of the pages)."""

import importlib
import inspect
import itertools
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.web.environment import HUB, template_folders
from hub.web.pages import Page
from tests.factories.pages import examples

NAMES = sorted(examples())


def parsed(html: str) -> Element:
    """The page's tree. Raises ParseError for anything that HTML5 calls an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def headings(tree: Element) -> list[int]:
    return [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]


def width_of(row: Element) -> int:
    """Columns that a row of a table fills."""
    return sum(int(cell.get("colspan", "1")) for cell in row)


def all_pages() -> set[type[Page]]:
    """The page classes of all features."""
    for path in HUB.rglob("*pages.py"):
        importlib.import_module(".".join(("hub", *path.relative_to(HUB).with_suffix("").parts)))
    found, open_ = set(), [Page]
    while open_:
        for child in open_.pop().__subclasses__():
            # with slots=True the decorator makes the class anew; the first one stays behind without a template's fields
            if child.template and getattr(inspect.getmodule(child), child.__name__, None) is child:
                found.add(child)
            open_.append(child)
    return found


def test_the_parser_refuses_what_browsers_would_guess_at() -> None:
    for html in (
        "<p>no doctype",
        "<!DOCTYPE html><title>x</title><p><div></p></div>",
        "<!DOCTYPE html><title>x</title><b>x",
    ):
        with pytest.raises(html5lib.html5parser.ParseError):
            parsed(html)


def test_nobody_adds_a_page_without_an_example() -> None:
    assert {page.__name__ for page in all_pages()} == {type(page).__name__ for page in examples().values()}


def test_nobody_leaves_a_template_that_no_page_uses() -> None:
    used = {page.template for page in all_pages()}
    shared = {"layout/base.html", "layout/parts.html", "layout/forms.html", "writing/parts.html", "admin/parts.html"}
    shared |= {
        "layout/components.html",
        "admin/base.html",
        "documents/parts.html",
        "sharing/parts.html",
        "spaces/head.html",
        "talk/event-parts.html",
        "talk/parts.html",
        "conduct/parts.html",
        "talk/rows.html",
        "people/cards.html",
        "layout/kept.html",
        "layout/errors/busy.html",  # made once at start, for everybody
        "layout/picture.html",
        "audience/gain.html",
        "find/hits.html",
        "people/parts.html",
        "demo/tour.html",
        "demo/parts.html",
    }
    # the demo's issuers are a program of their own
    issuers = {f"issuers/{name}.html" for name in ("base", "choose", "leave", "left", "problem")}
    apart = shared | issuers | {"layout/errors/failsafe.html"}
    there = {path.relative_to(folder).as_posix() for folder in template_folders() for path in folder.rglob("*.html")}
    assert there - apart == used


@pytest.mark.parametrize("name", NAMES)
def test_ann_gets_a_page_that_any_browser_reads_alike(client: FlaskClient, name: str) -> None:
    html = client.get(f"/examples/{name}").text
    tree = parsed(html)
    # the summary of a refused form stands before the page's own heading, as on GOV.UK
    levels = headings(tree)["There is a problem" in html :]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
            for target in (element.get(attribute) or "").split():
                assert target in ids, (element.tag, attribute, target)
        if element.tag == "a" and (element.get("href") or "").startswith("#"):
            assert (element.get("href") or "")[1:] in ids
    assert tree.find("head/title").text.strip()
    assert len(list(tree.iter("main"))) == 1
    for table in tree.iter("table"):
        heads = len(list(table.iterfind("thead/tr/th")))
        assert all(width_of(row) == heads for row in table.iterfind("tbody/tr")) or not heads


@pytest.mark.parametrize("name", NAMES)
def test_no_page_needs_an_inline_script_or_style(client: FlaskClient, name: str) -> None:
    """What the content security policy forbids is not there in the first place."""
    for element in parsed(client.get(f"/examples/{name}").text).iter():
        assert element.tag != "style"
        assert element.tag != "script" or element.get("src")
        assert not [key for key in element.attrib if key == "style" or str(key).startswith("on")]
        assert not (element.get("href") or "").startswith("javascript:")


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_changes_something_carries_the_token(client: FlaskClient, name: str) -> None:
    for form in parsed(client.get(f"/examples/{name}").text).iter("form"):
        tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token"]
        assert len(tokens) == (1 if form.get("method") == "post" else 0)


def test_a_space_lies_in_its_organisation_and_not_in_itself(client: FlaskClient) -> None:
    lines = {}
    for name in ("space", "folder", "document"):
        found = next(
            one for one in parsed(client.get(f"/examples/{name}").text).iter() if one.get("class") == "hub-title__whose"
        )
        lines[name] = "".join(found.itertext())
    assert lines == {
        "space": "Space of Leeds City Council",
        "folder": "Folder in Flood plan, Leeds City Council",
        "document": "Document in Flood plan, Leeds City Council",
    }


def test_a_long_text_begins_with_its_contents_and_a_short_one_with_itself(client: FlaskClient) -> None:
    html = client.get("/examples/document-long").text
    assert '<li><a class="govuk-link" href="#h-part-3-more">Part 3 &amp; more</a></li>' in html
    assert '<h2 id="h-part-3-more">' in html
    assert "Contents" not in client.get("/examples/document").text


def test_a_long_facet_folds_but_never_over_what_was_chosen(client: FlaskClient) -> None:
    tree = parsed(client.get("/examples/search-many-spaces").text)
    folded = next(one for one in tree.iter("details") if "hub-facet__more" in (one.get("class") or ""))
    assert folded.get("open") is not None, "Space 9 is chosen"
    assert "7 more" in "".join(folded.itertext())
    assert len(list(folded.iter("input"))) == 7
    assert "hub-facet__more" not in client.get("/examples/search").text
    assert '<details class="hub-more hub-facet__more"><summary>4 more' in client.get(
        "/examples/search-many-untouched"
    ).text.replace("\n", "")


def test_a_title_that_looks_like_markup_is_shown_as_it_is(client: FlaskClient) -> None:
    html = client.get("/examples/home").text
    assert "weir &lt;draft&gt; &amp; “notes”" in html
    assert "<draft>" not in html


def test_a_search_shows_matches_and_nothing_else_as_markup(client: FlaskClient) -> None:
    html = client.get("/examples/search").text
    assert "This <mark>flood</mark> plan says who does what &lt;b&gt;." in html


def test_a_refused_form_says_so_in_status_title_and_fields(client: FlaskClient) -> None:
    answer = client.get("/examples/upload-refused")
    assert answer.status_code == 422
    tree = parsed(answer.text)
    assert tree.find("head/title").text.startswith("Error: ")
    field = next(one for one in tree.iter("input") if one.get("name") == "file")
    assert field.get("aria-describedby") == "file-hint file-error"


def test_what_happened_is_said_once_with_its_urgency(client: FlaskClient) -> None:
    tree = parsed(client.get("/flash").text)
    said = [(one.get("role"), "".join(one.itertext()).strip()) for one in tree.iter("div") if one.get("role")]
    assert ("status", "“Flood plan” was saved.") in said
    assert ("alert", "Nothing was deleted.") in said
    assert "Nothing was deleted" not in client.get("/examples/home").text


def test_a_demo_says_so_on_every_page_and_another_hub_never(client: FlaskClient) -> None:
    from tests.hub.web.site import make_site

    real = make_site(demo=False).test_client()
    for name in NAMES:
        assert ">Demo</strong>" in client.get(f"/examples/{name}").text
        assert "Demo" not in real.get(f"/examples/{name}").text


def test_a_template_that_asks_for_what_the_page_lacks_fails_loudly(site: Flask) -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError, match="no_such_field"):
        site.jinja_env.from_string("{{ page.no_such_field }}").render(page=examples()["home"])


def test_only_the_shell_may_call_text_markup() -> None:
    """`|safe` and `Markup(` outside hub/web would let a feature write HTML of its own."""
    offenders = [
        str(path.relative_to(HUB))
        for path in [*HUB.rglob("*.html"), *HUB.rglob("*.py")]
        if re.search(r"\|\s*safe\b|Markup\(|autoescape\s*=\s*False|{%-?\s*autoescape", Path(path).read_text("utf-8"))
        and path.parts[len(HUB.parts)] != "web"
    ]
    assert offenders == []
